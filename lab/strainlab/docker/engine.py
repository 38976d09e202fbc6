"""The Docker Engine, through its command line: all that the lab says to it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strainlab.command import LAB, call, output, reason, say, setting
from strainlab.errors import Failed

Facts = dict[str, Any]

DOCKER = setting("DOCKER", "docker")
# Compose takes no capitals here.
PROJECT = setting("PROJECT", "strain")
STATE = Path(setting("DOCKER_STATE", str(LAB.parent / "target" / "docker")))
SERVICE_LABEL = "com.docker.compose.service"
PROJECT_LABEL = "com.docker.compose.project"
# Borne by whatever the lab starts besides a stack.
HELPER_LABEL = f"strain.project={PROJECT}"


def docker(*words: object, **options: Any) -> str:
    return output([DOCKER, *words], **options).strip()


def info() -> Facts:
    """`docker info`; fails plainly when no daemon answers."""
    status, out, complaint = call([DOCKER, "info", "--format", "{{json .}}"])
    facts: Facts = json.loads(out) if status == 0 and out.strip() else {}
    if not facts.get("ServerVersion"):
        why = (facts.get("ServerErrors") or [reason(complaint)])[-1]
        raise Failed(f'docker: no daemon answers: "{why.strip()}"')
    return facts


def has_image(image: str) -> bool:
    return call([DOCKER, "image", "inspect", image])[0] == 0


def require_images(*images: str) -> None:
    """Refuses what would end in a pull that cannot succeed, with the way out."""
    for image in images:
        if not has_image(image):
            say(f'image "{image}" is not here yet: pulls it')
            if call([DOCKER, "pull", image], timeout=1800)[0]:
                raise Failed(f'docker: cannot pull: "{image}": make images-offline makes stand-ins')


def inspect(container: str) -> Facts:
    found: list[Facts] = json.loads(docker("container", "inspect", container))
    return found[0]


def containers(project: str = PROJECT, service: str | None = None) -> list[str]:
    """Ids of a project's containers, running or not, those of one service or all; exact labels, never a pattern."""
    words = ["ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={PROJECT_LABEL}={project}"]
    if service:
        words += ["--filter", f"label={SERVICE_LABEL}={service}"]
    return docker(*words).split()


def remove(name: str) -> None:
    """Stops a container, so that it undoes what it holds, and removes it; one that is not there is as good."""
    call([DOCKER, "stop", "--time", "5", name])
    call([DOCKER, "rm", "--force", "--volumes", name])
    if docker("ps", "--all", "--quiet", "--filter", f"name=^/?{name}$"):
        raise Failed(f'container cannot be removed: "{name}"')


def running(name: str) -> bool:
    status, out, _ = call([DOCKER, "container", "inspect", "--format", "{{.State.Running}}", name])
    return status == 0 and out.strip() == "true"


def seconds_of(text: str) -> float:
    """Unix seconds of a time as the engine writes it, with nanoseconds."""
    whole, _, part = text.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return round(moment.timestamp() + float(f"0.{part or 0}"), 3)


def name_of(facts: Facts) -> str:
    return str(facts["Name"]).lstrip("/")


def service_of(facts: Facts) -> str | None:
    return (facts["Config"]["Labels"] or {}).get(SERVICE_LABEL)
