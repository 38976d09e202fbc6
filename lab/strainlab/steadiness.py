"""Whether a steady phase was steady: the rule that a run must pass before its steady phase is a baseline.

A phase is cut into halves. It is steady when

    requests a second differ by at most RATE_DRIFT of their mean,
    median response times differ by at most TIME_DRIFT of the smaller one, or by at most TIME_FLOOR_MS,
    and at most FAILURES of all requests failed,

and, where there are former runs of the same load on the same stack, when its rate and its median are as near to the
median of theirs, and its 95 % quantile is at most TAIL_FACTOR times theirs, or TAIL_FLOOR_MS above it: a system that
was crippled before the run is steady too. Times are those at which requests were sent, so a stall shows where it was.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from strainlab import record
from strainlab.criteria import quantile

RATE_DRIFT = 0.25
TIME_DRIFT = 0.5
TIME_FLOOR_MS = 5.0
TAIL_FACTOR = 2.0
TAIL_FLOOR_MS = 50.0
FAILURES = 0.01
LEAST_REQUESTS = 40

Request = tuple[float, float, bool]
Judgement = dict[str, Any]


def requests_of(path: Path, start: float, end: float) -> Iterator[Request]:
    """(time, milliseconds, failed) of each request that was sent from `start` up to `end`; one without a response time
    took none."""
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sent = float(row["timestamp"])
            if start <= sent < end:
                failed = bool(row["exception"]) or not 200 <= int(float(row["status_code"] or 0)) < 400
                yield sent, float(row["response_time_ms"] or 0), failed


def judge(requests: Iterable[Request], start: float, end: float) -> Judgement:
    """What the rule sees in a phase by itself, and its verdict."""
    middle = (start + end) / 2
    found = list(requests)
    halves = [[r for r in found if r[0] < middle], [r for r in found if r[0] >= middle]]
    if min(map(len, halves)) < LEAST_REQUESTS / 2:
        return {"steady": False, "why": f"fewer than {LEAST_REQUESTS} requests", "requests": len(found)}
    rates = [len(half) / ((end - start) / 2) for half in halves]
    times = [median(r[1] for r in half) for half in halves]
    failures = sum(r[2] for r in found) / len(found)
    why = drifts(rates, times)
    if failures > FAILURES:
        why.append(f"{failures:.1%} of the requests failed")
    return {
        "steady": not why,
        "why": ", ".join(why) or None,
        "requests": len(found),
        "requests_a_second": [round(rate, 3) for rate in rates],
        "median_ms": times,
        "p95_ms": round(quantile(sorted(r[1] for r in found), 0.95), 3),
        "failures": round(failures, 6),
    }


def drifts(rates: list[float], times: list[float]) -> list[str]:
    """What differs between two states, in words."""
    why = []
    rate_drift = abs(rates[1] - rates[0]) / (sum(rates) / 2)
    if rate_drift > RATE_DRIFT:
        why.append(f"requests a second drift by {rate_drift:.0%}")
    if abs(times[1] - times[0]) > max(TIME_FLOOR_MS, TIME_DRIFT * min(times)):
        why.append(f"the median response time drifts from {times[0]:g} ms to {times[1]:g} ms")
    return why


def former(runs: Path, like: dict[str, Any]) -> list[Judgement]:
    """The judgements of the runs that were made with the same load on the same stack, limits and machine."""
    found = []
    for path in sorted(runs.glob("*/*/run.json")):
        made = record.read_json(path)
        judgement = made.get("steadiness") or {}
        if "p95_ms" in judgement and conditions(made) == conditions(like):
            found.append(judgement)
    return found


def conditions(made: dict[str, Any]) -> tuple[Any, ...]:
    """What must be equal for two steady phases to be comparable."""
    steady: dict[str, Any] = next((phase for phase in made["phases"] if phase["name"] == "steady"), {})
    engine = (made.get("docker") or {}).get("docker") or {}
    load = {name: steady.get(name) for name in ("users", "spawn_rate", "shape")}
    return (
        made.get("stack"),
        engine.get("compose_config_sha256"),
        made.get("bottleneck"),
        made["machine"].get("cores"),
        (made.get("locust") or {}).get("load_sha256"),
        load,
    )


def against(judgement: Judgement, runs: list[Judgement]) -> Judgement:
    """The judgement, with what former runs of the same load say of it."""
    if not runs or "p95_ms" not in judgement:
        return judgement | {"former_runs": len(runs)}
    rate = median(sum(run["requests_a_second"]) / 2 for run in runs)
    middle = median(sum(run["median_ms"]) / 2 for run in runs)
    tail = median(run["p95_ms"] for run in runs)
    here = sum(judgement["requests_a_second"]) / 2, sum(judgement["median_ms"]) / 2
    why = drifts([rate, here[0]], [middle, here[1]])
    if judgement["p95_ms"] > max(TAIL_FACTOR * tail, tail + TAIL_FLOOR_MS):
        why.append(f"the 95 % quantile is {judgement['p95_ms']:g} ms instead of {tail:g} ms")
    reasons = [judgement["why"]] if judgement["why"] else []
    reasons += [f"against {len(runs)} former runs of this load: {', '.join(why)}"] if why else []
    return judgement | {"steady": not reasons, "why": "; ".join(reasons) or None, "former_runs": len(runs)}
