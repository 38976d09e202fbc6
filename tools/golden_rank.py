#!/usr/bin/env python3
"""Writes rank/tests/golden/rank.json: numbers of numpy and scipy that rank's library is tested against.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 scipy==1.17.1 && .venv/bin/python tools/golden_rank.py
"""
import json
import math
import pathlib

import numpy as np
from scipy import optimize, stats

RNG = np.random.default_rng(20240229)
OUT = pathlib.Path(__file__).resolve().parent.parent / "rank/tests/golden/rank.json"


def samples():
    """Pairs (steady, overload): smooth, tied, tiny, constant, shifted, heavy-tailed."""
    yield RNG.normal(10, 2, 60), RNG.normal(11, 3, 45)
    yield RNG.poisson(3, 80).astype(float), RNG.poisson(4, 50).astype(float)
    yield RNG.integers(0, 2, 30).astype(float), RNG.integers(0, 3, 7).astype(float)
    yield np.full(12, 100.0), np.array([100.0, 97.5, 96.0, 99.0])
    yield np.full(9, 0.0), np.array([0.0, 3.0, 2.0])
    yield RNG.lognormal(0, 2, 200), RNG.lognormal(1, 2, 200)
    yield np.array([1.0, 2.0, 3.0]), np.array([4.0])
    yield np.arange(40.0), np.arange(40.0) + 100
    yield RNG.normal(1e9, 1, 25), RNG.normal(1e9 + 1, 1, 25)


def resolution(a, b):
    gaps = np.diff(np.unique(np.concatenate([a, b])))
    return float(gaps.min()) if gaps.size else 0.0


def spread(a):
    q1, q3 = np.quantile(a, [0.25, 0.75])
    return max(a.std(), 1.4826 * np.median(np.abs(a - np.median(a))), (q3 - q1) / 1.349)


def deviation(a, b):
    """z for harm up and harm down."""
    centre, out = np.median(a), []
    for level in np.quantile(b, [0.7, 0.3]):
        scale = max(spread(a), resolution(a, b) / math.sqrt(len(a))) + 0.001 * max(abs(centre), abs(level))
        out.append(0.0 if level == centre else float((level - centre) / scale))
    return out


def shift(a, b):
    test = stats.mannwhitneyu(b, a, alternative="two-sided", method="asymptotic")
    return {"steady": a.tolist(), "overload": b.tolist(), "effect": test.statistic / len(a) / len(b),
            "p": 1.0 if math.isnan(test.pvalue) else float(test.pvalue), "spread": float(spread(a)), "z": deviation(a, b),
            "quantiles": np.quantile(b, [0.0, 0.1, 0.5, 0.7, 1.0]).tolist()}


def discovery():
    for n in (1, 5, 40):
        p = RNG.uniform(0, 1, n) ** 3
        yield {"p": p.tolist(), "q": stats.false_discovery_control(p).tolist()}


def lines():
    for n, noise in ((5, 0.1), (8, 1.0), (20, 3.0)):
        x, y = np.sort(RNG.uniform(0, 10, n)), RNG.normal(0, noise, n)
        yield x, 2 * x + y
    yield np.array([1.0, 1, 2, 2, 3, 4]), np.array([1.0, 2, 2, 3, 3, 9])


def line(x, y):
    fit = stats.theilslopes(y, x, 0.95)
    return {"x": x.tolist(), "y": y.tolist(), "slope": fit.slope, "low": fit.low_slope, "high": fit.high_slope, "intercept": fit.intercept}


def hinge(k, x, y):
    a = np.column_stack([np.ones_like(x), x, np.maximum(x - k, 0)])
    c, *_ = np.linalg.lstsq(a, y, rcond=None)
    return float(((y - a @ c) ** 2).sum()), c


def knee(n, at, noise):
    """The knee by brute force: a bounded search between each pair of neighbours."""
    x = np.linspace(0, 5, n)
    y = 1 + 0.2 * x + 2.5 * np.maximum(x - at, 0) + RNG.normal(0, noise, n)
    places = [(float(v), hinge(v, x, y)[0]) for v in x[1:-1]]
    for low, high in zip(x[1:-2], x[2:-1]):
        found = optimize.minimize_scalar(lambda k: hinge(k, x, y)[0], bounds=(low, high), method="bounded", options={"xatol": 1e-12})
        places.append((float(found.x), float(found.fun)))
    k, residual = min(places, key=lambda p: p[1])
    c = hinge(k, x, y)[1]
    return {"x": x.tolist(), "y": y.tolist(), "at": k, "residual": residual, "before": float(c[1]), "after": float(c[1] + c[2])}


def usl(n, lam, sigma, kappa):
    return lam * n / (1 + sigma * (n - 1) + kappa * n * (n - 1))


def response(n, lam, sigma, kappa):
    return (1 + sigma * (n - 1) + kappa * n * (n - 1)) / lam


def law(model, loads, truth, noise):
    n = np.asarray(loads, float)
    y = model(n, *truth) * (1 + RNG.normal(0, noise, n.size))
    p, cov = optimize.curve_fit(model, n, y, p0=truth, method="lm", ftol=1e-15, xtol=1e-15, gtol=1e-15, maxfev=20000)
    margin = stats.t.ppf(0.975, n.size - 3) * np.sqrt(np.diag(cov)) if n.size > 3 else np.zeros(3)
    return {"load": n.tolist(), "y": y.tolist(), "parameters": p.tolist(), "margins": margin.tolist(), "truth": list(truth)}


def waiting(servers, rate):
    """Mean response time of M/M/c with service rate 1 (Erlang C), at `rate` arrivals a second."""
    terms = [rate**k / math.factorial(k) for k in range(servers)]
    last = rate**servers / math.factorial(servers) * servers / (servers - rate)
    return 1 + last / (sum(terms) + last) / (servers - rate)


def queue(servers):
    rates = [servers * u for u in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)]
    return {"servers": servers, "rate": rates, "response": [waiting(servers, r) for r in rates]}


def main():
    laws = [([1, 2, 4, 8, 12, 16, 24, 32, 48, 64], (995.6, 0.0267, 0.000769), 0.02),
            ([1, 4, 16, 32, 64], (3.5, 0.1, 0.0001), 0.01), ([10, 20, 50, 100, 200, 400], (7.0, 0.004, 2e-6), 0.03)]
    golden = {
        "shifts": [shift(a, b) for a, b in samples()],
        "discovery": list(discovery()),
        "lines": [line(x, y) for x, y in lines()],
        "knees": [knee(8, 2.3, 0.05), knee(12, 3.1, 0.2), knee(25, 1.7, 0.4)],
        "throughput": [law(usl, *a) for a in laws],
        "latency": [law(response, *a) for a in laws],
        "queues": [queue(c) for c in (1, 4, 16)],
        "student": [[v, float(stats.t.ppf(0.975, v))] for v in (1, 2, 3, 5, 10, 57, 400, 2000)],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


main()
