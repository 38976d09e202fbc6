"""The phases of a run: what is planned, what the load generator wrote down as it went, and what was made of it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from strainlab.errors import Failed

FILE = "phases.jsonl"
# Written in place of a phase when criteria were broken and the load was stopped.
STOPPED = "stopped"


@dataclass(frozen=True)
class Phase:
    """One stretch of load: how many users, how they come, and for how long.

    With a `rate`, the load is open: that many tasks a second begin whether or not earlier ones have ended, and `users`
    is how many may be under way at once.
    """

    name: str
    seconds: float
    users: int
    spawn_rate: float
    shape: str = "steady"
    rate: float | None = None


def total(phases: list[Phase]) -> float:
    return sum(phase.seconds for phase in phases)


def as_json(phases: list[Phase]) -> str:
    return json.dumps([asdict(phase) for phase in phases])


def read(run: Path) -> list[dict[str, Any]]:
    """What has begun so far: {"name", "start"} for each phase, "end" at last."""
    path = run / FILE
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def made(run: Path, planned: list[Phase]) -> list[dict[str, Any]]:
    """What was planned, with the times at which each phase really began and ended; a warm-up is left out.

    A load that was stopped because criteria were broken has made the phases up to that moment.
    """
    starts = read(run)
    names = [entry["name"] for entry in starts]
    stopped = STOPPED in names
    wanted = [phase.name for phase in planned][: len(names) - 1] + [STOPPED if stopped else "end"]
    if names != wanted or not stopped and len(names) != len(planned) + 1:
        raise Failed(f"the load went through the phases {', '.join(names) or 'none'}")
    found = []
    for phase, now, then in zip(planned, starts, starts[1:]):
        told = {
            name: value
            for name, value in asdict(phase).items()
            if name not in ("name", "seconds") and value is not None
        }
        found.append({"name": phase.name, "start": now["start"], "end": then["start"], **told})
    return [phase for phase in found if phase["name"] != "warm-up"]
