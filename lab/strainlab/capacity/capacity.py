"""Finds how much a stack can take: open arrivals, faster and faster until a bound breaks, then between by halving.

Tasks begin when they are due, whether or not earlier ones have been answered; response times count from then, so a
system that stalls cannot hide it by holding back its customers. Writes levels.csv (a row per rate, with the figure of a
closed load beside), scaling.csv (rank --load over all levels), services.csv (what changed most when it broke) and
capacity.json into a folder, and each level's own records into a folder in it. Prints the verdict.
"""

import argparse
import math
import time
from pathlib import Path
from typing import Any

from strainlab import fetch, phases, record, words
from strainlab.capacity import search, verdict
from strainlab.capacity.search import Bounds, Level
from strainlab.capacity.verdict import Filters
from strainlab.command import Parser, run, say, setting
from strainlab.docker import ready, specs, stack, stacks
from strainlab.docker.journal import LOAD, Journal
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed, Usage, plain
from strainlab.load import generator
from strainlab.load.generator import Load
from strainlab.lock import only_one_at_a_time
from strainlab.phases import Phase
from strainlab.processes import Processes

# Tasks under way at once, in terms of those of a level that just holds its bound (Little's law); some to begin with.
SPARE_HANDS, FIRST_HANDS = 2, 10


def arguments() -> argparse.Namespace:
    parser = Parser(prog="capacity", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path, help="for the record; must not hold one yet")
    add("--first", type=words.above_0, default=10.0, metavar="RATE", help="tasks a second to begin with [10]")
    add("--most", type=words.above_0, default=5000.0, metavar="RATE", help="ends there [5000]")
    add("--tolerance", type=words.percent, default=10.0, metavar="%", help="how well the limit is to be known [10]")
    add(
        "--p95",
        type=words.milliseconds,
        default=500,
        metavar="TIME",
        help="of the response times, from when due [500ms]",
    )
    add("--failures", type=words.percent, default=1.0, metavar="%", help="of the tasks, unanswered ones included [1]")
    add("--settle", type=words.seconds, default=5.0, metavar="TIME", help="of each level, not counted [5s]")
    add("--time", type=words.seconds, default=20.0, metavar="TIME", help="of each level [20s]")
    add("--locust", default=".venv/bin/locust", metavar="PROGRAM")
    for name in ("prom-fetch", "grid-build", "rank"):
        add(f"--{name}", type=Path, default=Path("target/release") / name, metavar="PROGRAM")
    return parser.parse_args()


def planned(args: argparse.Namespace, of: Stack, folder: Path, rate: float) -> Load:
    hands = math.ceil(SPARE_HANDS * rate * args.p95 / 1000) + FIRST_HANDS

    def phase(name: str, seconds: float) -> Phase:
        return Phase(name, seconds, hands, hands, rate=rate)

    host = stack.front_door(of)
    if not host:
        raise Usage("no front door: FRONT_DOOR=service:port or HOST_URL=http://… says where the load goes")
    both = [phase("warm-up", args.settle), phase("level", args.time)]
    return Load(folder, both, host, program=args.locust, script=of.script("venv"))


def make_level(args: argparse.Namespace, of: Stack, rate: float) -> tuple[Path, Level]:
    """One rate, in a folder of its own: load, what Prometheus saw of it, and what it made of the system."""
    folder = args.folder / f"{rate:g}-per-s"
    logs = record.new_folder(folder)
    load = planned(args, of, folder, rate)
    load.require()
    with Journal(LOAD) as book, Processes(logs) as processes:
        book.write([], [])
        generator.make(load, processes)
        book.clear()
    (made,) = phases.made(folder, load.planned)
    time.sleep(2 * fetch.SCRAPE_INTERVAL_S)
    fetch.phase(folder, args.prom_fetch, stack.prometheus(of), made)
    record.write_json(folder / "run.json", {"command": load.shown(), "phases": [made]})
    record.compress(folder / "requests.csv")
    arrivals = search.read_arrivals(folder / "arrivals.csv")
    bounds = Bounds(args.p95, args.failures / 100)
    level = search.measure(arrivals, made["start"], made["end"], rate, bounds)
    mark = "holds" if level.holds else "breaks"
    say(
        f"{rate:g} a second: p95 {level.p95_ms:.0f} ms ({level.p95_sent_ms:.0f} ms from when sent), "
        f"{level.failures:.1%} failed: {mark}"
    )
    return folder, level


def search_all(args: argparse.Namespace, of: Stack) -> tuple[list[Path], list[Level]]:
    folders: list[Path] = []
    levels: list[Level] = []
    while (rate := search.next_rate(levels, args.first, args.most, args.tolerance / 100)) is not None:
        folder, level = make_level(args, of, rate)
        folders.append(folder)
        levels.append(level)
    return folders, levels


def judged(args: argparse.Namespace, folders: list[Path], levels: list[Level]) -> dict[str, Any]:
    filters = Filters(args.grid_build, args.rank)
    made = verdict.grids(filters, folders, levels)
    verdict.write_levels(args.folder / "levels.csv", levels)
    rates = sorted((level.rate, level.holds) for level in levels)
    broken = min((rate for rate, holds in rates if not holds), default=None)
    held = max(rate for rate, holds in rates if holds and (broken is None or rate < broken))
    first = None
    if broken is not None:
        at = [rate for rate, _ in rates].index(broken)
        first = verdict.gave_first(filters, made[0], made[at], args.folder / "services.csv")
    return {
        "holds_per_s": held,
        "breaks_per_s": broken,
        "bounds": {"p95_ms": args.p95, "failures": args.failures / 100},
        "scaling": verdict.scaling(filters, made, args.folder / "scaling.csv"),
        "gave_first": first,
    }


def capacity() -> None:
    args = arguments()
    of = stacks.chosen()
    with only_one_at_a_time():
        record.new_folder(args.folder)
        made: record.Record = {"stack": setting("STACK", "shop")}
        try:
            ready.heal_and_bring_up(of, made)
            if not stack.prometheus(of):
                raise Usage("no Prometheus: PROMETHEUS=service:port, PROMETHEUS_URL=http://… or SCRAPE=FILE names one")
            made["docker"] = specs.specs()
            made |= judged(args, *search_all(args, of))
        except (Failed, Usage, OSError) as failure:
            record.mark_interrupted(args.folder, made, failure)
            raise type(failure)(plain(failure)) from None
    record.write_json(args.folder / "capacity.json", made)
    print(verdict.words(made))


def main() -> int:
    return run(capacity)
