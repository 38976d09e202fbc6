"""What a run's record says of the machine and of the programs."""

import os
import platform
import subprocess
import sys


def machine():
    """Cores, memory, kernel and cgroup version."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": pages,
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "cgroup": 2 if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else 1,
    }


def first_line(*command):
    """The first line a command prints, or None when it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0].strip() if lines else None


def versions(locust, prometheus, shop, prom_fetch):
    """The versions of all programs of a run, and the commit of this tree."""
    here = os.path.dirname(os.path.abspath(__file__))
    return {
        "locust": (first_line(locust, "--version") or "").partition(" from ")[0],
        "prometheus": first_line(prometheus, "--version"),
        "shop": first_line(shop, "--version"),
        "prom-fetch": first_line(prom_fetch, "--version"),
        "python": sys.version.split()[0],
        "commit": first_line("git", "-C", here, "describe", "--always", "--dirty"),
    }
