"""Criteria that a load must hold, read from a TOML file; a load that breaks them is stopped.

p95_ms = 500        # of the response times of the last `window`; p50_ms and p99_ms likewise
failures = 0.01     # part of the requests of the last `window` that may fail
window = "10s"
"""

import math
import tomllib
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strainlab import words
from strainlab.errors import Usage, plain

LEAST_REQUESTS = 20


@dataclass(frozen=True)
class Criteria:
    """Upper bounds, None where there is none, judged over the last `window_s` seconds."""

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    failures: float | None = None
    window_s: float = 10.0


def read(text: str) -> Criteria:
    """The criteria of a file, by its path."""
    path = Path(text)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise Usage(f"criteria: {plain(failure)}") from None
    except tomllib.TOMLDecodeError as wrong:
        raise Usage(f"{path}: not TOML: {wrong}") from None
    window = found.pop("window", "10s")
    known = [name for name in Criteria.__dataclass_fields__ if name != "window_s"]
    if not found:
        raise Usage(f"{path}: no criterion: give one of {', '.join(known)}")
    for name, value in found.items():
        if name not in known:
            raise Usage(f'{path}: no such criterion (expected {", ".join(known)}, window): "{name}"')
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise Usage(f'{path}: {name}: not a number from 0: "{value}"')
    return Criteria(**found, window_s=words.seconds(str(window)))


def quantile(sorted_values: list[float], q: float) -> float:
    """Type 7 of Hyndman and Fan (1996), as everywhere in strain."""
    at = (len(sorted_values) - 1) * q
    low = math.floor(at)
    high = min(low + 1, len(sorted_values) - 1)
    return sorted_values[low] + (at - low) * (sorted_values[high] - sorted_values[low])


class Window:
    """The requests of the last seconds, and which criterion they break."""

    def __init__(self, criteria: Criteria) -> None:
        self.criteria = criteria
        self.requests: deque[tuple[float, float, bool]] = deque()
        self.since: float | None = None

    def add(self, time: float, milliseconds: float, failed: bool) -> None:
        self.requests.append((time, milliseconds, failed))

    def broken(self, now: float) -> dict[str, Any] | None:
        """The first criterion that the whole window breaks; None while the window is not full, or has few requests."""
        if self.since is None:
            self.since = now
        while self.requests and self.requests[0][0] < now - self.criteria.window_s:
            self.requests.popleft()
        if now - self.since < self.criteria.window_s or len(self.requests) < LEAST_REQUESTS:
            return None
        for name, value in measured(self.requests).items():
            bound = getattr(self.criteria, name)
            if bound is not None and value > bound:
                return {"criterion": name, "bound": bound, "value": round(value, 6), "time": round(now, 3)}
        return None


def measured(requests: "deque[tuple[float, float, bool]]") -> dict[str, float]:
    times = sorted(milliseconds for _, milliseconds, _ in requests)
    quantiles = {f"p{round(q * 100)}_ms": quantile(times, q) for q in (0.5, 0.95, 0.99)}
    return quantiles | {"failures": sum(failed for _, _, failed in requests) / len(requests)}
