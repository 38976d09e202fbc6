"""Faults made with the Docker Engine's own means, tc and iptables, where Pumba or the kernel's netem is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from strainlab.docker import limits
from strainlab.docker.engine import inspect, name_of, require_images
from strainlab.errors import Failed, Usage
from strainlab.faults import kinds, netns
from strainlab.faults.plan import Asked, Plan, command, cores_of, is_down, is_paused, memory_used

QUEUE = 0
PACKETS = Path(__file__).resolve().parent / "packets.py"


def plan(asked: Asked) -> Plan:
    """The plan of a fault by the engine's own means."""
    if kinds.KINDS[asked.kind].network:
        if not asked.dry:
            require_images(netns.NET_IMAGE)
        return network(asked)
    makers: dict[str, Callable[[Asked], Plan]] = {"cpu": cpu, "mem": mem, "pause": pause, "kill": kill, "stop": stop}
    if asked.kind not in makers:
        raise Usage(f"{asked.kind}: only Pumba makes it (FAULT_BY=pumba)")
    return makers[asked.kind](asked)


def network(asked: Asked) -> Plan:
    """tc and iptables in the container's network namespace; without netem, its packets pass through a program."""
    name, interface, chosen = name_of(asked.facts), asked.interface, asked.chosen
    tc, drop_tc = f"tc qdisc add dev {interface} root", f"tc qdisc del dev {interface} root"
    if asked.kind == "rate":
        return held(asked, "tbf", f"{tc} tbf rate {chosen['rate']} burst 32kbit latency 400ms", drop_tc)
    if asked.kind == "loss":
        if chosen["correlation"]:
            raise Usage("loss: iptables knows no correlation: leave it at 0")
        chance = f"{chosen['percent'] / 100:g}"
        match = f"-m comment --comment {netns.MARK} -m statistic --mode random --probability {chance}"
        rule = f"INPUT -i {interface} {match} -j DROP"
        return held(asked, "iptables, incoming packets", f"iptables -A {rule}", f"iptables -D {rule}")
    if netns.has_netem():
        return held(asked, "netem", f"{tc} netem {netem_words(asked.kind, chosen)}", drop_tc)
    rule = f"OUTPUT -o {interface} -m comment --comment {netns.MARK} -j NFQUEUE --queue-num {QUEUE} --queue-bypass"
    made = held(asked, "nfqueue, outgoing packets", f"iptables -A {rule}", f"iptables -D {rule}")
    packets = f"{netns.holder_name(name)}-packets"
    words = ["-c", PACKETS.read_text(encoding="utf-8"), QUEUE, *packet_words(asked.kind, chosen)]
    made.begin.insert(0, command(*netns.run_words(name, packets, netns.PYTHON_IMAGE, "python3", *words)))
    made.undo.append(command("stop", "--time", 5, packets))
    made.holders.append(packets)
    made.images.append(netns.PYTHON_IMAGE)
    return made


def held(asked: Asked, how: str, make: str, undo: str) -> Plan:
    """A fault that a container holds, in the network of its target."""
    name = name_of(asked.facts)
    holder = netns.holder_name(name)
    return Plan(
        begin=[command(*netns.holder_words(name, make, undo, asked.seconds))],
        undo=[command("stop", "--time", 5, holder)],
        present=lambda: bool(netns.rules(name, asked.interface)),
        parameters=asked.chosen | {"interface": asked.interface},
        how=how,
        holders=[holder],
        images=[netns.NET_IMAGE],
        read_back=lambda: netns.rules(name, asked.interface),
    )


def netem_words(kind: str, chosen: kinds.Chosen) -> str:
    if kind == "delay":
        jitter = f" {chosen['jitter_ms']}ms {chosen['correlation']:g}%" if chosen["jitter_ms"] else ""
        return f"delay {chosen['time_ms']}ms{jitter}"
    return f"corrupt {chosen['percent']:g}% {chosen['correlation']:g}%"


def packet_words(kind: str, chosen: kinds.Chosen) -> list[float]:
    """Of packets.py: time, jitter, correlation, corrupt."""
    if kind == "delay":
        return [chosen["time_ms"], chosen["jitter_ms"], chosen["correlation"], 0]
    if chosen["correlation"]:
        raise Usage("corrupt: no correlation without the kernel's netem: leave it at 0")
    return [0, 0, 0, chosen["percent"]]


def limit(asked: Asked, cpus: float | None = None, memory: int | None = None) -> Plan:
    """A tighter limit, and the way back to the old one."""
    facts = asked.facts

    def now() -> dict[str, Any]:
        return limits.read(inspect(facts["Id"])).shown()

    def holds() -> bool:
        has = now()
        return (cpus is None or abs((has["cpus"] or 0) - cpus) < 1e-6) and memory in (None, has["memory_bytes"])

    wanted = {name: value for name, value in (("cpus", cpus), ("memory", memory)) if value is not None}
    return Plan(
        begin=[command(*limits.update_words(facts, cpus, memory))],
        undo=[command(*limits.undo_words(facts, asked.machine, cpus=cpus is not None, memory=memory is not None))],
        present=holds,
        parameters=wanted | {"before": limits.read(facts).shown()},
        how="docker update",
        read_back=now,
    )


def cpu(asked: Asked) -> Plan:
    """A quarter of the cores the container may use, unless told."""
    had = cores_of(asked.facts, asked.machine)
    cpus = asked.chosen["cpus"] or max(limits.SMALLEST_CPUS, round(had / 4, 2))
    if asked.chosen["workers"]:
        raise Usage("cpu: workers are Pumba's: docker takes cores away (cpus)")
    if cpus >= had:
        raise Usage(f'cpu: not less than the {had:g} cores it has: "{cpus:g}"')
    return limit(asked, cpus=cpus)


def mem(asked: Asked) -> Plan:
    """A twentieth more than what is in use, unless told."""
    size = asked.chosen["memory"]
    if size is None:
        used = memory_used(asked.facts)
        if used is None:
            raise Failed(f"{name_of(asked.facts)}: the engine does not say how much memory it uses: give the memory")
        size = max(limits.SMALLEST_MEMORY, int(used * 1.05) & ~4095)
    limits.check_memory(size, limits.read(asked.facts).memory_bytes or asked.machine["MemTotal"], "mem")
    return limit(asked, memory=size)


def pause(asked: Asked) -> Plan:
    name = name_of(asked.facts)
    begin, undo = [command("pause", name)], [command("unpause", name)]
    return Plan(begin, undo, is_paused(asked.facts), asked.chosen, "docker pause")


def down(asked: Asked, how: str, *words: object) -> Plan:
    """A container that is ended so by hand stays down whatever its restart policy, until it is started."""
    name = name_of(asked.facts)
    return Plan([command(*words, name)], [command("start", name)], is_down(asked.facts), asked.chosen, how)


def kill(asked: Asked) -> Plan:
    return down(asked, "docker kill", "kill", "--signal", asked.chosen["signal"])


def stop(asked: Asked) -> Plan:
    return down(asked, "docker stop", "stop", "--time", asked.chosen["grace_s"])
