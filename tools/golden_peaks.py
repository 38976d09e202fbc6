#!/usr/bin/env python3
"""Golden numbers for peaks: peaks/tests/golden/*.json, from numpy 2.3.5, scipy 1.17.1.

    python3 -m venv .golden && .golden/bin/pip install numpy==2.3.5 scipy==1.17.1
    .golden/bin/python tools/golden_peaks.py

The generator is seeded, so the files are the same every time.
"""
import json
import pathlib
import warnings

import numpy as np
from scipy.signal import find_peaks, peak_prominences, peak_widths

OUT = pathlib.Path(__file__).resolve().parent.parent / "peaks" / "tests" / "golden"

# scipy sorts peaks by height with an unstable sort, so which of equally high peaks `distance` keeps depends on the
# processor.  A stable one makes it the later, always.
argsort = np.argsort
np.argsort = lambda a, *args, **kwargs: argsort(a, *args, **{**kwargs, "kind": "stable"})
warnings.simplefilter("ignore")


def series():
    rng = np.random.default_rng(11)
    t = np.arange(150)
    normal = rng.standard_normal(150)
    waves = np.sin(t / 3) + 0.5 * np.sin(t / 17)
    return {
        "normal": normal,
        "waves": waves,
        "walk": np.cumsum(rng.standard_normal(200)),
        "bursts": np.where(rng.random(150) < 0.05, 10 * rng.random(150), 0.0) + 0.01 * normal,
        "whole numbers": rng.integers(0, 6, 150).astype(float),
        "plateaus": np.repeat(rng.integers(0, 5, 40), rng.integers(1, 6, 40)).astype(float),
        "plateaus at the ends": [3, 3, 1, 2, 2, 2, 0, 0, 4, 4],
        "square wave": np.tile([0.0, 0, 1, 1, 1], 20),
        "equal peaks": np.tile([0.0, 1.0], 25),
        "equal peaks, falling lows": np.ravel(np.column_stack([np.full(25, 9.0), -np.arange(25.0)])),
        "equal peaks, rising lows": np.ravel(np.column_stack([np.arange(25.0) - 30, np.full(25, 9.0)])),
        "pyramid": np.concatenate([np.arange(20.0) + np.arange(20) % 2 * 1.5, np.arange(20.0)[::-1]]),
        "zeros of either sign": np.where(t % 2 == 0, -rng.random(150), np.where(rng.random(150) < 0.5, 0.0, -0.0)),
        "constant": [2.5] * 9,
        "rising": np.arange(12.0),
        "falling": -np.arange(12.0),
        "one peak": [0.0, 1.0, 0.0],
        "two points": [1.0, 2.0],
        "one point": [1.0],
        "empty": [],
        "huge": normal[:60] * 1e150,
        "tiny": normal[:60] * 1e-150,
        "huge and tiny": np.where(t[:60] % 3 == 0, normal[:60] * 1e100, normal[:60] * 1e-100),
        "high level": 1e9 + normal[:60],
        "negative": -5 - np.abs(normal[:60]),
    }


CONDITIONS = [
    {},
    {"height": 0.5},
    {"height": [None, 0.8]},
    {"height": [-1.0, 1.0]},
    {"threshold": 0.3},
    {"threshold": [None, 1.0]},
    {"threshold": [0.1, 2.0]},
    {"distance": 1},
    {"distance": 3},
    {"distance": 7.2},
    {"distance": 40},
    {"prominence": 0.9},
    {"prominence": [None, 1.5]},
    {"prominence": [0.5, 3.0]},
    {"prominence": 0.5, "wlen": 5},
    {"prominence": 0.5, "wlen": 8},
    {"width": 2},
    {"width": [1.0, 4.0]},
    {"width": [None, 2.5], "rel_height": 0.9},
    {"width": 0, "rel_height": 0},
    {"width": 0, "rel_height": 1},
    {"width": 0, "rel_height": 1.7},
    {"width": 1, "wlen": 11, "rel_height": 0.3},
    {"plateau_size": 2},
    {"plateau_size": [1, 1]},
    {"plateau_size": [2, 3], "distance": 6},
    {"height": 0, "threshold": 0.05, "distance": 4, "prominence": 0.3, "width": [0.5, 20], "plateau_size": [1, 3]},
    {"prominence": 1.0, "distance": 10, "width": 3},
]


def measured(x, conditions):
    """The table that peaks prints: all measures of the peaks that scipy finds."""
    wlen, rel_height = conditions.get("wlen"), conditions.get("rel_height", 0.5)
    found, _ = find_peaks(x, **conditions)
    prominences = peak_prominences(x, found, wlen=wlen)
    widths = peak_widths(x, found, rel_height=rel_height, prominence_data=prominences)
    columns = [found, x[found], *prominences, widths[0], widths[2], widths[3]]
    return [[v.item() for v in row] for row in zip(*columns)]


def cases():
    for name, x in series().items():
        x = np.asarray(x, float)
        found = [{"conditions": c, "peaks": measured(x, c)} for c in CONDITIONS]
        yield {"name": name, "x": x.tolist(), "found": found}


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "find_peaks.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]\n")
