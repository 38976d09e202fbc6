"""Faults inside a container's network namespace, set by a small container that shares it.

That container holds the fault: it sets it, waits, and takes it back when it is stopped or when its time is over. So
the fault ends even when the program that asked for it was killed. No root on the machine is needed, and the engine
may be elsewhere."""

import re
from collections.abc import Sequence

from strainlab.command import call, reason, setting
from strainlab.docker import engine
from strainlab.docker.engine import DOCKER, HELPER_LABEL, PROJECT
from strainlab.errors import Failed

NET_IMAGE = setting("NET_IMAGE", "ghcr.io/alexei-led/pumba-alpine-nettools:latest")
PYTHON_IMAGE = setting("PYTHON_IMAGE", "python:3.13-slim")
MARK = "strain-fault"
# Added to the time a holder waits, since whoever asked ends it before that.
SPARE_S = 10
NO_NETWORK = 125


def holder_name(target: str) -> str:
    return f"{PROJECT}-fault-{target}"


def run_words(target: str, name: str, image: str, program: str, *words: object) -> list[str]:
    """The words after `docker` that start a container in the network of another."""
    return [
        *("run", "--detach", "--name", name, "--label", HELPER_LABEL),
        *("--network", f"container:{target}", "--cap-add", "NET_ADMIN", "--entrypoint", program, image),
        *map(str, words),
    ]


def holder_words(target: str, begin: str, undo: str, seconds: float) -> list[str]:
    """The words that start the container which holds a fault."""
    traps = f"trap '{undo}; echo ended' EXIT; trap 'exit 0' TERM INT"
    script = f"{traps}; {begin} || exit 1; echo begun; sleep {seconds + SPARE_S:g} & wait $!"
    return run_words(target, holder_name(target), NET_IMAGE, "sh", "-c", script)


def ask(target: str, script: str, watch: str | None = None) -> tuple[int, str]:
    """(exit status, output) of a command in a container's network, faster through a container that is in it already.

    Where there is no such network, since the container is stopped or gone, the status is NO_NETWORK.
    """
    if watch and engine.running(watch):
        status, out, complaint = call([DOCKER, "exec", watch, "sh", "-c", script])
        return status, out + complaint
    words = ["run", "--rm", "--label", HELPER_LABEL, "--network", f"container:{target}"]
    words += ["--cap-add", "NET_ADMIN", "--entrypoint", "sh", NET_IMAGE, "-c", script]
    status, out, complaint = call([DOCKER, *words])
    return status, out + complaint


def rules(target: str, interface: str, watch: str | None = None, marks: Sequence[str] = (MARK,)) -> list[str]:
    """The queueing disciplines and rules of a fault in a container's network; one that is gone has none."""
    status, out = ask(target, f"tc qdisc show dev {interface}; iptables -S; echo asked", watch)
    if "asked" not in out:
        gone = ("no such container", "not running", "cannot join network of a non running")
        if status == NO_NETWORK and any(words in out.lower() for words in gone):
            return []
        raise Failed(f'{target}: cannot see its rules: "{reason(out)}"')
    return [line.strip() for line in out.splitlines() if re.search(f" netem | tbf |{'|'.join(marks)}", line)]


def has_netem() -> bool:
    """Whether the engine's kernel can delay packets by itself."""
    words = ["run", "--rm", "--network", "none", "--cap-add", "NET_ADMIN", "--entrypoint", "tc", NET_IMAGE]
    status, _, complaint = call([DOCKER, *words, "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"])
    if status and "unknown" not in complaint.lower() and "no such file" not in complaint.lower():
        raise Failed(f'netem: cannot tell whether the kernel has it: "{reason(complaint)}"')
    return status == 0


def logged(name: str, word: str) -> float | None:
    """The time, as the engine wrote it, of the line `word` in a container's log; None when there is none."""
    status, out, complaint = call([DOCKER, "logs", "--timestamps", name])
    for line in (out + complaint).splitlines() if status == 0 else []:
        when, _, text = line.partition(" ")
        if text.strip() == word:
            return engine.seconds_of(when)
    return None
