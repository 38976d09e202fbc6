"""What a run's record says of the machine and of the programs."""

import os
import platform
import subprocess
import sys
from pathlib import Path


def machine() -> dict[str, object]:
    """Cores, memory, processor, kernel and cgroup version."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "processor": processor(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "cgroup": 2 if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else 1,
    }


def processor() -> str | None:
    """The model, as the kernel names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else None


def first_line(*command: object) -> str | None:
    """The first line a command prints, or None when it cannot be run."""
    try:
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0].strip() if lines else None


def versions(**programs: object) -> dict[str, str | None]:
    """The versions of the programs of a run, by name, and the commit of this tree."""
    here = os.path.dirname(os.path.abspath(__file__))
    found = {name.replace("_", "-"): first_line(program, "--version") for name, program in programs.items()}
    return {
        # Locust names its folder too.
        **{name: version and version.partition(" from ")[0] for name, version in found.items()},
        "python": sys.version.split()[0],
        "commit": first_line("git", "-C", here, "describe", "--always", "--dirty"),
    }
