"""What a container may use of the processor, of memory and of processes: read, compared, and set on a running one.

Traps of `docker update`, all met here: - `--cpus 0` is accepted and does nothing; what `--cpus` has set cannot be
unset, only raised to all cores there are; - a quota can: `--cpu-quota -1` takes it away. So what had no limit is
given a quota; - more cores than there are is refused, and `--cpus` is refused where a quota was set, and the other
way round; - `--memory` above the old `--memory-swap` is refused: both are set at once, to the same value, which means
no swap; - a memory limit cannot be unset: `--memory-swap -1` alone does not reach the cgroup. All the machine has is
what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strainlab import words
from strainlab.docker.engine import Facts, docker, inspect, name_of
from strainlab.errors import Failed, Usage

SMALLEST_CPUS = 0.01
SMALLEST_MEMORY = 6 << 20
PERIOD_US = 100_000


@dataclass(frozen=True)
class Limits:
    """Cores, bytes and processes; None where nothing limits them."""

    cpus: float | None = None
    memory_bytes: int | None = None
    memory_swap_bytes: int | None = None
    pids: int | None = None

    def shown(self) -> dict[str, float | int | None]:
        return dict(vars(self))


def cpus_of(share: float, cores: int) -> float:
    """Cores of a share, in hundredths, at least the hundredth that Docker asks for."""
    return max(SMALLEST_CPUS, round(share * cores, 2))


def check_memory(size: int, available: int, where: str) -> None:
    if size < SMALLEST_MEMORY:
        raise Usage(f'{where}: memory: less than the 6m that Docker asks for: "{size}"')
    if size > available:
        raise Usage(f'{where}: memory: more than the {available} bytes there are: "{size}"')


def read(facts: Facts) -> Limits:
    host = facts["HostConfig"]
    cpus = host["NanoCpus"] / 1e9 if host["NanoCpus"] else None
    if cpus is None and host["CpuQuota"] > 0:
        cpus = host["CpuQuota"] / (host["CpuPeriod"] or PERIOD_US)
    swap, pids = host["MemorySwap"], host.get("PidsLimit") or 0
    return Limits(cpus, host["Memory"] or None, swap if swap > 0 else None, pids if pids > 0 else None)


def of_service(settings: Mapping[str, Any], version_1: bool) -> Limits:
    """The limits that Compose gives a service; version 1 takes no notice of `deploy`."""
    deploy = {} if version_1 else ((settings.get("deploy") or {}).get("resources") or {}).get("limits") or {}
    cpus = settings.get("cpus") or deploy.get("cpus")
    if cpus is None and int(settings.get("cpu_quota") or 0) > 0:
        cpus = int(settings["cpu_quota"]) / int(settings.get("cpu_period") or PERIOD_US)
    memory = settings.get("mem_limit") or deploy.get("memory")
    pids = settings.get("pids_limit") or deploy.get("pids")
    return Limits(
        cpus=float(cpus) if cpus else None,
        memory_bytes=words.memory(str(memory)) if memory else None,
        pids=int(pids) if pids and int(pids) > 0 else None,
    )


def differences(now: Limits, wanted: Limits, machine: Facts) -> list[str]:
    """What is limited otherwise than wanted, in words. A limit of all that the machine has is none."""
    most = {"cpus": machine["NCPU"], "memory_bytes": machine["MemTotal"]}
    found = []
    for name in ("cpus", "memory_bytes", "pids"):
        has, should = getattr(now, name), getattr(wanted, name)
        has, should = (None if value and value >= most.get(name, float("inf")) else value for value in (has, should))
        if has != should and not (has and should and abs(has - should) <= 1e-6 * should):
            found.append(f"{name} {'unlimited' if has is None else has} and not {should or 'unlimited'}")
    return found


def update_words(
    facts: Facts, cpus: float | None = None, memory: int | None = None, pids: int | None = None
) -> list[str]:
    """The words after `docker` that set limits: cores as they were set before, by number or by quota."""
    found = ["update"]
    host = facts["HostConfig"]
    if cpus is not None and host["NanoCpus"]:
        found += ["--cpus", f"{cpus:g}"]
    elif cpus is not None:
        period = host["CpuPeriod"] or PERIOD_US
        found += ["--cpu-period", str(period), "--cpu-quota", str(round(cpus * period))]
    if memory is not None:
        found += ["--memory", f"{memory}b", "--memory-swap", f"{memory}b"]
    if pids is not None:
        found += ["--pids-limit", str(pids)]
    return [*found, name_of(facts)]


def undo_words(facts: Facts, machine: Facts, cpus: bool = False, memory: bool = False) -> list[str]:
    """The words that bring back the limits that `facts` show, on an engine whose `info` is `machine`."""
    old = read(facts)
    found = ["update"]
    if cpus and old.cpus is None:
        found += ["--cpu-quota", "-1"]
    elif cpus:
        found = update_words(facts, cpus=old.cpus)[:-1]
    if memory:
        size = old.memory_bytes or machine["MemTotal"]
        found += ["--memory", f"{size}b", "--memory-swap", f"{old.memory_swap_bytes or size}b"]
    return [*found, name_of(facts)]


def apply(facts: Facts, wanted: Limits) -> Limits:
    """Sets limits, reads them back, and returns what was read; fails when it is something else."""
    docker(*update_words(facts, wanted.cpus, wanted.memory_bytes, wanted.pids))
    now = read(inspect(facts["Id"]))
    for name in ("cpus", "memory_bytes", "pids"):
        value, has = getattr(wanted, name), getattr(now, name)
        if value is not None and (has is None or abs(has - value) > 1e-6 * value):
            raise Failed(f'{name_of(facts)}: {name} is not what was set, {value}: "{has}"')
    return now


def count_throttling(found: Sequence[Facts], machine: Facts) -> None:
    """Gives a quota of all cores to containers without a limit: cAdvisor counts throttling under a quota only, so a
    limit that comes later would have nothing from before to be compared with."""
    free = [name_of(facts) for facts in found if read(facts).cpus is None]
    if free:
        docker("update", "--cpu-period", PERIOD_US, "--cpu-quota", machine["NCPU"] * PERIOD_US, *free)


def take_away(facts: Facts, machine: Facts) -> tuple[Limits, list[str]]:
    """Takes all limits away; what is left, and what the engine cannot unset."""
    host, kept = facts["HostConfig"], []
    found = ["update"]
    if host["NanoCpus"]:
        found += ["--cpus", str(machine["NCPU"])]
        kept.append(f"cpus: {machine['NCPU']}, all there are")
    elif host["CpuQuota"] > 0:
        found += ["--cpu-quota", "-1"]
    if host["Memory"]:
        found += ["--memory", f"{machine['MemTotal']}b", "--memory-swap", f"{machine['MemTotal']}b"]
        kept.append(f"memory: {machine['MemTotal']} bytes, all there is")
    if (host.get("PidsLimit") or 0) > 0:
        found += ["--pids-limit", "-1"]
    if len(found) > 1:
        docker(*found, name_of(facts))
    return read(inspect(facts["Id"])), kept
