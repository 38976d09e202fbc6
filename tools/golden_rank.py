#!/usr/bin/env python3
"""Writes rank/tests/golden/rank.json: numbers of numpy and scipy that rank's library is tested against.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 scipy==1.17.1 && .venv/bin/python tools/golden_rank.py
"""
import json
import math
import pathlib

import numpy as np
from scipy import optimize, special, stats

import golden_samples

RNG = np.random.default_rng(20240229)
OUT = pathlib.Path(__file__).resolve().parent.parent / "rank/tests/golden/rank.json"


def resolution(a, b):
    centre = np.median(a)
    away = np.abs(np.concatenate([a, b]) - centre)
    away = away[away > 1e-9 * abs(centre)]
    return float(away.min()) if away.size else 0.0


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


def change(a, b):
    return {"steady": a.tolist(), "overload": b.tolist(), "z": deviation(a, b)}


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


def bend(x, y):
    """The knee by brute force: each inner point, and a bounded search between each pair of them."""
    places = [(float(v), hinge(v, x, y)[0]) for v in x[1:-1]]
    for low, high in zip(x[1:-2], x[2:-1]):
        found = optimize.minimize_scalar(lambda k: hinge(k, x, y)[0], bounds=(low, high), method="bounded", options={"xatol": 1e-12})
        places.append((float(found.x), float(found.fun)))
    k, residual = min(places, key=lambda p: p[1])
    c = hinge(k, x, y)[1]
    return {"at": k, "residual": residual, "before": float(c[1]), "after": float(c[1] + c[2])}


def knee(n, at, noise):
    x = np.linspace(0, 5, n)
    y = 1 + 0.2 * x + 2.5 * np.maximum(x - at, 0) + RNG.normal(0, noise, n)
    return {"x": x.tolist(), "y": y.tolist()} | bend(x, y)


def left(n, x, y):
    """Loads that leave the line through all lower loads that did not, by 22 % and three robust deviations."""
    kept, loads = [], []
    for i in range(len(x)):
        if len(set(x[kept])) >= 3:
            fit = stats.theilslopes(y[kept], x[kept])
            off = np.abs(y - fit.intercept - fit.slope * x)
            if off[i] > max(0.2, 3 * 1.4826 * np.sort(off[kept])[len(kept) // 2]):
                loads.append(float(n[i]))
                continue
        kept.append(i)
    return loads


def sweep(loads, values):
    """All that is told of a metric's growth: Theil and Sen's elasticity, the knee where Schwarz's criterion has it, the loads that left."""
    n, v = np.asarray(loads, float), np.asarray(values, float)
    x, y = np.log(n), np.log(v)
    fit, bent = stats.theilslopes(y, x, 0.95), bend(x, y)
    line = stats.linregress(x, y)
    cost = lambda residual, parameters: n.size * math.log(residual / n.size + 1e-4) + parameters * math.log(n.size)
    kept = cost(bent["residual"], 4) < cost(((y - line.intercept - line.slope * x) ** 2).sum(), 2)
    return {"load": n.tolist(), "value": v.tolist(), "elasticity": [fit.slope, fit.low_slope, fit.high_slope],
            "knee": [math.exp(bent["at"]), bent["before"], bent["after"]] if kept else None, "left": left(n, x, y)}


def usl(n, lam, sigma, kappa):
    return lam * n / (1 + sigma * (n - 1) + kappa * n * (n - 1))


def slopes(n, lam, sigma, kappa):
    """Derivatives of the logarithm of the law by its parameters."""
    d = 1 + sigma * (n - 1) + kappa * n * (n - 1)
    return np.column_stack([np.full_like(n, 1 / lam), -(n - 1) / d, -n * (n - 1) / d])


def peak(p, cov, t):
    """Load of most throughput, and Fieller's interval by a search for where 1 - sigma - kappa q leaves its margin; open ends are None."""
    if p[1] >= 1 or p[2] <= 0:
        return None
    at = (1 - p[1]) / p[2]
    off = lambda q: (1 - p[1] - p[2] * q) ** 2 - t * t * (cov[1, 1] + 2 * q * cov[1, 2] + q * q * cov[2, 2])
    end = lambda far: math.sqrt(optimize.brentq(off, at, far, xtol=1e-300, rtol=1e-15, maxiter=1000)) if off(far) > 0 else None
    return [math.sqrt(at), end(0.0), end(1e12 * at)]


def fit(n, y, start):
    """Least squares of the logarithm: MINPACK with the exact Jacobian, then to where the gradient is 0; the covariance by singular values."""
    off, jac = lambda p: np.log(usl(n, *p) / y), lambda p: slopes(n, *p)
    near = optimize.least_squares(off, start, jac, method="lm", x_scale="jac", ftol=2.3e-16, xtol=2.3e-16, gtol=2.3e-16, max_nfev=10000)
    size = 1 / np.linalg.norm(near.jac, axis=0)
    p = near.x + size * optimize.root(lambda v: size * (jac(near.x + size * v).T @ off(near.x + size * v)), np.zeros(3), tol=1e-15).x
    _, s, vt = np.linalg.svd(jac(p) * size, full_matrices=False)
    cov = (vt.T / s**2) @ vt * np.outer(size, size) * (off(p) ** 2).sum() / (n.size - 3)
    t = stats.t.ppf(0.975, n.size - 3)
    return {"load": n.tolist(), "throughput": y.tolist(), "parameters": p.tolist(), "margins": (t * np.sqrt(np.diag(cov))).tolist(),
            "peak": peak(p, cov, t)}


LOADS = [[1, 2, 4, 8, 12, 16, 24, 32, 48, 64], [10, 20, 50, 100, 200], [10, 20, 50, 100, 200] * 3, [10, 20, 50, 100, 200, 400, 800],
         [5, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240]]
LAWS = [(995.6, 0.0267, 0.000769), (3.5, 0.1, 0.0001), (7.0, 0.004, 2e-6), (0.8, 0.05, 0.0), (1.0, 0.0, 0.0), (20.0, 0.0, 1e-4)]


def laws():
    """Each law at each list of loads, with three levels of noise; without contention, and without coherency (Amdahl's law), among them."""
    for law in LAWS:
        for loads in LOADS:
            for noise in (0.001, 0.01, 0.05):
                n = np.asarray(loads, float)
                yield fit(n, usl(n, *law) * np.exp(RNG.normal(0, noise, n.size)), law)


def waiting(servers, rate):
    """Mean response time of M/M/c with service rate 1 (Erlang C), at `rate` arrivals a second."""
    terms = [rate**k / math.factorial(k) for k in range(servers)]
    last = rate**servers / math.factorial(servers) * servers / (servers - rate)
    return 1 + last / (sum(terms) + last) / (servers - rate)


def closed(users, servers, service, think):
    """Throughput of a closed M/M/c with thinking users, by the probabilities of its birth and death process."""
    k = np.arange(users + 1)
    busy = np.minimum(k, servers)
    log = special.gammaln(users + 1) - special.gammaln(users - k + 1) + k * math.log(service / think) - np.cumsum(np.log(np.maximum(busy, 1)))
    return float((np.exp(log - special.logsumexp(log)) * busy).sum() / service)


def queues():
    """Open systems over arrivals, closed ones over users, with the fit of the scalability law."""
    for servers in (1, 4, 16):
        rates = [servers * u for u in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)]
        yield {"open": servers} | sweep(rates, [waiting(servers, r) for r in rates])
    for system in ((1, 0.01, 1.0), (1, 0.02, 1.0), (2, 0.05, 1.0), (4, 0.05, 1.0), (8, 0.1, 0.5), (16, 0.1, 1.0), (4, 0.02, 1.0)):
        for loads in ([10, 20, 50, 100, 200, 400, 800], [5, 10, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480]):
            x = np.array([closed(n, *system) for n in loads])
            law = fit(np.array(loads, float), x, (x[0] / loads[0], 0.01, 1e-5))
            yield {"closed": list(system), "law": law, "response": sweep(loads, loads / x - system[2])} | sweep(loads, x)


def noisy():
    """Sweeps of a power, and of the scalability law, with noise, once and three times at each load."""
    for loads in LOADS:
        n = np.asarray(sorted(loads), float)
        yield sweep(n, 0.3 * n**1.2 * np.exp(RNG.normal(0, 0.05, n.size)))
        yield sweep(n, usl(n, 20.0, 0.02, 1e-4) * np.exp(RNG.normal(0, 0.03, n.size)))


def main():
    golden = {
        "changes": [change(a, b) for a, b in golden_samples.pairs(RNG)],
        "lines": [line(x, y) for x, y in lines()],
        "knees": [knee(8, 2.3, 0.05), knee(12, 3.1, 0.2), knee(25, 1.7, 0.4)],
        "laws": list(laws()),
        "queues": list(queues()),
        "sweeps": list(noisy()),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


main()
