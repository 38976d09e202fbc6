"""Frames, as the filters read and write them, and as a notebook shows them."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import pandas as pd

TIME = "time"
FIRST_TIME = 1_000_000_000
SHOWN = ["rank", "service", "metric", "steady", "overload", "pct_change", "score"]


def is_frame(value: object) -> bool:
    """True for a DataFrame of pandas or polars."""
    return isinstance(value, pd.DataFrame) or hasattr(value, "write_csv")


def as_csv(frame: Any) -> bytes:
    """A grid or a table as CSV. The index is the column of times, unless it only counts."""
    if not isinstance(frame, pd.DataFrame):
        return str(frame.write_csv()).encode()
    timed = not _counts(frame.index)
    return frame.to_csv(index=timed, index_label=(frame.index.name or TIME) if timed else None).encode()


def _counts(index: pd.Index) -> bool:
    """True for whole numbers without a name that are no times from 2001 on: a count, or what a filter left of it."""
    return index.name is None and pd.api.types.is_integer_dtype(index) and (index < FIRST_TIME).all()


def table(text: bytes) -> pd.DataFrame:
    """A table that a filter wrote."""
    return pd.read_csv(io.BytesIO(text))


def grid(text: bytes) -> pd.DataFrame:
    """A grid that a filter wrote, its times (UTC) as the index; `window`, where there is one, stays a column."""
    frame = pd.read_csv(io.BytesIO(text))
    times = pd.to_datetime(frame.pop(TIME), unit="s", utc=True)
    return frame.set_index(pd.DatetimeIndex(times, name=TIME))


class Page:
    """A page of HTML, shown inline in a notebook."""

    def __init__(self, text: str) -> None:
        self.text = text

    def save(self, path: str | Path) -> Path:
        """Writes the page to a file."""
        path = Path(path)
        path.write_text(self.text, encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        source = html.escape(self.text, quote=True)
        return f'<iframe srcdoc="{source}" sandbox="allow-scripts" style="width:100%;height:640px;border:0"></iframe>'

    def __repr__(self) -> str:
        return f"<strain.Page, {len(self.text):,} characters: shown in a notebook, else .save(path)>"


class Comparison(pd.DataFrame):
    """The ranking of a comparison, the first suspect first, with the verdict and what belongs to it."""

    _metadata = ["verdict", "summary", "services", "page", "grids"]
    #: "worse", "quiet" or "undecided".
    verdict: str
    #: The verdict in words, as Markdown.
    summary: str
    #: The ranking by service.
    services: pd.DataFrame
    #: All of it as a page.
    page: Page
    #: The grids that were compared, the steady one first: frames, or the paths that were given.
    grids: tuple[Any, Any]

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        shown = self[[name for name in SHOWN if name in self.columns]].head(20)
        return f"<p><b>{html.escape(self.words)}</b></p>{shown.to_html(index=False, na_rep='')}"

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        lines = [line for line in self.summary.splitlines() if line and not line.startswith("#")]
        return lines[0].replace("\\", "") if lines else ""
