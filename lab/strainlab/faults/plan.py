"""A fault as it is planned: what begins it, what takes it back, and how to see that it is there."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from strainlab import words
from strainlab.command import call
from strainlab.docker import limits
from strainlab.docker.engine import DOCKER, Facts, docker, inspect

Command = list[str]
# Pumba's stress containers bear it, so that no fault hits them.
STRESS_LABEL = "com.gaiaadm.pumba.skip=true"


@dataclass
class Plan:
    """Commands that make a fault and take it back, and what tells whether it is there."""

    begin: list[Command]
    undo: list[Command]
    present: Callable[[], bool]
    parameters: dict[str, Any]
    how: str
    holders: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    # Reads, once the fault is there, what was really set.
    read_back: Callable[[], Any] = lambda: None
    # For Pumba: the begin command itself lasts as long as the fault.
    lasts: bool = False


@dataclass(frozen=True)
class Asked:
    """What a plan is made for: a kind of fault in a container, for so long, with these parameters."""

    kind: str
    facts: Facts
    machine: Facts
    chosen: dict[str, Any]
    seconds: float
    interface: str
    dry: bool


def command(*parts: object) -> Command:
    return [DOCKER, *map(str, parts)]


def cores_of(facts: Facts, machine: Facts) -> float:
    """Cores that a container may use: its limit, else all of the engine's."""
    return min(limits.read(facts).cpus or math.inf, float(machine["NCPU"]))


def workers_for(facts: Facts, machine: Facts) -> int:
    return math.ceil(cores_of(facts, machine))


def memory_used(facts: Facts) -> int | None:
    """Bytes in use, or None when the engine does not say."""
    status, out, _ = call([DOCKER, "stats", "--no-stream", "--format", "{{.MemUsage}}", facts["Id"]])
    found = re.match(r"([\d.]+)([KMG]?)i?B /", out) if status == 0 else None
    return int(float(found[1]) * words.SIZES[found[2].lower()]) if found else None


def state(facts: Facts) -> Facts:
    """What `docker inspect` says of a container now."""
    return dict(inspect(facts["Id"])["State"])


def is_paused(facts: Facts) -> Callable[[], bool]:
    return lambda: bool(state(facts)["Paused"])


def is_down(facts: Facts) -> Callable[[], bool]:
    return lambda: not state(facts)["Running"]


def stress_runs(image: str) -> bool:
    """Whether one of Pumba's stress containers runs."""
    return bool(docker("ps", "--quiet", "--filter", f"label={STRESS_LABEL}", "--filter", f"ancestor={image}"))
