"""The kinds of faults: a table of what each can be told, by which means it is made, and what it hits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from strainlab import words
from strainlab.errors import Usage

Chosen = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """What a fault can be told: its word on the command line and in tags, how it is read, and what it means."""

    name: str
    read: Callable[[str], Any]
    help: str


OPTIONS = {
    "time": Option("time_ms", words.milliseconds, "delay: such as 100ms (default)"),
    "jitter": Option("jitter_ms", words.milliseconds, "delay: none by default"),
    "correlation": Option("correlation", words.percent, "delay, loss, corrupt: none by default"),
    "percent": Option("percent", words.percent, "loss (20), corrupt (10): of the packets"),
    "rate": Option("rate", words.rate, "rate: 1mbit by default"),
    "cpus": Option("cpus", words.above_0, "cpu by docker: cores left to it, by default a quarter"),
    "workers": Option("workers", words.count, "cpu by Pumba: by default as many as it has cores"),
    "memory": Option("memory", words.memory, "mem: by docker the limit, by Pumba what is taken"),
    "signal": Option("signal", words.signal_name, "kill: SIGKILL by default"),
    "grace": Option("grace_s", words.count, "stop: seconds, 5 by default"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of fault. A default of None is worked out from the container."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    # Made inside the container's network.
    network: bool = False
    # By netem, a queueing discipline that not every kernel has (Pumba; loss by iptables needs none).
    netem: bool = False


KINDS = {
    "delay": Kind({"time_ms": 100, "jitter_ms": 0, "correlation": 0}, network=True, netem=True),
    "loss": Kind({"percent": 20, "correlation": 0}, network=True),
    "corrupt": Kind({"percent": 10, "correlation": 0}, network=True, netem=True),
    "rate": Kind({"rate": "1mbit"}, network=True, netem=True),
    "cpu": Kind({"cpus": None, "workers": None}),
    "mem": Kind({"memory": None}),
    "pause": Kind(),
    "kill": Kind({"signal": "SIGKILL"}),
    "stop": Kind({"grace_s": 5}),
    "rm": Kind(),
}


def parameters(kind: str, given: Mapping[str, Any]) -> Chosen:
    """A kind's parameters with what was given on the command line; what another kind takes is refused."""
    known = KINDS[kind].defaults
    for name, value in given.items():
        if value is not None and name not in known:
            raise Usage(f'{kind}: does not take this (it takes {", ".join(known) or "nothing"}): "{name}"')
    chosen = {name: default if given.get(name) is None else given[name] for name, default in known.items()}
    if kind == "delay" and chosen["jitter_ms"] and chosen["jitter_ms"] >= chosen["time_ms"]:
        raise Usage(f'delay: jitter is not less than the delay of {chosen["time_ms"]} ms: "{chosen["jitter_ms"]}"')
    if kind in ("loss", "corrupt") and not chosen["percent"]:
        raise Usage(f"{kind}: no packets at all")
    return chosen


def of_tags(tags: Mapping[str, str]) -> list[str]:
    """The options of `fault` that tags such as time=100ms stand for."""
    return [f"--{name}={text}" for name, text in tags.items() if name in OPTIONS]
