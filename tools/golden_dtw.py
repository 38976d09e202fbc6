#!/usr/bin/env python3
"""Writes dtw/tests/golden/alignments.tsv: distances and paths of other implementations.

    python3 -m venv .golden
    .golden/bin/pip install numpy==2.3.5 dtaidistance==2.5.1 tslearn==0.10.0 dtw-python==1.9.0
    .golden/bin/python tools/golden_dtw.py

One line per case, its cells parted by tabs: source, settings, query, series, distance, path. Series are numbers
parted by spaces (interleaved where dims > 1), a path is `i,j` pairs, empty where the source gives none.
"""
import os
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
import dtaidistance.dtw as dtai  # noqa: E402
import dtaidistance.dtw_ndim as dtai_ndim  # noqa: E402
import tslearn.metrics as tslearn  # noqa: E402
from dtw import dtw as r_dtw  # noqa: E402

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "dtw", "tests", "golden", "alignments.tsv")


def signals():
    """Pairs of ordinary and nasty series."""
    rng = np.random.default_rng(20240607)

    def walk(n):
        return np.cumsum(rng.standard_normal(n))

    yield "walks", walk(40), walk(40)
    yield "shorter series", walk(50), walk(37)
    yield "longer series", walk(33), walk(48)
    yield "noise", rng.standard_normal(64), rng.standard_normal(64)
    bump = np.exp(-((np.arange(60) - 25) / 5.0) ** 2)
    yield "lagging bump", bump, np.roll(bump, 9)
    yield "constant", walk(30), np.full(30, 2.0)
    yield "plateaus", np.repeat([0.0, 3.0, 1.0], 8), np.repeat([0.0, 3.0, 1.0, 3.0], 6)
    yield "one point", np.array([1.5]), np.array([-0.5])
    yield "one against many", np.array([1.5]), walk(7)
    yield "two points", np.array([1.0, 2.0]), np.array([2.0, 5.0])
    yield "tiny", walk(20) * 1e-12, walk(20) * 1e-12
    yield "huge", walk(20) * 1e12, walk(20) * 1e12


def numbers(x):
    return " ".join(repr(float(v)) for v in np.asarray(x).ravel())


def derivative(x):
    """Keogh & Pazzani (2001), the ends as their neighbours."""
    d = ((x[1:-1] - x[:-2]) + (x[2:] - x[:-2]) / 2) / 2
    return np.concatenate([d[:1], d, d[-1:]])


def absolute_sum(q, x, pattern):
    return r_dtw(q, x, dist_method="cityblock", step_pattern=pattern, distance_only=True).distance


def cases():
    for name, q, x in signals():
        for band in (None, 0, 1, 5, 12):
            settings = "" if band is None else f"band={band}"
            window = None if band is None else band + 1
            yield f"dtaidistance {name}", settings, q, x, dtai.distance(q, x, window=window), None
            absolute = dtai.distance(q, x, window=window, inner_dist="euclidean")
            yield f"dtaidistance {name}", f"{settings} cost=absolute".strip(), q, x, absolute, None
            constraint = {} if band is None else dict(global_constraint="sakoe_chiba", sakoe_chiba_radius=band)
            path, distance = tslearn.dtw_path(q, x, **constraint)
            yield f"tslearn {name}", settings, q, x, distance, path if "walk" in name or "bump" in name else None
        for slope in (1.5, 2.0, 4.0):
            try:
                distance = tslearn.dtw(q, x, global_constraint="itakura", itakura_max_slope=slope)
            except RuntimeWarning:
                continue
            if np.isfinite(distance):
                yield f"tslearn {name}", f"itakura={slope}", q, x, distance, None
        _, distance = tslearn.dtw_subsequence_path(q, x)
        yield f"tslearn {name}", "ends=subsequence", q, x, distance, None
        if min(len(q), len(x)) > 2:
            yield f"dtaidistance {name}", "derivative", q, x, dtai.distance(derivative(q), derivative(x)), None
        if min(len(q), len(x)) > 1:
            for pattern in ("symmetric1", "symmetric2"):
                settings = f"cost=absolute step={pattern}"
                yield f"dtw-python {name}", settings, q, x, absolute_sum(q, x, pattern), None
                best = min(absolute_sum(q, x[:k], pattern) for k in range(2, len(x) + 1))
                best = min(best, np.abs(q - x[0]).sum())
                yield f"dtw-python every beginning of {name}", settings + " ends=open", q, x, best, None
    rng = np.random.default_rng(3)
    for n, m, dims in ((20, 20, 2), (25, 18, 3), (9, 14, 4)):
        q, x = rng.standard_normal((n, dims)), rng.standard_normal((m, dims))
        yield "dtaidistance several columns", f"dims={dims}", q, x, dtai_ndim.distance(q, x), None
        yield "tslearn several columns", f"dims={dims} band=3", q, x, tslearn.dtw(
            q, x, global_constraint="sakoe_chiba", sakoe_chiba_radius=3), None


def main():
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w") as out:
        for source, settings, q, x, distance, path in cases():
            pairs = " ".join(f"{i},{j}" for i, j in path) if path else ""
            out.write("\t".join([source, settings, numbers(q), numbers(x), repr(float(distance)), pairs]) + "\n")


sys.exit(main())
