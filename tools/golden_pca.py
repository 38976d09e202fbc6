"""Golden numbers for pca, from scikit-learn. Writes pca/tests/golden/*.csv and expected.json.

Versions: Python 3.11 or later, numpy 2.x, scikit-learn 1.x (written into expected.json).
Run: python tools/golden_pca.py
Signs: the loading largest in size (of equal ones, to 1e-9, the first) is positive. Holes are filled with the mean, as pca does by default, before
scikit-learn sees them; the em cases are an own loop of scikit-learn fits.
"""
import json
import math
import pathlib

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

OUT = pathlib.Path(__file__).parent.parent / "pca" / "tests" / "golden"


def mixed(rng, n, p, rank, noise=0.1):
    return rng.normal(size=(n, rank)) @ rng.normal(size=(rank, p)) + noise * rng.normal(size=(n, p))


def inputs():
    rng = np.random.default_rng(20240617)
    yield "tall", mixed(rng, 60, 8, 3)
    yield "wide", mixed(rng, 9, 25, 4)
    yield "square", mixed(rng, 12, 12, 3)
    yield "two-rows", rng.normal(size=(2, 4))
    yield "one-column", rng.normal(size=(30, 1))
    x = mixed(rng, 40, 6, 2)
    x[:, 2] = 7.25
    yield "constant-column", x
    x = mixed(rng, 50, 5, 3)
    x[:, 3] = x[:, 0] * -2 + 3
    yield "dependent-columns", x
    x = mixed(rng, 40, 5, 3)
    yield "huge-numbers", x * 1e200
    yield "tiny-numbers", x * 1e-180
    yield "unlike-magnitudes", x * np.array([1e9, 1.0, 1e3, 1e-3, 1e6])
    yield "far-from-zero", np.round(x * 1024) / 1024 + np.array([2.0**30, -(2.0**31), 0, 2.0**20, 1])
    yield "plateaus", np.repeat(np.round(mixed(rng, 12, 6, 2, 0.5)), 5, axis=0)
    x = mixed(rng, 45, 7, 3)
    x[rng.random(x.shape) < 0.15] = np.nan
    x[0, 0] = x[-1, 6] = np.nan
    yield "holes", x
    t = np.arange(300)
    load = np.clip((t - 100) / 50, 0, 1)
    x = [np.sin(t / 17 + j) * 0.3 + load * (j % 4) + rng.normal(scale=0.2, size=300) for j in range(20)]
    yield "overload", np.round(np.column_stack(x), 3)
    yield "hundreds", np.round(mixed(rng, 200, 180, 6, 0.3), 2)


def fill(x):
    mean = np.nanmean(x, axis=0)
    return np.where(np.isnan(x), mean, x)


def centre(x):
    """Twice, with exact sums: a mean near 2**31 is itself rounded by more than 1e-9 of the numbers' spread."""
    for _ in range(2):
        x = x - np.array([math.fsum(column) / len(column) for column in x.T])
    return x


def em(x, k):
    """Iterative PCA with shrinkage (Josse & Husson 2012), from scikit-learn fits."""
    y = fill(x)
    for _ in range(5000):
        p = PCA(svd_solver="full").fit(y)
        v, variance = p.components_[:k], p.explained_variance_
        shrink = 1 - variance[k:].sum() / (x.shape[1] - k) / variance[:k]
        z = np.where(np.isnan(x), ((y - p.mean_) @ v.T * shrink) @ v + p.mean_, x)
        change = np.abs(z - y).max()
        y = z
        if change < 1e-14:
            return y
    raise SystemExit("em did not settle")


def unit(x):
    """scikit-learn itself loses numbers whose squares leave the range of a double: fit near 1, then undo."""
    peak = np.abs(x).max()
    return 2.0 ** np.floor(np.log2(peak)) if peak > 1e100 or peak < 1e-100 else 1.0


def numbers(x, k):
    u = unit(x)
    p = PCA(svd_solver="full").fit(x / u)
    v = p.components_
    first = (np.abs(v) >= np.abs(v).max(axis=1)[:, None] * (1 - 1e-9)).argmax(axis=1)
    v = v * np.sign(v[np.arange(len(v)), first])[:, None]
    scores = (x / u - p.mean_) @ v.T
    return {
        "k": k,
        "deviation": (np.sqrt(p.explained_variance_[:k]) * u).tolist(),
        "ratio": p.explained_variance_ratio_[:k].tolist(),
        "components": v[:k].tolist(),
        "scores": (scores[:, :k] * u).T.tolist(),
    }


def residuals(x, cut, k):
    """Q and T² of the rows from `cut` on against components of those before, whole and by column."""
    p = PCA(n_components=k, svd_solver="full").fit(x[:cut])
    y = x[cut:] - p.mean_
    t = y @ p.components_.T
    e = y - t @ p.components_
    inside = (t / np.sqrt(p.explained_variance_)) @ p.components_
    return {
        "cut": cut,
        "k": k,
        "q": (e**2).sum(axis=1).tolist(),
        "t2": (t**2 / p.explained_variance_).sum(axis=1).tolist(),
        "q_of": (e**2).mean(axis=0).tolist(),
        "t2_of": (inside**2).mean(axis=0).tolist(),
    }


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, x in inputs():
        (OUT / f"{name}.csv").write_text(
            "".join(",".join("" if v != v else repr(v) for v in row) + "\n" for row in x.tolist())
        )
        y = fill(x)
        rank = np.linalg.matrix_rank((y - y.mean(axis=0)) / unit(x), tol=None)
        k = int(min(rank, 4))
        if name == "unlike-magnitudes":
            k = 5
        for mode in ("plain", "scale") + (("em",) if np.isnan(x).any() else ()):
            if mode == "em":
                k = 2   # more would fit the noise, and settle slowly
                z = em(x, k)
            elif mode == "scale":
                z = StandardScaler().fit_transform(y / unit(x))
                if np.isnan(x).any():   # pca takes the deviation of what is there
                    z = (y - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)
            else:
                z = centre(y / unit(x)) * unit(x)
            cases.append({"input": name, "mode": mode, **numbers(z, k)})
        if name == "overload":
            residual = residuals(x, 100, 5)
    head = {"numpy": np.__version__, "scikit-learn": sklearn.__version__}
    (OUT / "expected.json").write_text(
        json.dumps({"versions": head}) [:-1] + ', "residual": ' + json.dumps(residual) + ',\n"cases": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]}\n"
    )


main()
