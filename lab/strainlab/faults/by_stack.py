"""Faults that a stack's TOML file describes: commands run by sh in the container, as root.

What is there is known by a process in the container that bears MARK in its environment: that of `begin` itself where
it lasts, else one that waits. Either runs `end` when its time is over, so the fault ends even when the program that
asked for it was killed."""

from strainlab.command import call
from strainlab.docker.engine import name_of
from strainlab.errors import Usage
from strainlab.faults.netns import SPARE_S
from strainlab.faults.of_stack import Described
from strainlab.faults.plan import Asked, Command, Plan, command

HOW = "docker exec"
MARK = "STRAIN_FAULT"
# Of `timeout`, when what it ran was still going on.
TIMED_OUT = 124
MARKED = f"grep -lsw {MARK}=$1 /proc/[0-9]*/environ"
# Not the status of grep, which a process of another user spoils: its environment is not read.
THERE = f'[ -n "$({MARKED})" ]'
# What begin started is in the group of what bears the mark, whichever user it has become.
STOP = f"""for signal in TERM KILL; do
  for each in $({MARKED}); do
    each=${{each%/environ}}; each=${{each#/proc/}}
    kill -$signal -$each $each 2> /dev/null
  done
  for wait in 1 2 3 4 5 6 7 8 9 10; do [ -n "$({MARKED})" ] || exit 0; sleep 0.2; done
done"""
HOLD = f'timeout $2 sh -c "$1"; lasted=$?; sh -c "$3"; [ $lasted = {TIMED_OUT} ]'
WAIT = 'sleep $1; sh -c "$2"'


def plan(asked: Asked, described: Described) -> Plan:
    """The plan of a fault that the stack describes."""
    given = [name for name, value in asked.chosen.items() if value is not None]
    if given:
        raise Usage(f'{asked.kind}: does not take this (it takes nothing): "{given[0]}"')
    name, end = name_of(asked.facts), described.end or "true"
    stop = sh(name, STOP, described.name)
    if described.hold:
        begin = [marked(name, described, [], HOLD, described.begin, f"{asked.seconds:g}", end)]
        undo = [stop, sh(name, end)]
    else:
        waits = marked(name, described, ["--detach"], WAIT, f"{asked.seconds + SPARE_S:g}", end)
        begin = [sh(name, described.begin), waits]
        # Where it cannot be taken back, it is still there.
        undo = [sh(name, f'sh -c "$2" || exit\n{STOP}', described.name, end)]
    return Plan(
        begin=begin,
        undo=undo,
        present=lambda: call(sh(name, THERE, described.name))[0] == 0,
        parameters={},
        how=HOW,
        lasts=described.hold,
    )


def sh(container: str, script: str, *words: str) -> Command:
    """A script run in a container; its words are $1 and so on."""
    return command("exec", "--user", 0, container, "sh", "-c", script, *(["sh", *words] if words else []))


def marked(container: str, described: Described, how: Command, script: str, *words: str) -> Command:
    mark = ["--env", f"{MARK}={described.name}"]
    return command("exec", *how, "--user", 0, *mark, container, "sh", "-c", script, "sh", *words)
