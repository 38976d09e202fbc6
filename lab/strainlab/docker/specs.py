"""Prints what a run was measured on, as JSON: the machine, the Docker Engine, Compose, and each container's limits.

Without a Docker daemon only the machine is described, and that is said.
"""

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from strainlab import record
from strainlab.command import Parser, run, say, setting
from strainlab.docker import compose, engine, limits, stacks
from strainlab.docker.engine import PROJECT, Facts, inspect
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed, Usage
from strainlab.machine import machine


def arguments() -> argparse.Namespace:
    parser = Parser(prog="specs", description=__doc__)
    parser.add_argument("--file", type=Path, help="write there, and not to standard output")
    return parser.parse_args()


def engine_facts() -> dict[str, Any]:
    facts = engine.info()
    return {
        "engine": facts["ServerVersion"],
        "cores": facts["NCPU"],
        "memory_bytes": facts["MemTotal"],
        "kernel": facts["KernelVersion"],
        "cgroup": int(facts.get("CgroupVersion") or 1),
        "cgroup_driver": facts["CgroupDriver"],
        "storage_driver": facts["Driver"],
        "compose": compose.version(),
        "stack": setting("STACK", "shop"),
        "compose_config_sha256": config_hash(),
    }


def config_hash() -> str | None:
    """Of the stack as Compose understands it, limits included: two spellings of one stack are the same."""
    try:
        settings = compose.services(stacks.chosen())
    except (Failed, Usage) as failure:
        say(failure)
        return None
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def container_facts(facts: Facts) -> dict[str, Any]:
    return {
        "name": engine.name_of(facts),
        "service": engine.service_of(facts),
        "image": facts["Config"]["Image"],
        "image_id": facts["Image"],
        "state": facts["State"]["Status"],
        "restart": facts["HostConfig"]["RestartPolicy"]["Name"] or "no",
        **limits.read(facts).shown(),
    }


def limit_differences(stack: Stack) -> list[str]:
    """Containers whose limits are not those that their Compose file gives them, in words."""
    services, version_1, engine_info = compose.services(stack), compose.is_version_1(), engine.info()
    found = []
    for facts in map(inspect, engine.containers()):
        settings = services.get(engine.service_of(facts) or "", {})
        differ = limits.differences(limits.read(facts), limits.of_service(settings, version_1), engine_info)
        found += [f"{engine.name_of(facts)} has {each}" for each in differ]
    return found


def specs() -> dict[str, Any]:
    found: dict[str, Any] = {"time": round(time.time(), 3), "machine": machine(), "docker": None, "project": PROJECT}
    found["containers"] = []
    try:
        found["docker"] = engine_facts()
    except Failed as failure:
        say(f"the machine only: {failure}")
        return found
    described = [container_facts(inspect(each)) for each in engine.containers()]
    found["containers"] = sorted(described, key=lambda each: str(each["name"]))
    return found


def print_specs() -> None:
    args = arguments()
    if args.file:
        args.file.parent.mkdir(parents=True, exist_ok=True)
        record.write_json(args.file, specs())
    else:
        sys.stdout.write(json.dumps(specs(), indent=1) + "\n")


def main() -> int:
    return run(print_specs)
