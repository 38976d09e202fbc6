"""Which container a fault is for: exactly one, by its Compose service or by its name, never by a pattern."""

import json
import re

import engine
from engine import DOCKER, PROJECT, Failed, Usage, call, inspect

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")


def check_name(what, text):
    if not text:
        raise Usage(f"{what}: none given, and a fault for all containers is refused")
    if not NAME.fullmatch(text):
        raise Usage(f'{what}: not a plain name (patterns are refused): "{text}"')
    return text


def other_form(name):
    """`strain-carts-1` of version 2 of Compose for `strain_carts_1` of version 1, and the other way round; or None."""
    found = re.fullmatch(r"(.+)([_-])(.+)\2(\d+)", name)
    if not found:
        return None
    project, mark, service, number = found.groups()
    join = "-" if mark == "_" else "_"
    return join.join((project, service, number))


def by_service(service):
    """The facts of the one container of a service."""
    found = [inspect(each) for each in engine.containers(PROJECT, check_name("service", service))]
    if not found:
        known = sorted({engine.service_of(inspect(each)) for each in engine.containers()})
        raise Failed(f'service: no container of project {PROJECT} (services: {", ".join(known) or "none"}): "{service}"')
    if len(found) > 1:
        names = ", ".join(sorted(map(engine.name_of, found)))
        raise Failed(f'service: more than one container, name one of {names}: "{service}"')
    return found[0]


def by_name(name):
    """The facts of a container of that name, in the form of either version of Compose."""
    check_name("container", name)
    for form in filter(None, (name, other_form(name))):
        status, out, _ = call([DOCKER, "container", "inspect", form])
        facts = json.loads(out)[0] if status == 0 else None
        # An id, or the beginning of one, is found by the engine as well.
        if facts and engine.name_of(facts) == form:
            return facts
    raise Failed(f'container: no such one: "{name}"')
