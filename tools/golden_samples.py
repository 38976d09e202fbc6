"""The samples that lib/stats and rank are tested on against numpy and scipy."""
import numpy as np


def pairs(rng):
    """Pairs (steady, overload): smooth, tied, tiny, constant, shifted, heavy-tailed."""
    yield rng.normal(10, 2, 60), rng.normal(11, 3, 45)
    yield rng.poisson(3, 80).astype(float), rng.poisson(4, 50).astype(float)
    yield rng.integers(0, 2, 30).astype(float), rng.integers(0, 3, 7).astype(float)
    yield np.full(12, 100.0), np.array([100.0, 97.5, 96.0, 99.0])
    yield np.full(9, 0.0), np.array([0.0, 3.0, 2.0])
    yield rng.lognormal(0, 2, 200), rng.lognormal(1, 2, 200)
    yield np.array([1.0, 2.0, 3.0]), np.array([4.0])
    yield np.arange(40.0), np.arange(40.0) + 100
    yield rng.normal(1e9, 1, 25), rng.normal(1e9 + 1, 1, 25)
