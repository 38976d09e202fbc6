"""What a container may use of the processor and of memory: read, reckoned from the machine, and set on a running one.

Traps of `docker update`, all met here:
- `--cpus 0` is accepted and does nothing: no limit is a limit of all cores the machine has;
- more cores than there are is refused;
- `--memory` above the old `--memory-swap` is refused: both are set at once, to the same value, which means no swap;
- `--memory-swap -1` alone is written down by the engine but not to the cgroup: no limit is all the machine's memory.
- `--cpus` is refused where a period or quota was set: then the quota is changed.
"""

import re

from engine import Failed, Usage, docker, inspect, name_of

SMALLEST_CPUS = 0.01
SMALLEST_MEMORY = 6 << 20
QUOTA_PERIOD_US = 100_000
UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def parse_memory(text):
    """Bytes of 256m, 1.5g, 64k, 1000000, in Docker's binary units."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([bkmg]?)b?", text.strip().lower())
    if not found:
        raise Usage(f'memory: not a size such as 256m or 1g: "{text}"')
    return int(float(found[1]) * UNITS[found[2]])


def parse_share(text):
    """A part of the machine's cores, above 0 and up to 1."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise Usage(f'cpu share: not a number above 0 and up to 1: "{text}"')
    return share


def cpus_of(share, cores):
    """Cores of a share, in hundredths, at least the hundredth that Docker asks for."""
    return max(SMALLEST_CPUS, round(share * cores, 2))


def check_memory(size, available, where):
    if size < SMALLEST_MEMORY:
        raise Usage(f'{where}: memory: less than the 6m that Docker asks for: "{size}"')
    if size > available:
        raise Usage(f'{where}: memory: more than the {available} bytes there are: "{size}"')


def read(facts):
    """{"cpus", "memory_bytes", "memory_swap_bytes"} of a container, None where nothing limits it."""
    host = facts["HostConfig"]
    cpus = host["NanoCpus"] / 1e9 if host["NanoCpus"] else None
    if cpus is None and host["CpuQuota"] > 0:
        cpus = host["CpuQuota"] / (host["CpuPeriod"] or QUOTA_PERIOD_US)
    swap = host["MemorySwap"]
    return {
        "cpus": cpus,
        "memory_bytes": host["Memory"] or None,
        "memory_swap_bytes": swap if swap > 0 else None,
    }


def update_words(facts, cpus=None, memory=None):
    """The words after `docker` that set limits on a running container."""
    words = []
    if cpus is not None and facts["HostConfig"]["CpuQuota"]:
        period = facts["HostConfig"]["CpuPeriod"] or QUOTA_PERIOD_US
        words += ["--cpu-period", str(period), "--cpu-quota", str(round(cpus * period))]
    elif cpus is not None:
        words += ["--cpus", f"{cpus:g}"]
    if memory is not None:
        words += ["--memory", f"{memory}b", "--memory-swap", f"{memory}b"]
    return ["update", *words, name_of(facts)]


def undo_words(facts, machine, cpus=False, memory=False):
    """The words after `docker` that bring back the limits that `facts` show, on an engine whose `info` is `machine`."""
    old = read(facts)
    words = update_words(facts, cpus=old["cpus"] or machine["NCPU"]) if cpus else ["update", name_of(facts)]
    if memory:
        size = old["memory_bytes"] or machine["MemTotal"]
        words[1:1] = ["--memory", f"{size}b", "--memory-swap", f"{old['memory_swap_bytes'] or size}b"]
    return words


def apply(facts, cpus, memory):
    """Sets limits, reads them back, and returns what was read; fails when it is something else."""
    docker(*update_words(facts, cpus, memory))
    now = read(inspect(facts["Id"]))
    wanted = {"cpus": cpus, "memory_bytes": memory, "memory_swap_bytes": memory}
    for name, value in wanted.items():
        if value is not None and (now[name] is None or abs(now[name] - value) > 1e-6 * value):
            raise Failed(f'{name_of(facts)}: {name} is not what was set, {value}: "{now[name]}"')
    return now
