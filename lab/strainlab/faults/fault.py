"""Makes one fault in one container for a while, takes it back, and prints what was done, and when, as JSON.

The container is the one of a Compose service, or named with --container. By Pumba, or with --by docker by the
engine's own means; a fault that the stack's TOML file describes, by its own commands. An interrupt takes the fault
back first; --heal takes back what was cut off harder than that.
--dry-run prints the commands and does nothing."""

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from strainlab import words
from strainlab.command import Parser, call, output, reason, run, say
from strainlab.docker import engine, limits, stacks, targets
from strainlab.docker.engine import Facts
from strainlab.docker.journal import Journal, heal
from strainlab.errors import Failed, Usage
from strainlab.faults import by_docker, by_pumba, by_stack, kinds, netns
from strainlab.faults.of_stack import Described
from strainlab.faults.plan import Asked, Command, Plan, state
from strainlab.processes import be_uninterruptible

APPEARS_S, GOES_S = 20, 15
Record = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = Parser(prog="fault", description=__doc__)
    add = parser.add_argument
    add("kind", nargs="?", default="", help=f"{', '.join(kinds.KINDS)}, or one of the stack's own")
    add("service", nargs="?", default="", help="the Compose service; one of the stack's own faults names it itself")
    add("--container", help="this container, by its name in the form of either version of Compose")
    add("--duration", type=words.seconds, default=30.0, metavar="TIME", help="such as 30s (default)")
    add("--by", choices=["pumba", "docker"], default="pumba")
    add("--interface", default="eth0", help="the one inside the container")
    add("--dry-run", action="store_true", help="print the commands only")
    add("--record", type=Path, metavar="FILE", help="write the JSON there, and not to standard output")
    add("--heal", action="store_true", help="take back faults that were cut off")
    for name, option in kinds.OPTIONS.items():
        add(f"--{name}", dest=option.name, type=option.read, help=option.help)
    args = parser.parse_args()
    words.name("interface", args.interface)
    args.described = None if args.heal else kind_of(args)
    return args


def kind_of(args: argparse.Namespace) -> Described | None:
    """The fault's table, when it is one of the stack's own, and what it says in place of what was not given."""
    own = stacks.chosen().faults
    known = ", ".join([*kinds.KINDS, *own])
    if args.kind not in own:
        if args.kind not in kinds.KINDS:
            raise Usage(f'kind: none of {known}: "{args.kind}"' if args.kind else f"fault: none given (one of {known})")
        return None
    described = own[args.kind]
    if described.is_load:
        raise Usage(f"{args.kind}: made by load alone, in a run: make run TAGS=fault={args.kind}")
    args.service = args.service or described.service
    for name, text in described.options.items():
        option = kinds.OPTIONS[name]
        if getattr(args, option.name) is None:
            setattr(args, option.name, option.read(text))
    return described


def shown(command: Command) -> str:
    """A command as it can be typed."""
    program = by_docker.PACKETS.read_text(encoding="utf-8")
    typed = '"$(cat lab/strainlab/faults/packets.py)"'
    return " ".join(typed if word == program else shlex.quote(word) for word in command)


def is_there(plan: Plan) -> bool:
    """Whether the fault is there; it is not where its container is gone."""
    try:
        return plan.present()
    except Failed as failure:
        if "no such container" in str(failure).lower():
            return False
        raise


class Child:
    """A program that lasts as long as its fault, and what it complains of."""

    def __init__(self, command: Command) -> None:
        self.complaints = tempfile.TemporaryFile()
        said = self.complaints
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )

    def ended_badly(self) -> str | None:
        if self.process.poll() is None:
            return None
        self.complaints.seek(0)
        why = reason(self.complaints.read().decode(errors="replace"))
        return f'ended with {self.process.returncode}: "{why}"'

    def last(self, until: float) -> None:
        """Waits until that time, or fails as soon as the program does."""
        while time.time() < until and self.process.poll() is None:
            time.sleep(0.1)
        if self.process.poll():
            raise Failed(f"{self.ended_badly()}")

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=GOES_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def await_state(plan: Plan, wanted: bool, within: float, child: Child | None = None) -> float:
    """Waits until the fault is there, or gone; the time at which it was seen to be so."""
    deadline = time.monotonic() + within
    while is_there(plan) != wanted:
        if child and (why := child.ended_badly()):
            raise Failed(why)
        if time.monotonic() > deadline:
            raise Failed(f"{'still there' if not wanted else 'not there'} after {within:g} s")
        time.sleep(0.1)
    return round(time.time(), 3)


def begin(plan: Plan) -> Child | None:
    """Starts the fault; the process that goes on with it, if there is one."""
    for command in plan.begin[: -1 if plan.lasts else None]:
        output(command)
    return Child(plan.begin[-1]) if plan.lasts else None


def last(plan: Plan, duration: float, record: Record, child: Child | None) -> None:
    """From the moment the fault is there until its time is over."""
    record["start"] = await_state(plan, True, APPEARS_S, child)
    for holder in plan.holders[:1]:
        record["start"] = netns.logged(holder, "begun") or record["start"]
    record["set"] = plan.read_back()
    say(f"{record['fault']} in {record['container']} for {duration:g} s")
    if child:
        child.last(record["start"] + duration)
        record["end"] = await_state(plan, False, APPEARS_S)
    else:
        time.sleep(max(0.0, record["start"] + duration - time.time()))


def take_back(plan: Plan, record: Record, child: Child | None) -> None:
    """Ends the fault, whatever became of it, and sees to it that it is gone."""
    if child:
        child.end()
    if not child or record["cut_short"] or is_there(plan):
        for command in plan.undo:
            call(command, timeout=600)
    ends = [netns.logged(holder, "ended") for holder in plan.holders[:1]]
    for holder in plan.holders:
        engine.remove(holder)
    gone = await_state(plan, False, GOES_S)
    record.setdefault("end", ends[0] if ends and ends[0] else gone)


def make(args: argparse.Namespace, plan: Plan, facts: Facts, record: Record, book: Journal) -> None:
    """Makes the fault and takes it back; what cut it short is in the record."""
    name = engine.name_of(facts)
    for holder in plan.holders:
        engine.remove(holder)
    status = state(facts)["Status"]
    if status != "running":
        raise Failed(f'{name}: not running: "{status}"')
    if is_there(plan):
        raise Failed(f'{name}: already has a fault that this tool did not set: "{args.kind}"')
    book.write(plan.undo, plan.holders)
    child = None
    record["asked"] = round(time.time(), 3)
    try:
        try:
            child = begin(plan)
            last(plan, args.duration, record, child)
        finally:
            # In here, where an interrupt is still caught.
            be_uninterruptible()
    except (Failed, OSError) as failure:
        record["cut_short"] = str(failure)
    take_back(plan, record, child)
    book.clear()


def note_what_is_left(facts: Facts, machine: Facts, record: Record) -> None:
    """Restarts, and limits that are not as they were, since the engine cannot unset what it once has set."""
    try:
        after = engine.inspect(facts["Id"])
    except Failed:
        # Made anew by its Compose file, or gone.
        record |= {"restarts": None, "out_of_memory": None, "limits_changed": []}
        return
    record["restarts"] = after["RestartCount"] - facts["RestartCount"]
    record["out_of_memory"] = after["State"]["OOMKilled"]
    before, now = limits.read(facts).shown(), limits.read(after).shown()
    record["limits_changed"] = [
        f"{name}: {before[name]} became {now[name]}" for name in now if now[name] != before[name]
    ]
    for change in record["limits_changed"]:
        say(f"{record['container']}: the engine cannot unset a limit: {change}")


def record_of(args: argparse.Namespace, plan: Plan, facts: Facts) -> Record:
    service = engine.service_of(facts)
    return {
        "fault": args.kind,
        "by": args.by if plan.how != by_stack.HOW else "stack",
        "how": plan.how,
        "project": engine.PROJECT,
        "service": service,
        "tier": list(args.described.tier) if args.described else [service],
        "cause": list(args.described.cause) if args.described else [],
        "container": engine.name_of(facts),
        "container_id": facts["Id"],
        "parameters": plan.parameters,
        "duration_s": args.duration,
        "commands": [shown(command) for command in plan.begin],
        "cut_short": None,
    }


def target(args: argparse.Namespace) -> Facts:
    """The one container; never one of the services that are to be left alone."""
    facts = targets.by_service(args.service) if args.container is None else targets.by_name(args.container)
    service = engine.service_of(facts)
    if service in stacks.chosen().leave_alone:
        raise Usage(f'service: is left alone (it measures, or LEAVE_ALONE names it): "{service}"')
    return facts


def planned(args: argparse.Namespace, facts: Facts, machine: Facts) -> Plan:
    given = {option.name: getattr(args, option.name) for option in kinds.OPTIONS.values()}
    described: Described | None = args.described
    asked = Asked(args.kind, facts, machine, given, args.duration, args.interface, args.dry_run)
    if described and not described.kind:
        return by_stack.plan(asked, described)
    kind = described.kind if described else args.kind
    planner = {"pumba": by_pumba, "docker": by_docker}[args.by]
    return planner.plan(replace(asked, kind=kind, chosen=kinds.parameters(kind, given)))


def write(args: argparse.Namespace, record: Record) -> None:
    text = json.dumps(record, indent=1) + "\n"
    if args.record:
        args.record.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def fault() -> None:
    args = arguments()
    if args.heal:
        if heal():
            raise Failed("not all is healed")
        return
    if args.container is None:
        words.name("service", args.service)
    machine = engine.info()
    facts = target(args)
    if args.dry_run:
        print("\n".join(map(shown, planned(args, facts, machine).begin)))
        return
    with Journal(engine.name_of(facts)) as book:
        # What was cut off here has been taken back: the plan sees the container as it should be.
        facts = engine.inspect(facts["Id"])
        plan = planned(args, facts, machine)
        engine.require_images(*plan.images)
        record = record_of(args, plan, facts)
        make(args, plan, facts, record, book)
    note_what_is_left(facts, machine, record)
    write(args, record)
    if record["cut_short"] is not None:
        raise Failed(f"{args.kind}: cut short, and taken back: {record['cut_short']}")


def main() -> int:
    return run(fault)
