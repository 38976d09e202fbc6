"""Puts load on a stack for a while: Locust without its pages, from the venv or from a container that is removed at
the end.

Writes Locust's tables (its history with the users and the spawn rate that were asked for), requests.csv (a row per
request), phases.jsonl and load.json (what was asked, what was run, when) to a folder. Failed requests are counted and
do not fail the load. In a container, Locust joins the network of the stack and writes as the user who asked."""

import argparse
import time
from pathlib import Path

from strainlab import criteria, phases, record, words
from strainlab.command import Parser, run, say
from strainlab.docker import engine, stack, stacks
from strainlab.docker.journal import LOAD, Journal
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed, Usage
from strainlab.load import container, generator
from strainlab.load.generator import Load
from strainlab.lock import only_one_at_a_time
from strainlab.phases import Phase
from strainlab.processes import Processes
from strainlab.shapes import SHAPES


def arguments() -> argparse.Namespace:
    parser = Parser(prog="load", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path, help="for the record; must not hold one yet")
    add("--by", choices=generator.BY, default="venv", help="Locust in the venv or in a container, or k6")
    add("--users", type=words.count, default=20)
    add("--spawn-rate", type=words.above_0, default=10.0, metavar="USERS/S")
    add("--shape", choices=SHAPES, default="steady")
    add("--time", type=words.seconds, default=60.0, metavar="TIME", help="such as 60s (default)")
    add("--tags", default="", help="Locust's: browse account cart order; all by default")
    add("--criteria", type=criteria.read, metavar="FILE", help="TOML; the load stops when they are broken")
    add("--locust", default=".venv/bin/locust", metavar="PROGRAM")
    add("--dry-run", action="store_true", help="print the command only")
    args = parser.parse_args()
    if args.time < 1:
        raise Usage("time: less than a second")
    return args


def planned(args: argparse.Namespace, of: Stack) -> Load:
    inside = args.by == "docker"
    host = stack.inner_door(of) if inside else stack.front_door(of)
    if not host:
        raise Usage("no front door: FRONT_DOOR=service:port or HOST_URL=http://… says where the load goes")
    return Load(
        folder=args.folder,
        planned=[Phase("load", args.time, args.users, args.spawn_rate, args.shape)],
        host=host,
        by=args.by,
        program=args.locust,
        script=of.script(args.by),
        tags=args.tags.split(),
        criteria=args.criteria,
        network=stack.network(of) if inside else "",
    )


def make(load: Load) -> None:
    """Under the lab's lock, so that no two loads are measured as one, and with its way back written down."""
    phase = load.planned[0]
    say(f"{phase.users} users, {phase.shape}, for {phase.seconds:g} s")
    told = {"by": load.by, "host": load.host, "tags": load.tags, "command": load.shown()}
    with Journal(LOAD) as book, Processes(record.new_folder(load.folder)) as processes:
        book.write([], [container.NAME] if load.by == "docker" else [])
        try:
            status = generator.make(load, processes)
        finally:
            generator.end(load)
            book.clear()
    begun = phases.read(load.folder)
    if len(begun) < 2:
        raise Failed(f"the load wrote no phases: see {load.folder / 'logs' / 'load.log'}")
    broken = generator.broken(load.folder)
    made = {"start": begun[0]["start"], "end": begun[-1]["start"], "exit": status, "broken": broken}
    asked = {"users": phase.users, "spawn_rate": phase.spawn_rate, "shape": phase.shape, "seconds": phase.seconds}
    record.write_json(load.folder / "load.json", asked | told | made | {"written": round(time.time(), 3)})
    if broken:
        say(f"stopped: {broken['criterion']} is {broken['value']:g}, above {broken['bound']:g}")
    say(f"the load's record is in {load.folder}")


def load() -> None:
    args = arguments()
    if args.by == "docker":
        engine.info()
    chosen = planned(args, stacks.chosen())
    if args.dry_run:
        print(chosen.shown())
        return
    if args.by == "docker":
        engine.require_images(container.IMAGE)
    chosen.require()
    with only_one_at_a_time():
        make(chosen)


def main() -> int:
    return run(load)
