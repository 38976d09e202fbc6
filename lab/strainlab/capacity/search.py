"""Which rate to try next, and what is read from a level: no load generator in here, so that it can be tested alone.

Rates are doubled until a bound breaks, then the gap between the highest rate that holds and the lowest that does not
is halved on a logarithmic scale, until it is within the tolerance."""

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from strainlab.criteria import quantile
from strainlab.errors import Failed

# How far below the first rate the search goes when that one breaks already.
LEAST_PART = 1 / 64


@dataclass(frozen=True)
class Bounds:
    """What must hold: the 95 % quantile of response times from when tasks were due, and the part that may fail."""

    p95_ms: float
    failures: float


@dataclass(frozen=True)
class Level:
    """What a rate made of the system. `p95_sent_ms` is the figure that a closed load would show: from when requests
    were sent. A task that was due and was never answered within the level counts as failed."""

    rate: float
    answered_per_s: float
    p95_ms: float
    p95_sent_ms: float
    failures: float
    holds: bool

    def row(self) -> dict[str, Any]:
        return {
            name: round(value, 3) if isinstance(value, float) else int(value) for name, value in asdict(self).items()
        }


def measure(rows: Sequence[dict[str, str]], start: float, end: float, rate: float, bounds: Bounds) -> Level:
    """A level from its arrivals: those that were due from `start` up to `end`."""
    mine = [row for row in rows if start <= float(row["due"]) < end]
    wanted = max(len(mine), math.floor(rate * (end - start)) - 1)
    failed = sum(int(row["failed"]) for row in mine) + wanted - len(mine)
    from_due = sorted(float(row["from_due_ms"]) for row in mine)
    sent = sorted(float(row["response_time_ms"]) for row in mine)
    p95 = quantile(from_due, 0.95) if mine else math.inf
    failures = failed / wanted if wanted else 1.0
    return Level(
        rate=rate,
        answered_per_s=sum(row["failed"] == "0" for row in mine) / (end - start),
        p95_ms=p95,
        p95_sent_ms=quantile(sent, 0.95) if mine else math.inf,
        failures=failures,
        holds=p95 <= bounds.p95_ms and failures <= bounds.failures,
    )


def next_rate(levels: Sequence[Level], first: float, most: float, tolerance: float) -> float | None:
    """The rate to try next; None when the limit is known as well as is wanted, or lies above `most`."""
    broken = min((level.rate for level in levels if not level.holds), default=None)
    held = max(
        (level.rate for level in levels if level.holds and (broken is None or level.rate < broken)), default=None
    )
    if broken is None:
        wanted = first if held is None else 2 * held
        return wanted if wanted <= most or held is None else None
    if held is None:
        if broken / 2 < first * LEAST_PART:
            raise Failed(f"the bounds break at {broken:g} tasks a second already: are they those of this system?")
        return broken / 2
    return None if broken <= held * (1 + tolerance) else float(f"{math.sqrt(held * broken):.3g}")


def read_arrivals(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
