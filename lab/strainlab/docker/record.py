"""Makes one run on the stack of containers: a steady phase, a phase with more load or a fault, and a recovery.

Heals what an earlier run left behind, brings the stack up, or takes the one that is up, and refuses one whose limits
are not those of its Compose file. Tags such as `users=200 shape=step fault=cpu service=carts` say what to do and name
the folder; any other tag is only a word to remember the run by. A fault lasts from a fifth to four fifths of its
phase. The files are those of lab/experiment, spans if the stack writes any, with recovery.jsonl.gz, fault.json and
specs.json besides; run.json is written last. A run that is interrupted leaves interrupted.json, one whose steady phase
was not steady unsteady.json.
"""

import argparse
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strainlab import criteria, fetch, phases, record, steadiness, traces, watch, words
from strainlab.command import Parser, call, reason, run, say, setting
from strainlab.docker import compose, engine, journal, ready, specs, stack, stacks
from strainlab.docker.hit import Hit
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed, Usage, plain
from strainlab.faults import kinds
from strainlab.faults.of_stack import Described
from strainlab.load import container, generator
from strainlab.load.generator import Load
from strainlab.lock import only_one_at_a_time
from strainlab.machine import machine, versions
from strainlab.phases import Phase
from strainlab.processes import Processes, be_uninterruptible
from strainlab.record import Record
from strainlab.shapes import SHAPES

# Tags that set what an option of this script sets as well.
TAGS: dict[str, Callable[[str], Any]] = {
    "shape": str,
    "spawn": words.above_0,
    "users": words.count,
    "steady_users": words.count,
    "fault": str,
    "service": str,
}


def arguments() -> argparse.Namespace:
    parser = Parser(prog="record", description=__doc__)
    add = parser.add_argument
    add("run", type=Path, help="folder of the run, which must not hold one yet")
    add("--warm-up", type=words.seconds, default=15.0, metavar="TIME", help="cut off")
    add("--steady", type=words.seconds, default=60.0, metavar="TIME")
    add("--overload", type=words.seconds, default=60.0, metavar="TIME", help="the phase with load or fault")
    add("--recovery", type=words.seconds, default=20.0, metavar="TIME")
    add("--steady-users", type=words.count, default=20, metavar="N")
    add("--steady-spawn-rate", type=words.above_0, default=10, metavar="USERS/S")
    add(
        "--users",
        type=words.count,
        metavar="N",
        help="of the second phase; with a fault as many as before, unless a tag says so",
    )
    add("--spawn-rate", type=words.above_0, default=30, metavar="USERS/S")
    add("--shape", default="steady")
    add("--tags", type=words.tags, default=[])
    add("--by", choices=["pumba", "docker"], default="pumba")
    add("--prom-fetch", type=Path, default=Path("target/release/prom-fetch"), metavar="PROGRAM")
    add("--load-by", choices=generator.BY, default="venv", help="Locust in the venv or in a container, or k6")
    add("--locust", default=".venv/bin/locust", metavar="PROGRAM")
    add("--criteria", type=criteria.read, metavar="FILE", help="TOML; the load stops when they are broken")
    add("--insist-on-steady", action="store_true", help="a run that was not steady is marked and is no run")
    watch.add_arguments(parser)
    add("--check", action="store_true", help="only find out whether the run can be made")
    return with_tags(parser.parse_args())


def with_tags(args: argparse.Namespace) -> argparse.Namespace:
    """The arguments, with what the tags say on top; what a fault is told is in them too."""
    tags = words.pairs(args.tags)
    args.fault = args.service = None
    args.fault_words = kinds.of_tags(tags)
    args.described = stacks.chosen().faults.get(tags.get("fault", ""))
    if "fault" in tags and "users" not in tags:
        args.users = args.described.users if args.described else None
    for name, read in TAGS.items():
        if name in tags:
            setattr(args, {"spawn": "spawn_rate"}.get(name, name), read(tags[name]))
    if args.shape not in SHAPES:
        raise Usage(f'shape: none of {", ".join(SHAPES)}: "{args.shape}"')
    args.control = args.fault == "none"
    args.fault = None if args.control else args.fault
    if args.fault:
        require_fault(args)
    args.users = args.users or args.steady_users
    return args


def require_fault(args: argparse.Namespace) -> None:
    """A kind in a service, or one of the stack's own faults, which names its service itself."""
    if args.described:
        args.service = args.service or args.described.service
    elif args.fault not in kinds.KINDS:
        known = ", ".join([*kinds.KINDS, *stacks.chosen().faults, "none"])
        raise Usage(f'fault: none of {known}: "{args.fault}"')
    elif not args.service:
        raise Usage(f'fault: needs a tag service=: "{args.fault}"')


def planned_hit(args: argparse.Namespace) -> Hit | None:
    """What is done in the second phase, besides more load."""
    return Hit(args, args.overload) if args.fault and not is_load(args.described) else None


def is_load(described: Described | None) -> bool:
    return described is not None and described.is_load


def fault_of_load(described: Described, made: list[Record]) -> Record | None:
    """The record of a fault that is nothing but more users, made of the phases; None where it was not reached."""
    overload = next((phase for phase in made if phase["name"] == "overload"), None)
    return overload and {
        "fault": described.name,
        "by": "load",
        "service": described.service or next(iter(described.tier), None),
        "tier": list(described.tier),
        "cause": list(described.cause),
        "parameters": {"users": overload["users"]},
        "start": overload["start"],
        "end": overload["end"],
    }


def planned_phases(args: argparse.Namespace) -> list[Phase]:
    def steady(name: str, seconds: float) -> Phase:
        return Phase(name, seconds, args.steady_users, args.steady_spawn_rate)

    return [
        steady("warm-up", args.warm_up),
        steady("steady", args.steady),
        Phase("overload", args.overload, args.users, args.spawn_rate, args.shape),
        steady("recovery", args.recovery),
    ]


def planned_load(args: argparse.Namespace, of: Stack) -> Load:
    inside = args.load_by == "docker"
    return Load(
        folder=args.run,
        planned=planned_phases(args),
        host=stack.inner_door(of) if inside else stack.front_door(of),
        by=args.load_by,
        program=args.locust,
        script=of.script(args.load_by),
        criteria=args.criteria,
        network=stack.network(of) if inside else "",
    )


def dry_run(args: argparse.Namespace) -> None:
    """Asks the fault, before the first second of load, whether it can be made."""
    if hit := planned_hit(args):
        status, _, complaint = call([*hit.command(), "--dry-run"])
        if status:
            raise (Usage if status == 2 else Failed)(reason(complaint))


def prepare(args: argparse.Namespace, made: Record) -> tuple[Load, str]:
    """All that is asked of a stack that is up before the first second of load: the load, and Prometheus's URL."""
    of = stacks.chosen()
    dry_run(args)
    made["docker"] = specs.specs()
    metrics = stack.prometheus(of)
    if not metrics:
        raise Usage("no Prometheus: PROMETHEUS=service:port, PROMETHEUS_URL=http://… or SCRAPE=FILE names one")
    load = planned_load(args, of)
    load.require()
    made["versions"] |= {"prometheus": fetch.version(metrics)}
    if args.load_by == "docker":
        engine.require_images(container.IMAGE)
        made["versions"]["locust"] = container.version()
    made["command"]["load"] = load.shown()
    return load, metrics


def make_run(args: argparse.Namespace, processes: Processes, made: Record) -> None:
    ready.heal_and_bring_up(stacks.chosen(), made)
    load, metrics = prepare(args, made)
    record.write_json(args.run / "specs.json", made["docker"])
    traces.begin(compose.SPANS)
    with watch.watching(args, metrics):
        made["exit"], made["fault"] = load_and_hit(args, load, processes)
    made["clock_skew_s"] = fetch.clock_skew(metrics)
    made["phases"] = phases.made(args.run, load.planned)
    if is_load(args.described):
        made["fault"] = fault_of_load(args.described, made["phases"])
    made["broken"] = generator.broken(args.run)
    time.sleep(2 * fetch.SCRAPE_INTERVAL_S)
    made["command"]["prom-fetch"] = [fetch.phase(args.run, args.prom_fetch, metrics, phase) for phase in made["phases"]]
    for phase in made["phases"]:
        traces.phase(args.run, traces.files_in(compose.SPANS), phase)
    made["steadiness"] = judged(args, made)
    record.compress(args.run / "requests.csv")


def load_and_hit(args: argparse.Namespace, load: Load, processes: Processes) -> tuple[int, Record | None]:
    """The load, and the fault in its second phase; whatever happens, neither outlasts this."""
    hit = planned_hit(args)
    with journal.Journal(journal.LOAD) as book:
        book.write([], [container.NAME] if load.by == "docker" else [])
        try:
            status = generator.make(load, processes, hit.tick if hit else lambda: None)
        finally:
            try:
                made = hit.end() if hit else None
            finally:
                generator.end(load)
                book.clear()
    return status, made


def judged(args: argparse.Namespace, like: Record) -> Record:
    """The steady phase by itself, and against the former runs of the same load on the same stack."""
    made = like["phases"]
    names = [phase["name"] for phase in made]
    if "overload" not in names:
        raise Failed("the load was stopped before the steady phase was over: criteria that the steady state breaks")
    steady = made[names.index("steady")]
    sent = steadiness.requests_of(args.run / "requests.csv", steady["start"], steady["end"])
    judgement = steadiness.judge(sent, steady["start"], steady["end"])
    return steadiness.against(judgement, steadiness.former(args.run.parent.parent, like))


def new_record(args: argparse.Namespace) -> Record:
    command = {"record": shlex.join(sys.argv)}
    loaders = {"k6": "k6"} if args.load_by == "k6" else {"locust": args.locust}
    if hit := planned_hit(args):
        command["fault"] = shlex.join(hit.command())
    return {
        "id": "/".join(args.run.parts[-2:]),
        "tags": args.tags,
        "command": command,
        "versions": versions(**loaders, prom_fetch=args.prom_fetch),
        "machine": machine(),
        "phases": [],
        "scrape_interval_s": fetch.SCRAPE_INTERVAL_S,
        "step_s": fetch.SCRAPE_INTERVAL_S,
        # A word of the processes' lab; in containers it is a fault or a limit that makes a service give way.
        "bottleneck": setting("BOTTLENECK") or None,
        "locust": {
            "warm_up_s": args.warm_up,
            "shape": args.shape,
            "load_sha256": stacks.chosen().script_hash(args.load_by),
        },
        "exit": None,
        "stack": setting("STACK", "shop"),
        "fault": None,
        # Made to see that nothing is found where nothing was done.
        "control": args.control,
    }


def check(args: argparse.Namespace) -> None:
    """Whether the run can be made: all that is asked before one, but on the stack as it is where it is up."""
    of, made = stacks.chosen(), new_record(args)
    ready.heal()
    if not engine.containers():
        stack.up(of)
    ready.refuse_other_limits(of, made)
    prepare(args, made)


def record_run() -> None:
    args = arguments()
    if args.check:
        check(args)
        return
    with only_one_at_a_time():
        made = new_record(args)
        logs = record.new_folder(args.run)
        try:
            with Processes(logs) as processes:
                make_run(args, processes, made)
        except (Failed, Usage, OSError) as failure:
            record.mark_interrupted(args.run, made, failure)
            raise type(failure)(plain(failure)) from None
    be_uninterruptible()
    steady = made["steadiness"]
    is_run = steady["steady"] or not args.insist_on_steady
    record.write_json(args.run / ("run.json" if is_run else "unsteady.json"), made)
    if not steady["steady"]:
        say(f"the steady phase was not steady: {steady['why']}")
    if not is_run:
        raise Failed(f'not a run: "{args.run}"')
    if made["broken"]:
        say(f"stopped: {made['broken']['criterion']} is {made['broken']['value']:g}, above {made['broken']['bound']:g}")
    say(f"the run is in {args.run}")


def main() -> int:
    return run(record_run)
