"""What the filters say of the levels: grids of each, the fit of the load curve, and the service that gave first."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strainlab.capacity.search import Level
from strainlab.command import output

# The rate that was offered, as a column of each grid: what `rank --load` goes by.
LOAD = "locust_arrivals_per_s"
# A level's grid without it: what the others are made like.
GRID = "grid.csv"
LATENCY = 'locust_response_time_ms{quantile="0.95"}'
THROUGHPUT = "locust_rps"


@dataclass(frozen=True)
class Filters:
    """The programs that are asked."""

    grid_build: Path
    rank: Path


def grid(filters: Filters, folder: Path, level: Level, like: Path | None) -> Path:
    """The grid of a level, all metrics and the load's own, with the rate in a column of its own."""
    words = ["--histograms", "quantiles", "--quiet", "--locust", folder / "locust"]
    words += ["--locust-requests", folder / "requests.csv.gz", "--locust-run", folder / "run.json"]
    words += ["--like", like] if like else []
    text = output([filters.grid_build, *words, folder / "level.jsonl.gz"], timeout=600)
    (folder / GRID).write_text(text, encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    target = folder / "level.csv"
    with open(target, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*rows[0], LOAD])
        table.writerows([*row, f"{level.rate:g}"] for row in rows[1:])
    return target


def grids(filters: Filters, folders: Sequence[Path], levels: Sequence[Level]) -> list[Path]:
    """Of all levels, in the order of their rates; the columns are those of the lowest."""
    found: list[Path] = []
    for folder, level in sorted(zip(folders, levels), key=lambda each: each[1].rate):
        found.append(grid(filters, folder, level, found[0].with_name(GRID) if found else None))
    return found


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def scaling(filters: Filters, made: Sequence[Path], target: Path) -> dict[str, Any]:
    """The knee of the response time, and the Universal Scalability Law of the throughput (Gunther 1993)."""
    text = output([filters.rank, "--quiet", "--load", LOAD, "--to", "csv", *made], timeout=600)
    target.write_text(text, encoding="utf-8")
    rows = {row["metric"]: row for row in table(text)}
    law = rows.get(THROUGHPUT, {})
    found = {name: law.get(name) for name in ("lambda", "sigma", "kappa", "peak_load", "note")}
    numbers = {name: float(text) if text and name != "note" else text or None for name, text in found.items()}
    knee = rows.get(LATENCY, {}).get("knee")
    return {"knee_per_s": float(knee) if knee else None, "law": numbers}


def gave_first(filters: Filters, lowest: Path, broken: Path, target: Path) -> dict[str, str] | None:
    """The service that changed most between the lowest level and the lowest that broke."""
    text = output(
        [filters.rank, "--quiet", "--baseline", lowest, "--by", "service", "--to", "csv", broken], timeout=600
    )
    target.write_text(text, encoding="utf-8")
    first = next(iter(table(text)), None)
    return {name: first[name] for name in ("service", "metric", "score")} if first else None


def words(verdict: dict[str, Any]) -> str:
    """The verdict for people."""
    held, broken, law = verdict["holds_per_s"], verdict["breaks_per_s"], verdict["scaling"]["law"]
    lines = [f"{held:g} tasks a second hold" + (f", {broken:g} do not" if broken else "; no limit was found")]
    knee = verdict["scaling"]["knee_per_s"]
    lines.append(f"knee of the response time: {knee:g} a second" if knee else "knee of the response time: none found")
    if law["sigma"] is not None:
        peak = f", most at {law['peak_load']:g} a second" if law["peak_load"] else ""
        note = f" ({law['note']})" if law["note"] else ""
        lines.append(f"scalability law: sigma {law['sigma']:.3g}, kappa {law['kappa']:.3g}{peak}{note}")
    if first := verdict["gave_first"]:
        lines.append(f"gave first: {first['service']} ({first['metric']})")
    return "\n".join(lines)


def write_levels(path: Path, levels: Sequence[Level]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(levels[0].row()), lineterminator="\n")
        rows.writeheader()
        rows.writerows(level.row() for level in sorted(levels, key=lambda each: each.rate))
