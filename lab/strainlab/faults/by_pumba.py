"""Faults made by Pumba, a program on PATH or its container, in the grammar of its version 1.

The command names exactly one container and, besides, the labels that Compose gave it: Pumba takes no name at all for
"every container", and `re2:` names for patterns that are not anchored. Jitter and correlation are always said, since
Pumba's own defaults are not zero. Images are never pulled by Pumba: that would delay the fault by seconds.
"""

import math
import re
import shutil
from collections.abc import Callable

from strainlab.command import LAB, call, setting
from strainlab.docker import limits
from strainlab.docker.engine import (
    DOCKER,
    HELPER_LABEL,
    PROJECT_LABEL,
    SERVICE_LABEL,
    Facts,
    has_image,
    name_of,
    require_images,
)
from strainlab.errors import Failed, Usage
from strainlab.faults import kinds, netns
from strainlab.faults.plan import (
    STRESS_LABEL,
    Asked,
    Command,
    Plan,
    command,
    cores_of,
    is_down,
    is_paused,
    stress_runs,
    workers_for,
)

PUMBA = setting("PUMBA", "pumba")
PUMBA_IMAGE = setting("PUMBA_IMAGE", "ghcr.io/alexei-led/pumba:1.1.7")
# 0.20.01 is the first that has /cg-inject.
STRESS_IMAGE = setting("STRESS_IMAGE", "ghcr.io/alexei-led/stress-ng:0.20.01")
PUMBA_HOST = setting("PUMBA_HOST", setting("DOCKER_HOST", "unix:///var/run/docker.sock"))
OLDEST = (1, 0)
UNLIMITED_MEMORY = 256 << 20
# Pumba's rule bears no comment: it is known by its match.
LOSS_RULE = "-m statistic --mode random"
STOP_STRESS = [
    *("sh", "-c"),
    f"{DOCKER} ps -q --filter label={STRESS_LABEL} --filter ancestor={STRESS_IMAGE} | xargs -r {DOCKER} rm -f",
]


def plan(asked: Asked) -> Plan:
    """The plan of a fault by Pumba."""
    name = name_of(asked.facts)
    chosen = filled(asked)
    words = [*starter(name, asked.dry), *global_words(asked.facts), *kind_words(asked, chosen), name]
    if kinds.KINDS[asked.kind].network:
        return network(asked, chosen, words)
    undo, present = way_back(asked.kind, asked.facts)
    images = [STRESS_IMAGE] if asked.kind in ("cpu", "mem") else []
    return Plan([words], [undo], present, chosen, "pumba", images=images, lasts=asked.kind not in ("kill", "rm"))


def network(asked: Asked, chosen: kinds.Chosen, words: Command) -> Plan:
    """Beside Pumba a container watches the network of its target, and can take back what Pumba left in it."""
    name, interface = name_of(asked.facts), asked.interface
    if not asked.dry:
        require_images(netns.NET_IMAGE)
    if kinds.KINDS[asked.kind].netem and not netns.has_netem():
        raise Failed(
            f"{asked.kind}: the kernel has no netem (sch_netem), which Pumba needs: FAULT_BY=docker does without"
        )
    watch = f"{netns.holder_name(name)}-watch"
    watching = netns.run_words(name, watch, netns.NET_IMAGE, "sleep", f"{asked.seconds + netns.SPARE_S:g}")
    drop = f"iptables -D INPUT -i {interface} {LOSS_RULE} --probability {chosen.get('percent', 0) / 100:g} -j DROP"
    undo = drop if asked.kind == "loss" else f"tc qdisc del dev {interface} root netem"

    def rules() -> list[str]:
        return netns.rules(name, interface, watch, (netns.MARK, re.escape(LOSS_RULE)))

    return Plan(
        begin=[command(*watching), words],
        undo=[command("exec", watch, "sh", "-c", undo)],
        present=lambda: bool(rules()),
        parameters=chosen | {"interface": interface},
        how="pumba",
        holders=[watch],
        read_back=rules,
        lasts=True,
    )


def way_back(kind: str, facts: Facts) -> tuple[Command, Callable[[], bool]]:
    """What takes a fault back, and whether it is there."""
    name = name_of(facts)
    if kind in ("cpu", "mem"):
        return STOP_STRESS, lambda: stress_runs(STRESS_IMAGE)
    if kind == "pause":
        return command("unpause", name), is_paused(facts)
    if kind == "rm":
        # A container that is gone is made anew from its Compose file.
        return [str(LAB.resolve() / "stack"), "up"], lambda: call(command("container", "inspect", name))[0] != 0
    return command("start", name), is_down(facts)


def starter(name: str, dry: bool) -> Command:
    """The words before Pumba's own: a program, or a container that reaches the engine as PUMBA_HOST says."""
    if shutil.which(PUMBA):
        require_version(call([PUMBA, "--version"])[1])
        return [PUMBA]
    if not dry and not has_image(PUMBA_IMAGE) and call([DOCKER, "pull", PUMBA_IMAGE], timeout=600)[0]:
        way_out = "FAULT_BY=docker does without"
        raise Failed(f'pumba: no program "{PUMBA}", and the image cannot be pulled ({way_out}): "{PUMBA_IMAGE}"')
    words = ["run", "--rm", "--name", f"{netns.holder_name(name)}-pumba", "--label", HELPER_LABEL]
    if PUMBA_HOST.startswith("unix://"):
        socket = PUMBA_HOST.removeprefix("unix://")
        words += ["--volume", f"{socket}:{socket}"]
    else:
        words += ["--network", "host"]
    return command(*words, PUMBA_IMAGE)


def require_version(said: str) -> None:
    """Refuses a Pumba whose grammar is another; one that was built without a number is trusted."""
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise Failed(f'pumba: too old (needs {wanted} or later; FAULT_BY=docker does without): "{said.strip()}"')


def global_words(facts: Facts) -> Command:
    labels = facts["Config"]["Labels"] or {}
    named = [f"{label}={labels[label]}" for label in (PROJECT_LABEL, SERVICE_LABEL) if label in labels]
    chosen = [word for label in named for word in ("--label", label)]
    return ["--host", PUMBA_HOST, "--log-level", "info", "--json", *chosen]


def filled(asked: Asked) -> kinds.Chosen:
    """Parameters, with what is worked out from the container in place of None."""
    facts, machine, chosen = asked.facts, asked.machine, asked.chosen
    if asked.kind == "cpu":
        if chosen["cpus"]:
            raise Usage("cpu: cores are docker's: Pumba adds load (workers)")
        workers = chosen["workers"] or workers_for(facts, machine)
        # The same number of workers is another load where there are fewer cores.
        return {"workers": workers, "cores": cores_of(facts, machine), "host_cores": machine["NCPU"]}
    if asked.kind == "mem":
        limit = limits.read(facts).memory_bytes
        size = chosen["memory"] or (int(limit * 0.8) if limit else UNLIMITED_MEMORY)
        limits.check_memory(size, machine["MemTotal"], "mem")
        return {"memory": size, "limit": limit}
    if asked.kind == "loss" and chosen["correlation"]:
        raise Usage("loss: iptables knows no correlation: leave it at 0")
    if asked.kind == "loss" and chosen["percent"] % 1:
        raise Usage(f'loss: Pumba rounds to whole percentages (FAULT_BY=docker takes any): "{chosen["percent"]:g}"')
    return chosen


def kind_words(asked: Asked, chosen: kinds.Chosen) -> Command:
    """Pumba's command and its options, all of them said."""
    if asked.kind == "loss":
        return loss_words(asked, chosen)
    if kinds.KINDS[asked.kind].network:
        return netem_words(asked, chosen)
    if asked.kind in ("cpu", "mem"):
        return stress_words(asked, chosen)
    duration = ["--duration", f"{asked.seconds:g}s"]
    if asked.kind == "kill":
        return ["kill", "--signal", chosen["signal"]]
    if asked.kind == "rm":
        return ["rm", "--force"]
    return (
        ["pause", *duration]
        if asked.kind == "pause"
        else ["stop", "--time", str(chosen["grace_s"]), "--restart", *duration]
    )


def loss_words(asked: Asked, chosen: kinds.Chosen) -> Command:
    """Incoming packets, by iptables, which every kernel has."""
    words = ["iptables", "--duration", f"{asked.seconds:g}s", "--interface", asked.interface]
    words += ["--iptables-image", netns.NET_IMAGE, "--pull-image=false"]
    return [*words, "loss", "--mode", "random", "--probability", f"{chosen['percent'] / 100:g}"]


def netem_words(asked: Asked, chosen: kinds.Chosen) -> Command:
    words = ["netem", "--duration", f"{asked.seconds:g}s", "--interface", asked.interface]
    words += ["--tc-image", netns.NET_IMAGE, "--pull-image=false", asked.kind]
    spread = ["--correlation", f"{chosen.get('correlation', 0):g}"]
    if asked.kind == "delay":
        return [*words, "--time", str(chosen["time_ms"]), "--jitter", str(chosen["jitter_ms"]), *spread]
    return (
        [*words, "--rate", chosen["rate"]]
        if asked.kind == "rate"
        else [*words, "--percent", f"{chosen['percent']:g}", *spread]
    )


def stress_words(asked: Asked, chosen: kinds.Chosen) -> Command:
    stressors = (
        f"--cpu {chosen['workers']}" if asked.kind == "cpu" else f"--vm 1 --vm-bytes {chosen['memory']} --vm-keep"
    )
    # With the systemd driver the stress would run beside the target and not in it.
    inject = ["--inject-cgroup"] if asked.machine["CgroupDriver"] == "systemd" else []
    words = [
        "stress",
        "--duration",
        f"{asked.seconds:g}s",
        "--stress-image",
        STRESS_IMAGE,
        "--pull-image=false",
        *inject,
    ]
    return [*words, f"--stressors={stressors} --timeout {math.ceil(asked.seconds)}s"]
