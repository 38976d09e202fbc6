"""Which container a fault is for: exactly one, by its Compose service or by its name, never by a pattern."""

import json

from strainlab import words
from strainlab.command import call
from strainlab.docker import engine
from strainlab.docker.engine import DOCKER, PROJECT, PROJECT_LABEL, SERVICE_LABEL, Facts, docker, inspect, name_of
from strainlab.errors import Failed


def spellings(project: str, service: str, number: str) -> set[str]:
    """The names that either version of Compose gives a container; project and service may have hyphens themselves."""
    return {mark.join((project, service, number)) for mark in "-_"}


def by_service(service: str) -> Facts:
    """The facts of the one container of a service."""
    found = [inspect(each) for each in engine.containers(PROJECT, words.name("service", service))]
    if not found:
        known = sorted({str(engine.service_of(inspect(each))) for each in engine.containers()})
        listed = ", ".join(known) or "none"
        raise Failed(f'service: no container of project {PROJECT} (services: {listed}): "{service}"')
    if len(found) > 1:
        names = ", ".join(sorted(map(name_of, found)))
        raise Failed(f'service: more than one container, name one of {names}: "{service}"')
    return found[0]


def by_name(name: str) -> Facts:
    """The facts of the container of that name, in the form of either version of Compose."""
    words.name("container", name)
    status, out, _ = call([DOCKER, "container", "inspect", name])
    facts: Facts | None = json.loads(out)[0] if status == 0 else None
    # An id, or the beginning of one, is found by the engine as well.
    if facts and name_of(facts) == name:
        return facts
    for each, *labels in named_by_compose():
        if name in spellings(*labels):
            return inspect(each)
    raise Failed(f'container: no such one: "{name}"')


def named_by_compose() -> list[list[str]]:
    """[id, project, service, number] of every container that Compose has made."""
    labels = (PROJECT_LABEL, SERVICE_LABEL, "com.docker.compose.container-number")
    columns = "\t".join(["{{.ID}}", *(f'{{{{.Label "{label}"}}}}' for label in labels)])
    found = docker("ps", "--all", "--no-trunc", "--filter", f"label={PROJECT_LABEL}", "--format", columns)
    return [row for row in (line.split("\t") for line in found.splitlines()) if len(row) == 4]
