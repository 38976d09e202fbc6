"""Faults made by Pumba, a program on PATH or its container, in the grammar of its version 1.1.

The command names exactly one container and, besides, the labels that Compose gave it: Pumba takes no name at all for
"every container", and `re2:` names for patterns that are not anchored. Jitter and correlation are always said, since
Pumba's own defaults are not zero. Images are never pulled by Pumba: that would delay the fault by seconds.
"""

import math
import shutil

import kinds
import limits
import netns
from by_docker import Plan, command, network_rules
from engine import DOCKER, PROJECT, PROJECT_LABEL, SERVICE_LABEL, Failed, Usage, call, name_of, require_images, setting

PUMBA = setting("PUMBA", "pumba")
PUMBA_IMAGE = setting("PUMBA_IMAGE", "ghcr.io/alexei-led/pumba:1.1.7")
# 0.20.01 is the first that has /cg-inject.
STRESS_IMAGE = setting("STRESS_IMAGE", "ghcr.io/alexei-led/stress-ng:0.20.01")
PUMBA_HOST = setting("PUMBA_HOST", setting("DOCKER_HOST", "unix:///var/run/docker.sock"))
UNLIMITED_MEMORY = 256 << 20
STOP_STRESS = [
    *("sh", "-c"),
    f"{DOCKER} ps --quiet --filter label={kinds.STRESS_LABEL} --filter ancestor={STRESS_IMAGE} | xargs -r {DOCKER} rm --force",
]


def plan(kind, facts, machine, chosen, seconds, interface, dry):
    """The plan of a fault of `seconds` for the container that `facts` describe."""
    name = name_of(facts)
    chosen = filled(kind, facts, machine, chosen)
    words = [*starter(name, dry), *global_words(facts), *kind_words(kind, machine, chosen, seconds, interface), name]
    if kind in kinds.NETWORK:
        if not dry:
            require_netem(kind)
        watch = f"{netns.holder_name(name)}-watch"
        watching = command(*netns.run_words(name, watch, netns.NET_IMAGE, "sleep", f"{seconds + netns.SPARE_S:g}"))
        return Plan(
            begin=[watching, words],
            undo=[command("exec", watch, "tc", "qdisc", "del", "dev", interface, "root", "netem")],
            present=lambda: bool(network_rules(name, interface, watch)),
            parameters=chosen | {"interface": interface},
            how="pumba",
            holders=[watch],
            read_back=lambda: network_rules(name, interface, watch),
            lasts=True,
        )
    undo, present = {
        "cpu": (STOP_STRESS, lambda: kinds.stress_runs(STRESS_IMAGE)),
        "mem": (STOP_STRESS, lambda: kinds.stress_runs(STRESS_IMAGE)),
        "pause": (command("unpause", name), lambda: kinds.state(facts)["Paused"]),
        "kill": (command("start", name), lambda: not kinds.state(facts)["Running"]),
        "stop": (command("start", name), lambda: not kinds.state(facts)["Running"]),
    }[kind]
    images = [STRESS_IMAGE] if kind in ("cpu", "mem") else []
    return Plan([words], [undo], present, chosen, "pumba", images=images, lasts=kind != "kill")


def require_netem(kind):
    require_images(netns.NET_IMAGE)
    if not netns.has_netem():
        raise Failed(f"{kind}: the kernel has no netem (sch_netem), which Pumba needs: FAULT_BY=docker does without")


def starter(name, dry):
    """The words before Pumba's own: a program, or a container that reaches the engine as PUMBA_HOST says."""
    if shutil.which(PUMBA):
        return [PUMBA]
    if not dry and call([DOCKER, "image", "inspect", PUMBA_IMAGE])[0] and call([DOCKER, "pull", PUMBA_IMAGE], timeout=600)[0]:
        raise Failed(f'pumba: no program "{PUMBA}", and the image cannot be pulled (FAULT_BY=docker does without): "{PUMBA_IMAGE}"')
    words = ["run", "--rm", "--name", f"{netns.holder_name(name)}-pumba", "--label", f"strain.project={PROJECT}"]
    if PUMBA_HOST.startswith("unix://"):
        socket = PUMBA_HOST.removeprefix("unix://")
        words += ["--volume", f"{socket}:{socket}"]
    else:
        words += ["--network", "host"]
    return command(*words, PUMBA_IMAGE)


def global_words(facts):
    labels = facts["Config"]["Labels"] or {}
    named = [f"{label}={labels[label]}" for label in (PROJECT_LABEL, SERVICE_LABEL) if label in labels]
    chosen = [word for label in named for word in ("--label", label)]
    return ["--host", PUMBA_HOST, "--log-level", "info", "--json", *chosen]


def filled(kind, facts, machine, chosen):
    """Parameters, with what is reckoned from the container in place of None."""
    if kind == "cpu":
        if chosen["cpus"]:
            raise Usage("cpu: cores are docker's: Pumba adds load (workers)")
        workers = chosen["workers"] or kinds.workers_for(facts, machine)
        # The same number of workers is another load where there are fewer cores.
        return {"workers": workers, "cores": kinds.cores_of(facts, machine), "host_cores": machine["NCPU"]}
    if kind == "mem":
        limit = limits.read(facts)["memory_bytes"]
        size = chosen["memory"] or (int(limit * 0.8) if limit else UNLIMITED_MEMORY)
        limits.check_memory(size, machine["MemTotal"], "mem")
        return {"memory": size, "limit": limit}
    return chosen


def kind_words(kind, machine, chosen, seconds, interface):
    """Pumba's command and its options, all of them said."""
    duration = ["--duration", f"{seconds:g}s"]
    if kind in kinds.NETWORK:
        words = ["netem", *duration, "--interface", interface, "--tc-image", netns.NET_IMAGE, "--pull-image=false", kind]
        spread = ["--correlation", f"{chosen.get('correlation', 0):g}"]
        return words + {
            "delay": lambda: ["--time", str(chosen["time_ms"]), "--jitter", str(chosen["jitter_ms"]), *spread],
            "loss": lambda: ["--percent", f"{chosen['percent']:g}", *spread],
            "corrupt": lambda: ["--percent", f"{chosen['percent']:g}", *spread],
            "rate": lambda: ["--rate", chosen["rate"]],
        }[kind]()
    if kind in ("cpu", "mem"):
        stressors = f"--cpu {chosen['workers']}" if kind == "cpu" else f"--vm 1 --vm-bytes {chosen['memory']} --vm-keep"
        # With the systemd driver the stress would run beside the target and not in it.
        inject = ["--inject-cgroup"] if machine["CgroupDriver"] == "systemd" else []
        words = ["stress", *duration, "--stress-image", STRESS_IMAGE, "--pull-image=false", *inject]
        return [*words, f"--stressors={stressors} --timeout {math.ceil(seconds)}s"]
    return {
        "pause": ["pause", *duration],
        "kill": ["kill", "--signal", chosen.get("signal", "")],
        "stop": ["stop", "--time", str(chosen.get("grace_s", "")), "--restart", *duration],
    }[kind]
