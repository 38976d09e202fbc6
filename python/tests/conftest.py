"""The recorded run, as frames."""

from pathlib import Path

import pandas as pd
import pytest

import strain

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def steady() -> pd.DataFrame:
    return strain.grid(EXAMPLES / "shop-carts/steady.jsonl.gz", histograms="quantiles")


@pytest.fixture(scope="session")
def overload(steady: pd.DataFrame) -> pd.DataFrame:
    return strain.grid(EXAMPLES / "shop-carts/overload.jsonl.gz", histograms="quantiles", like=steady)
