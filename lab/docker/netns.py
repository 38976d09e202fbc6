"""Faults inside a container's network namespace, set by a small container that shares it.

That container holds the fault: it sets it, waits, and takes it back when it is stopped or when its time is over. So
the fault ends even when the program that asked for it was killed. No root on the machine is needed, and the engine may be
elsewhere.
"""

import engine
from engine import DOCKER, PROJECT, Failed, call, docker, setting

NET_IMAGE = setting("NET_IMAGE", "ghcr.io/alexei-led/pumba-alpine-nettools:latest")
PYTHON_IMAGE = setting("PYTHON_IMAGE", "python:3.13-slim")
MARK = "strain-fault"
# Added to the time a holder waits, since whoever asked ends it before that.
SPARE_S = 10


def holder_name(target):
    return f"{PROJECT}-fault-{target}"


def run_words(target, name, image, program, *words):
    """The words after `docker` that start a container in the network of another."""
    return [
        *("run", "--detach", "--name", name, "--label", f"strain.project={PROJECT}"),
        *("--network", f"container:{target}", "--cap-add", "NET_ADMIN", "--entrypoint", program, image, *words),
    ]


def holder_words(target, begin, undo, seconds):
    """The words that start the container which holds a fault."""
    traps = f"trap '{undo}; echo ended' EXIT; trap 'exit 0' TERM INT"
    script = f"{traps}; {begin} || exit 1; echo begun; sleep {seconds + SPARE_S:g} & wait $!"
    return run_words(target, holder_name(target), NET_IMAGE, "sh", "-c", script)


def ask(target, script, watch=None):
    """(exit status, output) of a command in a container's network, faster through a container that is in it already.

    Where there is no such network, since the container is stopped or gone, the status is 125.
    """
    if watch and running(watch):
        status, out, complaint = call([DOCKER, "exec", watch, "sh", "-c", script])
        return status, out + complaint
    words = ["run", "--rm", "--label", f"strain.project={PROJECT}", "--network", f"container:{target}"]
    words += ["--cap-add", "NET_ADMIN", "--entrypoint", "sh", NET_IMAGE, "-c", script]
    status, out, complaint = call([DOCKER, *words])
    return status, out + complaint


def has_netem():
    """Whether the engine's kernel can delay packets by itself."""
    words = ["run", "--rm", "--network", "none", "--cap-add", "NET_ADMIN", "--entrypoint", "tc", NET_IMAGE]
    status, _, complaint = call([DOCKER, *words, "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"])
    if status and "unknown" not in complaint.lower() and "no such file" not in complaint.lower():
        raise Failed(f'netem: cannot tell whether the kernel has it: "{complaint.strip().splitlines()[-1]}"')
    return status == 0


def logged(name, word):
    """The time, as the engine wrote it, of the line `word` in a container's log; None when there is none."""
    status, out, complaint = call([DOCKER, "logs", "--timestamps", name])
    for line in (out + complaint).splitlines() if status == 0 else []:
        when, _, text = line.partition(" ")
        if text.strip() == word:
            return engine.seconds_of(when)
    return None


def running(name):
    status, out, _ = call([DOCKER, "container", "inspect", "--format", "{{.State.Running}}", name])
    return status == 0 and out.strip() == "true"


def remove(name):
    """Stops a container, so that it undoes what it holds, and removes it; one that is not there is as good."""
    call([DOCKER, "stop", "--time", "5", name])
    call([DOCKER, "rm", "--force", "--volumes", name])
    if docker("ps", "--all", "--quiet", "--filter", f"name=^/?{name}$"):
        raise Failed(f'container cannot be removed: "{name}"')
