"""Makes a run of each row of a matrix, several times, in random but seeded order: unattended, and resumed where it
stopped.

The matrix is CSV; its header names tags, each row gives them values (an empty cell: without this tag). A run goes
into runs/<tag>+<tag>…/<UTC time>/. Runs that are there count, so the same command goes on after a crash or a reboot.
Every row is asked first whether it can be made at all. A run that fails, or whose steady phase was not steady, is
tried again, up to --tries times."""

import argparse
import csv
import random
import signal
import subprocess
import time
from pathlib import Path

from strainlab import words
from strainlab.command import LAB, Parser, call, reason, run, say
from strainlab.errors import Failed, Usage
from strainlab.processes import die_with_parent

Tags = tuple[str, ...]


def arguments() -> argparse.Namespace:
    parser = Parser(prog="sweep", description=__doc__)
    add = parser.add_argument
    add("matrix", type=Path)
    add("--runs", type=Path, default=Path("runs"), metavar="FOLDER")
    add("--repeats", type=words.count, default=3, metavar="N")
    add("--tries", type=words.count, default=3, metavar="N", help="of each repeat")
    add("--seed", type=int, default=1, metavar="N", help="of the order")
    add("--plan", action="store_true", help="print what is to be done, and do nothing")
    args, others = parser.parse_known_args()
    args.record_words = others
    return args


def read_matrix(path: Path) -> list[Tags]:
    """The tags of each row, sorted, as the name of its folder has them."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, None)
        if not header or len(set(header)) != len(header) or not all(name.isidentifier() for name in header):
            raise Usage(f'{path}: line 1: not a header of different names: "{",".join(header or [])}"')
        found = [tags_of(path, rows.line_num, header, row) for row in rows]
    if len(set(found)) != len(found):
        raise Usage(f"{path}: two rows are the same")
    return found


def tags_of(path: Path, line: int, header: list[str], row: list[str]) -> Tags:
    if len(row) != len(header):
        raise Usage(f'{path}: line {line}: not {len(header)} cells: "{",".join(row)}"')
    found = []
    for name, cell in zip(header, row):
        if cell.strip():
            try:
                tags = words.tags(f"{name}={cell.strip()}")
            except Usage as usage:
                raise Usage(f"{path}: line {line}: {usage}") from None
            if len(tags) != 1:
                raise Usage(f'{path}: line {line}: a tag cannot have a space: "{cell.strip()}"')
            found += tags
    if not found:
        raise Usage(f"{path}: line {line}: no tag")
    return tuple(sorted(found))


def folder_of(args: argparse.Namespace, tags: Tags) -> Path:
    return Path(args.runs) / "+".join(tags)


def missing(args: argparse.Namespace, rows: list[Tags]) -> list[Tags]:
    """What is still to be done: a list of tags, each as often as it is wanted, in the order of the seed.

    The order is that of the whole sweep, whatever is done already.
    """
    whole = [(tags, number) for tags in rows for number in range(args.repeats)]
    random.Random(args.seed).shuffle(whole)
    done = {tags: len(list(folder_of(args, tags).glob("*/run.json"))) for tags in rows}
    return [tags for tags, number in whole if number >= done[tags]]


def record_command(args: argparse.Namespace, tags: Tags, *more: str) -> list[str]:
    run_folder = folder_of(args, tags) / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    return [str(LAB / "record"), str(run_folder), "--tags", " ".join(tags), *args.record_words, *more]


def check_all(args: argparse.Namespace, todo: list[Tags]) -> None:
    """Before the first run: a row that cannot be made is found now, and not after hours."""
    for tags in sorted(set(todo)):
        status, _, complaint = call(record_command(args, tags, "--check"), timeout=2000)
        if status:
            why = reason(complaint).removeprefix("record: ")
            raise (Usage if status == 2 else Failed)(f'cannot be made: "{" ".join(tags)}": {why}')


def make(args: argparse.Namespace, tags: Tags) -> bool:
    """Makes one run; True when it is one."""
    command = record_command(args, tags, "--insist-on-steady")
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent)
    try:
        status = child.wait()
    except Failed:
        # It takes back what it did, and marks the run.
        child.send_signal(signal.SIGTERM)
        child.wait()
        raise
    if status == 2:
        raise Usage(f'cannot be made: "{" ".join(tags)}"')
    return status == 0


def left(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def sweep() -> None:
    args = arguments()
    todo = missing(args, read_matrix(args.matrix))
    if args.plan:
        print("\n".join(" ".join(tags) for tags in todo))
        return
    check_all(args, todo)
    begun, given_up = time.monotonic(), []
    for number, tags in enumerate(todo):
        each = (time.monotonic() - begun) / number if number else None
        remaining = f", {left(each * (len(todo) - number))} left" if each else ""
        say(f"{number + 1} of {len(todo)}{remaining}: {' '.join(tags)}")
        if not any(make(args, tags) for _ in range(args.tries)):
            given_up.append(tags)
            say(f"given up after {args.tries} tries: {' '.join(tags)}")
    say(f"{len(todo) - len(given_up)} runs made, {len(given_up)} given up")
    if given_up:
        raise Failed("not all runs could be made")


def main() -> int:
    return run(sweep)
