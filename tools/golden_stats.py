#!/usr/bin/env python3
"""Writes lib/stats/tests/golden/stats.json, numbers of numpy and scipy that lib/stats is tested against, and hard.json,
numbers of mpmath with sixty digits where those two lose theirs: far tails, a small spread on a large level.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 scipy==1.17.1 mpmath==1.4.1 && .venv/bin/python tools/golden_stats.py
"""
import fractions
import json
import math
import pathlib

import mpmath
import numpy as np
from scipy import special, stats

import golden_samples

RNG = np.random.default_rng(20240229)
OUT = pathlib.Path(__file__).resolve().parent.parent / "lib/stats/tests/golden/stats.json"
mpmath.mp.dps = 60
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


def exact_moments(values):
    """Mean and deviations of the doubles as they are, in rational numbers up to the root."""
    numbers = [fractions.Fraction(float(v)) for v in values]
    mean = sum(numbers) / len(numbers)
    squares = sum((v - mean) ** 2 for v in numbers)

    def root(ddof):
        part = squares / (len(numbers) - ddof)
        return float(mpmath.sqrt(mpmath.mpf(part.numerator) / part.denominator))

    return {"values": [float(v) for v in values], "mean": float(mean), "deviation": root(0), "sample_deviation": root(1)}


def exact_quantiles(values):
    """Type 7 of Hyndman and Fan, in rational numbers."""
    numbers = sorted(fractions.Fraction(float(v)) for v in values)

    def at(q):
        place = fractions.Fraction(q) * (len(numbers) - 1)
        low = math.floor(place)
        high = min(low + 1, len(numbers) - 1)
        return float(numbers[low] + (place - low) * (numbers[high] - numbers[low]))

    return {"values": [float(v) for v in values], "quantiles": [at(q) for q in QUANTILES]}


def exact_tail(m, n, overlap):
    """The p of Mann and Whitney's test, normal approximation as lib/stats has it: sides of whole numbers that share `overlap`."""
    a, b = [float(k) for k in range(m)], [float(m - overlap + k) for k in range(n)]
    wins = sum(fractions.Fraction(1 + (y > x) - (y < x), 2) for x in a for y in b)
    ties = sum(c**3 - c for c in (a.count(v) + b.count(v) for v in set(a + b)))
    total = m + n
    variance = fractions.Fraction(m * n * (total + 1), 12) * (1 - fractions.Fraction(ties, total**3 - total))
    away = max(abs(wins - fractions.Fraction(m * n, 2)) - fractions.Fraction(1, 2), 0)
    z = mpmath.mpf(away.numerator) / away.denominator / mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator)
    return {"steady": a, "overload": b, "effect": float(wins / (m * n)), "p": float(mpmath.erfc(z / mpmath.sqrt(2)))}


def student(degrees):
    """The root of the distribution function, which is an incomplete beta function."""
    def below(t):
        v = mpmath.mpf(degrees)
        return 1 - mpmath.betainc(v / 2, mpmath.mpf(1) / 2, 0, v / (v + t * t), regularized=True) / 2
    return float(mpmath.findroot(lambda t: below(t) - mpmath.mpf("0.975"), stats.t.ppf(0.975, degrees)))


def hard():
    levels = [(1e9, 1e-6), (1e15, 1.0), (-1e12, 1e-3), (1.0, 1e-15), (1e150, 1e136), (4.5e15, 0.5)]
    samples = [level + spread * RNG.normal(size=101) for level, spread in levels]
    samples.append(np.concatenate([np.full(1000, 1e16), [1e16 + 2]]))
    return {
        "moments": [exact_moments(values) for values in samples],
        "quantiles": [exact_quantiles(values) for values in samples],
        "tails": [exact_tail(m, n, overlap) for m, n, overlap in [(20, 20, 0), (60, 45, 3), (200, 200, 0), (300, 400, 20), (500, 500, 1), (3, 900, 2)]],
        "student": [[v, student(v)] for v in (1, 2, 3, 4, 7, 29, 30, 101, 999, 1000)],
        "erfc": [[x, float(mpmath.erfc(x))] for x in (1e-9, 0.3, 1.7, 2.3, 2.49, 2.499999, 2.5, 2.51, 3.0, 5.5, 9.0, 15.0, 20.0, 26.0, 26.5)],
    }


def main():
    golden = {
        "shifts": [shift(a, b) for a, b in samples()],
        "discovery": list(discovery()),
        "student": [[v, float(stats.t.ppf(0.975, v))] for v in (1, 2, 3, 5, 10, 57, 400, 2000)],
        "erfc": [[x, float(special.erfc(x))] for x in (0.0, 0.1, 0.5, 1.0, 2.0, 2.4, 2.5, 2.6, 4.0, 6.0, 12.0, 26.0)],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    OUT.with_name("hard.json").write_text(json.dumps(hard(), separators=(",", ":")) + "\n", encoding="utf-8")


main()
