#!/usr/bin/env python3
"""Writes lib/stats/tests/golden/stats.json: numbers of numpy and scipy that lib/stats is tested against.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 scipy==1.17.1 && .venv/bin/python tools/golden_stats.py
"""
import json
import math
import pathlib

import numpy as np
from scipy import special, stats

import golden_samples

RNG = np.random.default_rng(20240229)
OUT = pathlib.Path(__file__).resolve().parent.parent / "lib/stats/tests/golden/stats.json"
QUANTILES = [0.0, 0.1, 0.25, 0.5, 0.7, 0.95, 1.0]


def samples():
    """Those of rank's, and two more: spiky, in two halves."""
    yield from golden_samples.pairs(RNG)
    yield np.where(np.arange(60) % 12 == 0, 50.0, RNG.normal(1, 0.5, 60)), RNG.normal(50, 1, 60)
    yield np.repeat([1.0, 9.0], 20) + RNG.normal(0, 0.1, 40), RNG.normal(5, 4, 30)


def describe(a):
    mad, (q1, q3) = np.median(np.abs(a - np.median(a))), np.quantile(a, [0.25, 0.75])
    return {"values": a.tolist(), "mean": a.mean(), "deviation": a.std(), "quantiles": np.quantile(a, QUANTILES).tolist(),
            "spread": max(a.std(), 1.4826 * mad, (q3 - q1) / 1.349),
            "sample_deviation": a.std(ddof=1) if a.size > 1 else None}


def shift(a, b):
    test = stats.mannwhitneyu(b, a, alternative="two-sided", method="asymptotic")
    return {"steady": describe(a), "overload": describe(b), "effect": test.statistic / len(a) / len(b),
            "p": 1.0 if math.isnan(test.pvalue) else float(test.pvalue)}


def discovery():
    for n in (1, 5, 40):
        p = RNG.uniform(0, 1, n) ** 3
        yield {"p": p.tolist(), "q": stats.false_discovery_control(p).tolist()}


def main():
    golden = {
        "shifts": [shift(a, b) for a, b in samples()],
        "discovery": list(discovery()),
        "student": [[v, float(stats.t.ppf(0.975, v))] for v in (1, 2, 3, 5, 10, 57, 400, 2000)],
        "erfc": [[x, float(special.erfc(x))] for x in (0.0, 0.1, 0.5, 1.0, 2.0, 2.4, 2.5, 2.6, 4.0, 6.0, 12.0, 26.0)],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


main()
