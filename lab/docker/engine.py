"""The Docker Engine and Compose, through their command lines: all that the lab's Docker scripts say to them."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from processes import Failed, fail_when_interrupted


def setting(name, default):
    """A variable of the environment; an empty one counts as none, since that is how make hands it on."""
    return os.environ.get(name) or default


DOCKER = setting("DOCKER", "docker")
# Compose takes no capitals here.
PROJECT = setting("PROJECT", "strain")
STATE = Path(setting("DOCKER_STATE", HERE.parents[1] / "target" / "docker"))
SERVICE_LABEL = "com.docker.compose.service"
PROJECT_LABEL = "com.docker.compose.project"


class Usage(Exception):
    """A command line that asks for what cannot be; the text says why."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in one line, and ends with 2."""

    def error(self, message):
        raise Usage(message)


def say(text):
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)


def run(body):
    """Exit status of a script: 0 good, 1 machine, 2 usage; an interrupt is an error like others, so that it is undone."""
    fail_when_interrupted()
    try:
        body()
        sys.stdout.flush()
    except Usage as usage:
        say(usage)
        return 2
    except BrokenPipeError:
        # Nobody reads on: that is no failure. What is left to write must not fail at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Failed, OSError, UnicodeError) as failure:
        say(failure)
        return 1
    return 0


def call(command, text=None, timeout=120):
    """(exit status, standard output, standard error) of a command."""
    words = [str(word) for word in command]
    try:
        # A session of its own: Ctrl-C at a terminal must not end what undoes a fault.
        done = subprocess.run(
            words, input=text, capture_output=True, text=True, timeout=timeout, start_new_session=True, check=False
        )
    except FileNotFoundError:
        raise Failed(f'{words[0]}: no such program: "{shlex.join(words)}"') from None
    except subprocess.TimeoutExpired:
        raise Failed(f'{words[0]}: no answer within {timeout} s: "{shlex.join(words)}"') from None
    return done.returncode, done.stdout, done.stderr


def output(command, **options):
    """What a command prints; its last complaint when it fails."""
    status, out, complaint = call(command, **options)
    if status:
        lines = [line for line in complaint.splitlines() if line.strip()] or [f"ended with {status}"]
        name = Path(str(command[0])).name
        # A script of the lab has said its name, and all that matters, itself.
        said = lines[-1].strip()
        raise Failed(said if said.startswith(f"{name}: ") else f'{name}: {said}: "{shlex.join(map(str, command))}"')
    return out


def docker(*words, **options):
    return output([DOCKER, *words], **options).strip()


def info():
    """`docker info`; fails plainly when no daemon answers."""
    status, out, complaint = call([DOCKER, "info", "--format", "{{json .}}"])
    facts = json.loads(out) if status == 0 and out.strip() else {}
    if not facts.get("ServerVersion"):
        reason = (facts.get("ServerErrors") or complaint.strip().splitlines() or ["no reason given"])[-1]
        raise Failed(f'docker: no daemon answers: "{reason.strip()}"')
    return facts


def require_images(*images):
    """Refuses what would end in a pull that cannot succeed, with the way out."""
    for image in images:
        if call([DOCKER, "image", "inspect", image])[0]:
            say(f'image "{image}" is not here yet: pulls it')
            if call([DOCKER, "pull", image], timeout=1800)[0]:
                raise Failed(f'docker: cannot pull: "{image}": make images-offline makes stand-ins')


def inspect(container):
    found = json.loads(docker("container", "inspect", container))
    return found[0]


def containers(project=PROJECT, service=None):
    """Ids of a project's containers, running or not, those of one service or all; exact labels, never a pattern."""
    words = ["ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={PROJECT_LABEL}={project}"]
    if service:
        words += ["--filter", f"label={SERVICE_LABEL}={service}"]
    return docker(*words).split()


def seconds_of(text):
    """Unix seconds of a time as the engine writes it, with nanoseconds."""
    whole, _, part = text.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() + float(f"0.{part or 0}"), 3)


def name_of(facts):
    return facts["Name"].lstrip("/")


def service_of(facts):
    return (facts["Config"]["Labels"] or {}).get(SERVICE_LABEL)


@lru_cache(maxsize=None)
def compose():
    """The words that start Compose: COMPOSE if set, else version 2 of it, else version 1."""
    named = setting("COMPOSE", "")
    for words in [shlex.split(named)] if named else [[DOCKER, "compose"], ["docker-compose"]]:
        try:
            if call([*words, "version"])[0] == 0:
                return words
        except Failed:
            continue
    wanted = f'"{named}"' if named else '"docker compose" or "docker-compose"'
    raise Failed(f"compose: please install {wanted}")


def compose_version():
    """`1.29.2` or `2.40.3`, or None."""
    try:
        found = re.search(r"\d+\.\d+\.\d+", output([*compose(), "version", "--short"]))
    except Failed:
        return None
    return found and found[0]
