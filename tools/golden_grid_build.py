"""Makes grid-build/tests/golden/stall_expected.csv from the per-request log beside it.

    python tools/golden_grid_build.py          (numpy 2)

stall_requests.csv and stall_stats*.csv were written by Locust 2.47.0: four users with 0.18 s between
requests, against a server that answers in 10 ms, and not at all from its 12th to its 32nd second.
"""
import csv
import math
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent.parent / "grid-build" / "tests" / "golden"
with open(here / "stall_requests.csv", newline="") as f:
    rows = [(float(r["timestamp"]), float(r["response_time_ms"]), bool(r["exception"])) for r in csv.DictReader(f)]

start = math.ceil(min(sent for sent, _, _ in rows))
end = math.ceil(max(sent + took / 1e3 for sent, took, _ in rows))
with open(here / "stall_expected.csv", "w", newline="") as f:
    out = csv.writer(f, lineterminator="\n")
    out.writerow(["time", "rps", "failures", "mean", "p50", "p95", "p99", "in_flight", "stalled"])
    before = 0
    for tick in range(start, end + 1):
        sent = np.array([took for at, took, _ in rows if tick - 1 < at <= tick])
        failed = sum(bad for at, _, bad in rows if tick - 1 < at <= tick)
        now = sum(at <= tick < at + took / 1e3 for at, took, _ in rows)
        answered = sum(tick - 1 < at + took / 1e3 <= tick for at, took, _ in rows)
        stats = [sent.mean(), *np.quantile(sent, [0.5, 0.95, 0.99])] if len(sent) else [""] * 4
        out.writerow([tick, len(sent), failed, *stats, now, int(before > 0 and answered == 0)])
        before = now
