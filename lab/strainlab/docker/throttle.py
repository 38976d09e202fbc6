"""Limits what services may use, by the machine's specs: the small shop on a big machine breaks as on a small one.

A share is a part of all the cores that the engine has, --cpus a number of them. The same limits hold for every
service (or for the services named), or a table has a row for each, with the columns service and any of cpu_share,
cpus, memory, pids (an empty cell: as it is). What was set before and is not named stays. Services that are left alone
(Prometheus, cAdvisor, LEAVE_ALONE) are never limited. Writes a Compose override that `stack up` adds, changes the
containers that run, reads back what was set, and prints that as JSON; the engine cannot change rates of a disk on a
container that runs: they hold from the next up. --off takes all limits away, and says what the engine cannot unset.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

from strainlab import record, words
from strainlab.command import Parser, run, say
from strainlab.docker import compose, engine, limits, stacks
from strainlab.docker.engine import Facts, inspect
from strainlab.docker.limits import Limits
from strainlab.docker.stacks import Stack
from strainlab.errors import Usage

# Column of a table: how its cells are read.
COLUMNS = {"cpu_share": words.share, "cpus": words.above_0, "memory": words.memory, "pids": words.count}
Wanted = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = Parser(prog="throttle", description=__doc__)
    add = parser.add_argument
    add("--cpu-share", type=words.share, metavar="SHARE", help="part of all cores, above 0 and up to 1")
    add("--cpus", type=words.above_0, metavar="CORES", help="such as 1.5")
    add("--memory", type=words.memory, metavar="SIZE", help="such as 256m")
    add("--pids", type=words.count, metavar="N", help="processes and threads")
    add("--io-device", type=Path, metavar="DEVICE", help="such as /dev/sda; with --io-read, --io-write")
    add("--io-read", type=words.memory, metavar="SIZE", help="bytes a second, such as 10m")
    add("--io-write", type=words.memory, metavar="SIZE", help="bytes a second")
    add("--service", action="append", metavar="NAME", help="this service only; may be repeated")
    add("--table", type=Path, metavar="FILE", help="CSV: service and any of cpu_share, cpus, memory, pids")
    add("--off", action="store_true", help="no limits any more")
    args = parser.parse_args()
    args.named = {
        name: getattr(args, name) for name in (*COLUMNS, "io_read", "io_write") if getattr(args, name) is not None
    }
    if sum([bool(args.named), args.table is not None, args.off]) != 1:
        raise Usage(
            "give limits (--cpu-share or --cpus, --memory, --pids, --io-read, --io-write), or --table, or --off"
        )
    if "cpu_share" in args.named and "cpus" in args.named:
        raise Usage("give --cpu-share or --cpus, not both")
    if bool(args.io_device) != bool({"io_read", "io_write"} & set(args.named)):
        raise Usage("--io-device goes with --io-read or --io-write")
    return args


def read_table(path: Path, known: list[str]) -> dict[str, Wanted]:
    """{service: its limits}; an empty cell names none."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = list(rows.fieldnames or [])
        if names[:1] != ["service"] or len(names) < 2 or not set(names[1:]) <= set(COLUMNS):
            raise Usage(f'{path}: line 1: not "service" and any of {", ".join(COLUMNS)}: "{",".join(names)}"')
        table: dict[str, Wanted] = {}
        for row in rows:
            where = f"{path}: line {rows.line_num}"
            if None in row or None in row.values():
                raise Usage(f"{where}: not {len(names)} cells")
            check_service(row["service"], known, where)
            try:
                table[row["service"]] = {name: COLUMNS[name](row[name]) for name in names[1:] if row[name]}
            except Usage as usage:
                raise Usage(f"{where}: {usage}") from None
    return table


def check_service(name: str, known: list[str], where: str) -> None:
    if name not in known:
        raise Usage(f'{where}: no such service (one of {", ".join(known)}): "{name}"')


def wanted(args: argparse.Namespace, stack: Stack) -> dict[str, Wanted]:
    """{service: its limits} of the command line."""
    known = sorted(set(compose.services(stack)) - set(stack.leave_alone))
    if args.table:
        return read_table(args.table, known)
    for name in args.service or []:
        check_service(name, known, "service")
    return {name: args.named for name in args.service or known}


def limits_of(name: str, told: Wanted, machine: Facts) -> Limits:
    """In cores, bytes and processes; refused where the machine has not as much."""
    cpus = told.get("cpus")
    if "cpu_share" in told:
        cpus = limits.cpus_of(told["cpu_share"], machine["NCPU"])
    if cpus and cpus > machine["NCPU"]:
        raise Usage(f'{name}: cpus: more than the {machine["NCPU"]} there are: "{cpus:g}"')
    if told.get("memory"):
        limits.check_memory(told["memory"], machine["MemTotal"], name)
    return Limits(cpus=cpus, memory_bytes=told.get("memory"), pids=told.get("pids"))


def override(limit: Limits, told: Wanted, device: Path | None) -> dict[str, Any]:
    """A service of a Compose file with these limits."""
    found: dict[str, Any] = {}
    if limit.cpus:
        found["cpus"] = limit.cpus
    if limit.memory_bytes:
        found |= {"mem_limit": limit.memory_bytes, "memswap_limit": limit.memory_bytes}
    if limit.pids:
        found["pids_limit"] = limit.pids
    rates = {f"device_{way}_bps": told[f"io_{way}"] for way in ("read", "write") if told.get(f"io_{way}")}
    if rates:
        found["blkio_config"] = {name: [{"path": str(device), "rate": rate}] for name, rate in rates.items()}
    return found


def write_override(path: Path, made: dict[str, dict[str, Any]]) -> None:
    """Adds to the file what is new in each service; the rest of it stays."""
    services = record.read_json(path)["services"] if path.exists() else {}
    for name, settings in made.items():
        old = services.get(name, {})
        io = old.get("blkio_config", {}) | settings.get("blkio_config", {})
        services[name] = old | settings | ({"blkio_config": io} if io else {})
    path.parent.mkdir(parents=True, exist_ok=True)
    # JSON is YAML.
    record.write_json(path, {"services": dict(sorted(services.items()))})
    say(f'stack up adds "{path}"')


def set_all(args: argparse.Namespace, stack: Stack, machine: Facts) -> dict[str, Any]:
    told = wanted(args, stack)
    limit = {name: limits_of(name, each, machine) for name, each in told.items()}
    made = {name: override(limit[name], told[name], args.io_device) for name in told}
    write_override(compose.limits_file(stack), made)
    if any("blkio_config" in settings for settings in made.values()):
        say("rates of a disk hold from the next up: the engine cannot change them on a container that runs")
    now = {}
    for facts in map(inspect, engine.containers()):
        mine = limit.get(engine.service_of(facts) or "", Limits())
        if mine != Limits():
            now[engine.name_of(facts)] = limits.apply(facts, mine).shown()
    return {"services": dict(sorted(made.items())), "set": dict(sorted(now.items()))}


def take_all_away(stack: Stack, machine: Facts) -> dict[str, Any]:
    compose.limits_file(stack).unlink(missing_ok=True)
    now: dict[str, Any] = {}
    for facts in map(inspect, engine.containers()):
        if engine.service_of(facts) not in stack.leave_alone:
            name = engine.name_of(facts)
            left, kept = limits.take_away(facts, machine)
            now[name] = left.shown()
            for each in kept:
                say(f"{name}: the engine cannot unset {each}; make down and make up do")
    return {"services": {}, "set": dict(sorted(now.items()))}


def throttle() -> None:
    args = arguments()
    machine, stack = engine.info(), stacks.chosen()
    done = take_all_away(stack, machine) if args.off else set_all(args, stack, machine)
    print(json.dumps({"cores": machine["NCPU"], "memory_bytes": machine["MemTotal"], **done}, indent=1))


def main() -> int:
    return run(throttle)
