"""Compose, version 1.29 or 2: its command line, and what it makes of a stack's files."""

import json
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from strainlab.command import LAB, call, output, say, setting
from strainlab.docker import stacks
from strainlab.docker.engine import DOCKER, PROJECT, STATE
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed

OVERLAYS = stacks.HOME / "overlays"
# What is written for the stack as it is in this project: two projects of one stack have limits and labels of their own.
OWN = STATE / "projects" / PROJECT
# Where the containers of a stack may write their spans, STRAIN_SPANS of its Compose file. A project that goes down
# takes its files away.
SPANS = OWN / "spans"


@cache
def program() -> tuple[str, ...]:
    """The words that start Compose: COMPOSE if set, else version 2 of it, else version 1."""
    named = setting("COMPOSE")
    for found in [shlex.split(named)] if named else [[DOCKER, "compose"], ["docker-compose"]]:
        try:
            if call([*found, "version"])[0] == 0:
                return tuple(found)
        except Failed as failure:
            # Only a program that is not there leads on; an interrupt ends the search.
            if "no such program" not in str(failure):
                raise
    wanted = f'"{named}"' if named else '"docker compose" or "docker-compose"'
    raise Failed(f"compose: please install {wanted}")


def version() -> str | None:
    """`1.29.2` or `2.40.3`, or None."""
    try:
        found = re.search(r"\d+\.\d+\.\d+", output([*program(), "version", "--short"]))
    except Failed:
        return None
    return found[0] if found else None


def limits_file(stack: Stack) -> Path:
    return OWN / f"limits-{stack.name}.yml"


def files(stack: Stack) -> list[Path]:
    """The stack's own file, then what the lab lays over it: Prometheus, cAdvisor, limits."""
    found = [stack.file]
    if stack.scrape:
        found.append(OVERLAYS / "prometheus.yml")
    if stack.cadvisor:
        found.append(OVERLAYS / "cadvisor.yml")
    if limits_file(stack).exists():
        found.append(limits_file(stack))
    return found


def command(stack: Stack, *words: str) -> list[object]:
    chosen = [part for path in files(stack) for part in ("--file", path)]
    return [*program(), "--project-name", PROJECT, "--project-directory", stack.file.parent, *chosen, *words]


def environment(stack: Stack) -> dict[str, str]:
    """What the stack's own file and the overlays read besides."""
    return {
        "STRAIN_PROMETHEUS_CONFIG": str(scrape_file(stack).resolve()),
        "STRAIN_LAB": str(LAB.resolve()),
        "STRAIN_SPANS": str(SPANS.resolve()),
    }


def scrape_file(stack: Stack) -> Path:
    return OWN / f"prometheus-{stack.name}.yml"


def write_scrape(stack: Stack) -> bool:
    """The scrape configuration of the lab's Prometheus, the stack's own and cAdvisor's job; True when it is new."""
    if not stack.scrape:
        return False
    text = Path(stack.scrape).read_text(encoding="utf-8").rstrip() + "\n"
    if stack.cadvisor:
        sections = re.findall(r"^(\w+):", text, re.MULTILINE)
        if not sections or sections[-1] != "scrape_configs":
            raise Failed(f'{stack.scrape}: scrape_configs is not its last section, so no job can be added: "cadvisor"')
        job = (OVERLAYS / "cadvisor.prometheus.yml").read_text(encoding="utf-8")
        text += "\n" + job.replace("${PROJECT}", PROJECT)
    path = scrape_file(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    # In place: a container that has the file mounted sees what is written.
    path.write_text(text, encoding="utf-8")
    return True


def run(stack: Stack, *words: str, **options: Any) -> str:
    return output(command(stack, *words), environment=environment(stack), **options)


def services(stack: Stack) -> dict[str, dict[str, Any]]:
    """Each service's settings as Compose understands them, limits included."""
    text = config(stack)
    try:
        return dict(json.loads(text)["services"])
    except ValueError:
        # Version 1 knows no JSON; it needs this library itself.
        try:
            import yaml
        except ImportError:
            raise Failed("compose 1: please install python3-yaml, or version 2 of Compose") from None
        return dict(yaml.safe_load(text)["services"])


def config(stack: Stack) -> str:
    """The files as one: JSON of version 2, YAML of version 1."""
    write_scrape(stack)
    if limits_file(stack).exists():
        say(f'with the limits of "{limits_file(stack)}"')
    return run(stack, "config", *(() if is_version_1() else ("--format", "json")))


def is_version_1() -> bool:
    return (version() or "1").startswith("1.")
