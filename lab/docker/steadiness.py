"""Whether a steady phase was steady: the rule that a run must pass before its steady phase is a baseline.

A phase is cut into halves. It is steady when

    requests a second differ by at most RATE_DRIFT of their mean,
    median response times differ by at most TIME_DRIFT of the smaller one, or by at most TIME_FLOOR_MS,
    and at most FAILURES of all requests failed.

Times are those at which requests were sent, so that a stall shows where it was.
"""

import csv
from statistics import median

RATE_DRIFT = 0.25
TIME_DRIFT = 0.5
TIME_FLOOR_MS = 5.0
FAILURES = 0.01
LEAST_REQUESTS = 40


def requests_of(path, start, end):
    """(time, milliseconds, failed) of each request that was sent from `start` up to `end`."""
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sent = float(row["timestamp"])
            if start <= sent < end:
                failed = bool(row["exception"]) or not 200 <= int(float(row["status_code"] or 0)) < 400
                yield sent, float(row["response_time_ms"]), failed


def judge(requests, start, end):
    """What the rule sees in a phase, and its verdict."""
    middle = (start + end) / 2
    found = list(requests)
    halves = [[r for r in found if r[0] < middle], [r for r in found if r[0] >= middle]]
    if min(map(len, halves)) < LEAST_REQUESTS / 2:
        return {"steady": False, "why": f"fewer than {LEAST_REQUESTS} requests", "requests": len(found)}
    rates = [len(half) / ((end - start) / 2) for half in halves]
    times = [median(r[1] for r in half) for half in halves]
    failures = sum(r[2] for r in found) / len(found)
    rate_drift = abs(rates[1] - rates[0]) / (sum(rates) / 2)
    why = []
    if rate_drift > RATE_DRIFT:
        why.append(f"requests a second drift by {rate_drift:.0%}")
    if abs(times[1] - times[0]) > max(TIME_FLOOR_MS, TIME_DRIFT * min(times)):
        why.append(f"the median response time drifts from {times[0]:g} ms to {times[1]:g} ms")
    if failures > FAILURES:
        why.append(f"{failures:.1%} of the requests failed")
    return {
        "steady": not why,
        "why": ", ".join(why) or None,
        "requests": len(found),
        "requests_a_second": [round(rate, 3) for rate in rates],
        "median_ms": times,
        "failures": round(failures, 6),
    }
