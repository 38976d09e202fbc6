"""Files the fault runs as examples that `faults` knows faults by, and says how well it would know each from the
others.

An example is the overload grid of a run, in units of its steady state, under <library>/<kind>/. A run is filed once.

Prints as CSV what faults takes the runs for, counted: when the run itself is left out of the library, when all runs
of its service are, and when all of its kind of fault are; or all with the same value of whatever other tags --leave
names. Each is asked twice: when faults has to find the service that was hit, and when it is told. "none of these" is
right where no example of the kind is left."""

import argparse
import csv
import io
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from strainlab import record, words
from strainlab.command import Parser, output, run, say
from strainlab.errors import Failed, Usage

NONE = "none of these"
Counts = Counter[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Run:
    """A fault run: its folder and tags, what was done to which service, and its example in the library."""

    folder: Path
    tags: dict[str, str]
    kind: str
    service: str
    example: Path


def arguments() -> argparse.Namespace:
    parser = Parser(prog="library", description=__doc__)
    add = parser.add_argument
    add("--library", type=Path, default=Path("fault-library"), metavar="FOLDER")
    add("--runs", type=Path, default=Path("runs"), metavar="FOLDER")
    add("--faults", default="target/release/faults", metavar="PROGRAM")
    add(
        "--leave",
        default="run,service,fault",
        metavar="TAGS",
        help="what is left out: run, or tags [default: %(default)s]",
    )
    add("--kind", help="file the one run named with --run as this kind, whatever was done to it")
    add("--run", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if (args.kind is None) != (args.run is None):
        raise Usage("give --kind and --run together, or neither")
    if args.kind is not None:
        words.name("kind", args.kind)
    if args.run is not None and not args.run.is_dir():
        raise Usage(f'run: not a folder: "{args.run}": say RUN=runs/…')
    return args


def grids(folder: Path) -> tuple[Path, Path]:
    found = folder / "steady.csv", folder / "overload.csv"
    for grid in found:
        if not grid.exists():
            raise Failed(f"{grid}: not there: make analyse makes it")
    return found


def ranked(folder: Path) -> list[object]:
    """What rank found in a run, as faults takes it."""
    table = folder / "rank.csv"
    return ["--with", table] if table.exists() else []


def start_of(grid: Path) -> str:
    with open(grid, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return next(rows, [""])[0]


def file_run(args: argparse.Namespace, folder: Path, kind: str, service: str | None) -> None:
    steady, overload = grids(folder)
    named = ["--service", service] if service else []
    output(
        [args.faults, "--library", args.library, "add", kind, "--baseline", steady, *ranked(folder), *named, overload]
    )


def file_all(args: argparse.Namespace) -> list[Run]:
    """All fault runs, each filed unless it is there."""
    runs, filed = [], 0
    for path in sorted(args.runs.glob("*/*/run.json")):
        made = record.read_json(path)
        fault = made.get("fault")
        # A fault of load alone may have no service to be filed under.
        if fault and fault["service"]:
            kind, service = fault["fault"], fault["service"]
            example = args.library / kind / f"{service}-{start_of(grids(path.parent)[1])}.csv"
            if not example.exists():
                file_run(args, path.parent, kind, service)
                filed += 1
            runs.append(Run(path.parent, words.pairs(made["tags"]), kind, service, example))
    if not runs:
        raise Failed(f'no run with a fault: "{args.runs}"')
    say(f"{filed} of {len(runs)} fault runs filed under {args.library}/, the others were there")
    return runs


def answer(args: argparse.Namespace, asked: Run, others: list[Path], told: bool) -> str:
    """What faults takes a run for when these are the examples it knows."""
    with tempfile.TemporaryDirectory() as folder:
        for other in others:
            kind = Path(folder) / other.parent.name
            kind.mkdir(exist_ok=True)
            (kind / other.name).symlink_to(other.resolve())
        steady, overload = grids(asked.folder)
        named = [*ranked(asked.folder), *(["--service", asked.service] if told else [])]
        command = [args.faults, "--library", folder, "--to", "csv", "--quiet", "--baseline", steady, *named, overload]
        rows = output(command)
        return next(csv.DictReader(io.StringIO(rows)))["kind"]


def left_out(tag: str, asked: Run, runs: list[Run]) -> set[Path]:
    """The examples to leave out when a run is asked about."""
    alike = [other for other in runs if other is asked or tag != "run" and other.tags.get(tag) == asked.tags.get(tag)]
    return {other.example for other in alike}


def confusion(args: argparse.Namespace, runs: list[Run], tag: str, told: bool) -> Counts:
    """Counter of (kind, answer) over all runs, and how many answers were right."""
    examples = sorted(path for path in args.library.glob("*/*.csv") if not path.name.startswith("."))
    counts: Counts = Counter()
    right = 0
    for each in runs:
        without = left_out(tag, each, runs)
        others = [path for path in examples if path not in without]
        given = answer(args, each, others, told) if others else NONE
        counts[each.kind, given] += 1
        right += given == (each.kind if any(path.parent.name == each.kind for path in others) else NONE)
    how = "told" if told else "found"
    say(f"{tag} left out, service {how}: {right} of {len(runs)} known for what they are")
    return counts


def print_matrices(matrices: dict[tuple[str, bool], Counts]) -> None:
    """A row for each thing left out, whether the service was found or told, and kind; a column for each answer."""
    seen = {name for counts in matrices.values() for pair in counts for name in pair}
    answers = [*sorted(seen - {NONE}), NONE]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["left_out", "service", "kind", *answers])
    for (tag, told), counts in matrices.items():
        for kind in sorted({kind for kind, _ in counts}):
            table.writerow([tag, "told" if told else "found", kind, *(counts[kind, given] for given in answers)])


def library() -> None:
    args = arguments()
    if args.kind is not None:
        file_run(args, args.run, args.kind, None)
        say(f"filed as {args.kind}")
        return
    runs = file_all(args)
    tags = args.leave.split(",")
    print_matrices({(tag, told): confusion(args, runs, tag, told) for tag in tags for told in (False, True)})


def main() -> int:
    return run(library)
