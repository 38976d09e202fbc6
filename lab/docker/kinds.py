"""The kinds of faults, what each can be told, and what it shows of itself while it lasts."""

import math
import re

import limits
from engine import DOCKER, Usage, call, docker, inspect

# kind: its parameters, with their defaults; None is reckoned from the container.
KINDS = {
    "delay": {"time_ms": 100, "jitter_ms": 0, "correlation": 0},
    "loss": {"percent": 20, "correlation": 0},
    "corrupt": {"percent": 10, "correlation": 0},
    "rate": {"rate": "1mbit"},
    "cpu": {"cpus": None, "workers": None},
    "mem": {"memory": None},
    "pause": {},
    "kill": {"signal": "SIGKILL"},
    "stop": {"grace_s": 5},
}
# Pumba's stress containers bear it, so that no fault hits them.
STRESS_LABEL = "com.gaiaadm.pumba.skip=true"
NETWORK = {"delay", "loss", "corrupt", "rate"}
# Of the queueing discipline netem, which not every kernel has.
NETEM = {"delay", "loss", "corrupt"}


def milliseconds(text):
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)?", text)
    if not found:
        raise Usage(f'not a time such as 100ms or 0.1s: "{text}"')
    return round(float(found[1]) * (1000 if found[2] == "s" else 1))


def percent(text):
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise Usage(f'not a percentage: "{text}"')
    return value


def rate(text):
    if not re.fullmatch(r"[1-9]\d*(bit|kbit|mbit|gbit)", text):
        raise Usage(f'not a rate such as 100kbit or 1mbit: "{text}"')
    return text


def above_0(text):
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise Usage(f'not a number above 0: "{text}"')
    return value


def count(text):
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise Usage(f'not a count from 1: "{text}"')
    return int(text)


def signal_name(text):
    if not re.fullmatch(r"(SIG)?[A-Z]+\d?|[1-9]\d?", text):
        raise Usage(f'not a signal such as SIGKILL: "{text}"')
    return text


def parameters(kind, given):
    """A kind's parameters with what was given on the command line; what another kind takes is refused."""
    known = KINDS[kind]
    for name, value in given.items():
        if value is not None and name not in known:
            raise Usage(f'{kind}: does not take this (it takes {", ".join(known) or "nothing"}): "{name}"')
    chosen = {name: default if given.get(name) is None else given[name] for name, default in known.items()}
    if kind == "delay" and chosen["jitter_ms"] and chosen["jitter_ms"] >= chosen["time_ms"]:
        raise Usage(f'delay: jitter is not less than the delay of {chosen["time_ms"]} ms: "{chosen["jitter_ms"]}"')
    if kind in ("loss", "corrupt") and not chosen["percent"]:
        raise Usage(f"{kind}: no packets at all")
    return chosen


def cores_of(facts, machine):
    """Cores that a container may use: its limit, else all of the engine's."""
    return limits.read(facts)["cpus"] or machine["NCPU"]


def workers_for(facts, machine):
    return math.ceil(cores_of(facts, machine))


def memory_used(facts):
    """Bytes in use, or None when the engine does not say."""
    status, out, _ = call([DOCKER, "stats", "--no-stream", "--format", "{{.MemUsage}}", facts["Id"]])
    found = re.match(r"([\d.]+)([KMG]?)i?B /", out) if status == 0 else None
    return found and int(float(found[1]) * limits.UNITS[found[2].lower()])


def state(facts):
    """What `docker inspect` says of a container now."""
    return inspect(facts["Id"])["State"]


def stress_runs(image):
    """Whether one of Pumba's stress containers runs."""
    return bool(docker("ps", "--quiet", "--filter", f"label={STRESS_LABEL}", "--filter", f"ancestor={image}"))
