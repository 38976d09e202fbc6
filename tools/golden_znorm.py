#!/usr/bin/env python3
"""Golden numbers for znorm: znorm/tests/golden/*.json, from numpy 2.3.5, scipy 1.17.1, scikit-learn 1.9.1.

    python3 -m venv .golden && .golden/bin/pip install numpy==2.3.5 scipy==1.17.1 scikit-learn==1.9.1
    .golden/bin/python tools/golden_znorm.py

null is a missing sample.  The generator is seeded, so the files are the same every time.
"""
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.preprocessing import MinMaxScaler

OUT = pathlib.Path(__file__).resolve().parent.parent / "znorm" / "tests" / "golden"
NAN = float("nan")


def series():
    rng = np.random.default_rng(7)
    normal = rng.standard_normal(60)
    holed = normal.copy()
    holed[[0, 1, 30, 31, 32, 59]] = NAN
    return {
        "normal": normal,
        "holes at the edges and inside": holed,
        "two points": [1.0, 2.0],
        "two points and holes": [NAN, 1.0, NAN, 4.0, NAN],
        "three points": [0.1, 0.2, 0.4],
        "plateaus": [0, 0, 0, 1, 1, 1, 5, 5, 0, 0, 0.5],
        "equal ties": [3, 1, 3, 1, 3, 1, 2, 2],
        "steps": np.repeat([1.0, 100.0, 1.0], 13),
        "counts": rng.poisson(3, 51).astype(float),
        "heavy tail": rng.lognormal(0, 2, 50),
        "huge": normal * 1e120,
        "tiny": normal * 1e-120,
        "high level, small spread": 1e6 + normal,
        "huge and tiny": np.where(np.arange(60) % 2 == 0, normal * 1e60, normal * 1e-60),
        "negative": -1e6 - 10 * np.abs(normal),
        "long": np.cumsum(rng.standard_normal(400)),
    }


def numbers(x):
    return [None if np.isnan(v) else float(v) for v in x]


def robust(x):
    mad, iqr = stats.median_abs_deviation(x, nan_policy="omit"), stats.iqr(x, nan_policy="omit")
    return (x - np.nanmedian(x)) / max(np.nanstd(x), 1.4826 * mad, iqr / 1.349)


def own():
    for name, x in series().items():
        x = np.asarray(x, float)
        for ddof in (0, 1):
            z = stats.zscore(x, ddof=ddof, nan_policy="omit")
            yield {"name": name, "method": f"ddof {ddof}", "x": numbers(x), "z": numbers(z)}
        yield {"name": name, "method": "robust", "x": numbers(x), "z": numbers(robust(x))}
        if name != "tiny":  # which scikit-learn takes for constant
            scaled = MinMaxScaler().fit_transform(x.reshape(-1, 1)).ravel()
            yield {"name": name, "method": "range", "x": numbers(x), "z": numbers(scaled)}
        yield {"name": name, "method": "difference", "x": numbers(x), "z": [None, *numbers(np.diff(x))]}


def baseline():
    known = {k: np.asarray(v, float) for k, v in series().items()}
    pairs = [("normal", "long"), ("long", "holes at the edges and inside"), ("two points", "counts"),
             ("holes at the edges and inside", "steps"), ("huge", "normal"), ("tiny", "two points"),
             ("high level, small spread", "high level, small spread")]
    for steady, overload in pairs:
        for ddof in (0, 1):
            s, x = known[steady], known[overload]
            z = stats.zmap(x, s, ddof=ddof, nan_policy="omit")
            yield {"name": f"{overload} against {steady}", "method": f"ddof {ddof}",
                   "baseline": numbers(s), "x": numbers(x), "z": numbers(z)}


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    text = ",\n".join(json.dumps(c) for c in cases)
    (OUT / name).write_text(f"[\n{text}\n]\n")


write("own.json", own())
write("baseline.json", baseline())
