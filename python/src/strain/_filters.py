"""A function for each filter, and one for all of them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Union

import pandas as pd

from strain import _frames
from strain._frames import Comparison, Page, as_csv, is_frame
from strain._process import run

#: A frame (pandas or polars), the bytes of a file, or its path.
Data = Union[pd.DataFrame, bytes, str, "os.PathLike[str]", Any]


def fetch(*queries: str, **options: Any) -> bytes:
    """Series lines of a Prometheus-compatible server: `fetch(url=…, start=…, end=…)`. See its `--help`."""
    return run("prom-fetch", *queries, **options)


def spans(*traces: Data, **options: Any) -> bytes:
    """Series lines of what calls cost, from traces; with `edges=True` who calls whom, as CSV."""
    return run("spans", *traces, **options)


def grid(*series: Data, **options: Any) -> pd.DataFrame:
    """A row per timestamp and a column per series, from series lines or any table: `grid(lines, like=steady)`."""
    return _frames.grid(run("grid-build", *series, to="csv", **options))


def znorm(frame: Data, **options: Any) -> pd.DataFrame:
    """Every column in units of its own spread, or of `baseline=`."""
    return _frames.grid(run("znorm", frame, to="csv", **options))


def peaks(frame: Data, **options: Any) -> pd.DataFrame:
    """The peaks of `on=`; with `cut=` the windows around them, as a grid."""
    text = run("peaks", frame, to="csv", **options)
    return _frames.grid(text) if "cut" in options else _frames.table(text)


def dtw(frame: Data, query: Data, **options: Any) -> pd.DataFrame:
    """Which columns move as `query` does, and which before it."""
    return _frames.table(run("dtw", frame, query=query, to="csv", **options))


def pca(frame: Data, **options: Any) -> pd.DataFrame:
    """Which metrics move together; `emit=` says what of it."""
    text = run("pca", frame, to="csv", **options)
    return _frames.grid(text) if options.get("emit") in ("reduced", "scores") else _frames.table(text)


def rank(*overload: Data, **options: Any) -> pd.DataFrame:
    """What changed for the worse since `baseline=`; with `load=` what scales least."""
    return _frames.table(run("rank", *overload, to="csv", **options))


def faults(frame: Data, library: str | os.PathLike[str], **options: Any) -> pd.DataFrame:
    """Which known fault a run resembles."""
    return _frames.table(run("faults", frame, library=library, to="csv", **options))


def report(ranking: Data, **options: Any) -> Page:
    """The page of a ranking: `report(ranking, grid=overload, baseline=steady)`."""
    return Page(run("report", ranking, **options).decode())


def show(frame: Data, **options: Any) -> pd.DataFrame:
    """The course of every column as a line of blocks."""
    return _frames.table(run("show", frame, to="csv", **options))


def compare(steady: Data, overload: Data, **options: Any) -> Comparison:
    """Compares an overload with a steady state: two grids, files of series lines, or ranges of time with `url=`.

    The ranking comes back as a frame, with `verdict`, `summary`, `services`, `page` and both grids on it. `output=`
    keeps the folder of all results. Options are those of `strain compare --help`.
    """
    with tempfile.TemporaryDirectory(prefix="strain-") as scratch:
        kept = options.pop("output", None)
        folder = Path(kept) if kept is not None else Path(scratch, "results")
        folder.mkdir(parents=True, exist_ok=True)
        sources = [_phase(data, folder / f"{name}.csv") for name, data in (("steady", steady), ("overload", overload))]
        run("compare", steady=sources[0], overload=sources[1], output=folder, **options)
        result = Comparison(_frames.table((folder / "rank.csv").read_bytes()))
        result.verdict = str(result["verdict"].iloc[0])
        result.summary = (folder / "summary.md").read_text(encoding="utf-8")
        result.services = _frames.table((folder / "services.csv").read_bytes())
        result.page = Page((folder / "report.html").read_text(encoding="utf-8"))
        made = (_made(data, folder / f"{name}.csv") for name, data in (("steady", steady), ("overload", overload)))
        result.grids = (next(made), next(made))
        return result


def _phase(data: Data, file: Path) -> str:
    """A frame as a file in the folder of the results; a path or a range of time as it is."""
    if is_frame(data) or isinstance(data, bytes):
        text = data if isinstance(data, bytes) else as_csv(data)
        file = file.with_suffix(".jsonl") if text[:1] in (b"{", b"[") else file
        file.write_bytes(text)
        return str(file)
    return str(data)


def _made(data: Data, file: Path) -> Data:
    """The grid that was made of series; one that was given, as it is."""
    return _frames.grid(file.read_bytes()) if not is_frame(data) and file.is_file() else data
