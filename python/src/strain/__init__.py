"""What gives first? The filters of strain, from Python.

Every function runs the filter of its name as a process: frames go in as CSV, tables come out as frames. Nothing is
computed here. Options are those of the command line, `--like` is `like=`, a flag is `True`, a list repeats it; an
option that names a file takes a frame as well.

    result = strain.compare(steady, overload)     # two grids: a DataFrame, the first suspect first
    result.verdict, result.summary, result.page

A grid is a DataFrame with the times as its index and a column per metric.
"""

from strain._filters import compare, dtw, faults, fetch, grid, pca, peaks, rank, report, show, spans, znorm
from strain._frames import Comparison, Page
from strain._process import StrainError, run

__all__ = [
    "Comparison",
    "Page",
    "StrainError",
    "compare",
    "dtw",
    "faults",
    "fetch",
    "grid",
    "pca",
    "peaks",
    "rank",
    "report",
    "run",
    "show",
    "spans",
    "znorm",
]
