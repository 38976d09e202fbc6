"""Faults made with the Docker Engine's own means, tc and iptables, where Pumba or the kernel's netem is missing."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import kinds
import limits
import netns
from engine import DOCKER, Failed, Usage, inspect, name_of, require_images

QUEUE = 0
HERE = Path(__file__).resolve().parent


@dataclass
class Plan:
    """Commands that make a fault and take it back, and what tells whether it is there."""

    begin: list
    undo: list
    present: Callable
    parameters: dict
    how: str
    holders: list = field(default_factory=list)
    images: list = field(default_factory=list)
    # Reads, once the fault is there, what was really set.
    read_back: Callable = lambda: None
    # For Pumba: the begin command itself lasts as long as the fault.
    lasts: bool = False


def plan(kind, facts, machine, chosen, seconds, interface, dry):
    """The plan of a fault of `seconds` for the container that `facts` describe."""
    if kind in kinds.NETWORK:
        if not dry:
            require_images(netns.NET_IMAGE)
        return network(kind, facts, chosen, seconds, interface, netns.has_netem())
    return {"cpu": cpu, "mem": mem, "pause": pause, "kill": kill, "stop": stop}[kind](facts, machine, chosen)


def command(*words):
    return [DOCKER, *map(str, words)]


def network(kind, facts, chosen, seconds, interface, netem):
    """tc and iptables in the container's network namespace; without netem, its packets pass through a program."""
    name = name_of(facts)
    holder = netns.holder_name(name)
    tc = f"tc qdisc add dev {interface} root"
    drop_tc = f"tc qdisc del dev {interface} root"
    mark = f"-m comment --comment {netns.MARK}"
    images, begin, holders = [netns.NET_IMAGE], [], [holder]
    if kind == "rate":
        how, make, undo = "tbf", f"{tc} tbf rate {chosen['rate']} burst 32kbit latency 400ms", drop_tc
    elif kind == "loss":
        rule = f"INPUT -i {interface} {mark} -m statistic --mode random --probability {chosen['percent'] / 100:g} -j DROP"
        how, make, undo = "iptables, incoming packets", f"iptables -A {rule}", f"iptables -D {rule}"
        if chosen["correlation"]:
            raise Usage("loss: iptables knows no correlation: leave it at 0, or take Pumba")
    elif netem:
        how, make, undo = "netem", f"{tc} netem {netem_words(kind, chosen)}", drop_tc
    else:
        rule = f"OUTPUT -o {interface} {mark} -j NFQUEUE --queue-num {QUEUE} --queue-bypass"
        how, make, undo = "nfqueue, outgoing packets", f"iptables -A {rule}", f"iptables -D {rule}"
        program = (HERE / "packets.py").read_text(encoding="utf-8")
        words = [QUEUE, *packet_words(kind, chosen)]
        begin.append(command(*netns.run_words(name, f"{holder}-packets", netns.PYTHON_IMAGE, "python3", "-c", program, *words)))
        holders.append(f"{holder}-packets")
        images.append(netns.PYTHON_IMAGE)
    begin.append(command(*netns.holder_words(name, make, undo, seconds)))
    return Plan(
        begin=begin,
        undo=[command("stop", "--time", 5, each) for each in holders],
        present=lambda: bool(network_rules(name, interface)),
        parameters=chosen | {"interface": interface},
        how=how,
        holders=holders,
        images=images,
        read_back=lambda: network_rules(name, interface),
    )


def netem_words(kind, chosen):
    if kind == "delay":
        jitter = f" {chosen['jitter_ms']}ms {chosen['correlation']:g}%" if chosen["jitter_ms"] else ""
        return f"delay {chosen['time_ms']}ms{jitter}"
    return f"corrupt {chosen['percent']:g}% {chosen['correlation']:g}%"


def packet_words(kind, chosen):
    """Of packets.py: time, jitter, correlation, corrupt."""
    if kind == "delay":
        return [chosen["time_ms"], chosen["jitter_ms"], chosen["correlation"], 0]
    if chosen["correlation"]:
        raise Usage("corrupt: no correlation without the kernel's netem: leave it at 0")
    return [0, 0, 0, chosen["percent"]]


def network_rules(name, interface, watch=None):
    """The queueing disciplines and rules of a fault in a container's network; one that is gone has none."""
    script = f"tc qdisc show dev {interface}; iptables -S; echo asked"
    status, out = netns.ask(name, script, watch)
    if "asked" not in out:
        if status == 125 and ("no such container" in out.lower() or "not running" in out.lower()):
            return []
        raise Failed(f'{name}: cannot see its rules: "{(out.strip().splitlines() or ["no answer"])[-1]}"')
    return [line.strip() for line in out.splitlines() if re.search(f" netem | tbf |{netns.MARK}", line)]


def limit(facts, machine, **wanted):
    """A tighter limit, and the way back to the old one."""
    def holds():
        now = limits.read(inspect(facts["Id"]))
        return all(now[name] == value for name, value in expected.items() if value is not None)

    expected = {"cpus": wanted.get("cpus"), "memory_bytes": wanted.get("memory")}
    chosen = {name: value is not None for name, value in wanted.items()}
    return Plan(
        begin=[command(*limits.update_words(facts, **wanted))],
        undo=[command(*limits.undo_words(facts, machine, **chosen))],
        present=holds,
        parameters=wanted | {"before": limits.read(facts)},
        how="docker update",
        read_back=lambda: limits.read(inspect(facts["Id"])),
    )


def cpu(facts, machine, chosen):
    """A quarter of the cores the container may use, unless told."""
    had = kinds.cores_of(facts, machine)
    cpus = chosen["cpus"] or max(limits.SMALLEST_CPUS, round(had / 4, 2))
    if chosen["workers"]:
        raise Usage("cpu: workers are Pumba's: docker takes cores away (cpus)")
    if cpus >= had:
        raise Usage(f'cpu: not less than the {had:g} cores it has: "{cpus:g}"')
    return limit(facts, machine, cpus=cpus)


def mem(facts, machine, chosen):
    """A twentieth more than what is in use, unless told."""
    size = chosen["memory"]
    if size is None:
        used = kinds.memory_used(facts)
        if used is None:
            raise Failed(f"{name_of(facts)}: the engine does not say how much memory it uses: give the memory")
        size = max(limits.SMALLEST_MEMORY, int(used * 1.05) & ~4095)
    limits.check_memory(size, limits.read(facts)["memory_bytes"] or machine["MemTotal"], "mem")
    return limit(facts, machine, memory=size)


def pause(facts, machine, chosen):
    name = name_of(facts)
    return Plan(
        begin=[command("pause", name)],
        undo=[command("unpause", name)],
        present=lambda: kinds.state(facts)["Paused"],
        parameters=chosen,
        how="docker pause",
    )


def down_plan(facts, chosen, how, *words):
    """A container that is ended so by hand stays down whatever its restart policy, until it is started."""
    name = name_of(facts)
    return Plan(
        begin=[command(*words, name)],
        undo=[command("start", name)],
        present=lambda: not kinds.state(facts)["Running"],
        parameters=chosen,
        how=how,
    )


def kill(facts, machine, chosen):
    return down_plan(facts, chosen, "docker kill", "kill", "--signal", chosen["signal"])


def stop(facts, machine, chosen):
    return down_plan(facts, chosen, "docker stop", "stop", "--time", chosen["grace_s"])
