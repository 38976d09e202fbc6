"""Lists the runs under a folder: tags, time, and what became of each."""

import argparse
import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strainlab import record
from strainlab.command import Parser, run
from strainlab.errors import Usage

COLUMNS = ["time", "tags", "seconds", "verdict", "first", "folder", "page"]
# By what a run's folder holds: the file that ends it, and what that means.
ENDS = {"run.json": "run", "unsteady.json": "unsteady", "interrupted.json": "interrupted"}


def arguments() -> argparse.Namespace:
    parser = Parser(prog="runs", description=__doc__)
    add = parser.add_argument
    add("folders", type=Path, nargs="*", help="these only", metavar="RUN")
    add("--runs", type=Path, metavar="FOLDER", help="all runs in here (runs)")
    add("--to", choices=["table", "csv"], default="table")
    return parser.parse_args()


def row(folder: Path) -> dict[str, str]:
    """One run in words; a folder without a record was killed in mid-run, or is being made."""
    name = next((name for name in ENDS if (folder / name).exists()), None)
    made: dict[str, Any] = record.read_json(folder / name) if name else {}
    phases = made.get("phases") or []
    tags = made.get("tags") or folder.parent.name.split("+")
    return {
        "time": time_of(folder, phases),
        "tags": " ".join(tags),
        "seconds": f"{phases[-1]['end'] - phases[0]['start']:.0f}" if phases else "",
        "verdict": verdict(ENDS.get(name or "", "no record"), made),
        "first": first_service(folder / "services.csv"),
        "folder": str(folder),
        "page": "/".join((*folder.parts[-2:], "report.html")) if (folder / "report.html").exists() else "",
    }


def time_of(folder: Path, phases: list[dict[str, Any]]) -> str:
    if not phases:
        return folder.name
    return datetime.fromtimestamp(phases[0]["start"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def verdict(end: str, made: dict[str, Any]) -> str:
    """Steady or why not, criteria that were broken, or why it is no run."""
    if end == "interrupted":
        return f"interrupted: {made.get('interrupted')}"
    if end == "no record":
        return end
    steady = made.get("steadiness")
    words = [end if end == "unsteady" else "steady" if steady and steady["steady"] else "run"]
    if steady and not steady["steady"]:
        words.append(steady["why"])
    if broken := made.get("broken"):
        words.append(f"stopped: {broken['criterion']} {broken['value']:g} above {broken['bound']:g}")
    return ", ".join(words)


def first_service(table: Path) -> str:
    """The service that was ranked first, where the chain has been made."""
    if not table.exists():
        return ""
    with open(table, encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file), {}).get("service", "")


def print_runs() -> None:
    args = arguments()
    for named in [*args.folders, *filter(None, [args.runs])]:
        if not named.is_dir():
            raise Usage(f'no such folder: "{named}"')
    folders = args.folders or sorted(path for path in (args.runs or Path("runs")).glob("*/*") if path.is_dir())
    rows = sorted(map(row, folders), key=lambda each: each["time"])
    if args.to == "csv":
        table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        return
    # The page stands in the folder.
    shown = COLUMNS[:-1]
    widths = {name: max([len(name), *(len(each[name]) for each in rows)]) for name in shown}
    for each in [dict(zip(shown, shown)), *rows]:
        print("  ".join(each[name].ljust(widths[name]) for name in shown).rstrip())


def main() -> int:
    return run(print_runs)
