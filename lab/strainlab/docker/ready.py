"""A stack that is ready to be measured: healed, up, and with the limits of its Compose file."""

from strainlab.docker import journal, specs, stack
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed
from strainlab.record import Record


def heal_and_bring_up(of: Stack, made: Record) -> None:
    """A run never starts on a crippled system: what was cut off is taken back, and limits that differ end it here."""
    heal()
    stack.up(of)
    refuse_other_limits(of, made)


def heal() -> None:
    if journal.heal():
        raise Failed("a fault is under way: wait for its end, or make heal")


def refuse_other_limits(of: Stack, made: Record) -> None:
    crippled = made["limits_differ"] = specs.limit_differences(of)
    if crippled:
        way_out = "make heal takes back a fault, make up after make down makes the containers anew"
        raise Failed(f"limits that are not the stack's: {'; '.join(crippled)}: {way_out}")
