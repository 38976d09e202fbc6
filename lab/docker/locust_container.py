"""Locust in a container on the network of the stack, which is removed at its end."""

import os

import engine
import locust_words
from engine import DOCKER, HERE, PROJECT, call, setting

IMAGE = setting("LOCUST_IMAGE", "locustio/locust:2.47.0")
NAME = f"{PROJECT}-load"
FRONT_DOORS = {"shop": "http://front-end", "sock-shop": "http://edge-router"}


def command(folder, phases, host, tags=()):
    """The command, and the environment it needs besides. Records are written as the user who asks."""
    told = locust_words.environment(phases, "/record") | {"PYTHONDONTWRITEBYTECODE": "1"}
    words = [DOCKER, "run", "--rm", "--name", NAME, "--label", f"strain.project={PROJECT}"]
    words += ["--network", f"{PROJECT}_default", "--user", f"{os.getuid()}:{os.getgid()}"]
    words += ["--volume", f"{HERE.parent}:/lab:ro", "--volume", f"{folder.resolve()}:/record"]
    words += [word for name in told for word in ("--env", name)]
    return [*words, IMAGE, *locust_words.words("/lab", "/record", host, tags)], told


def version():
    """Of the Locust in the image, such as "locust 2.47.0"."""
    return engine.output([DOCKER, "run", "--rm", IMAGE, "--version"]).partition(" from ")[0].strip()


def end():
    """Ends the container if it is still there."""
    call([DOCKER, "stop", "--time", "5", NAME])
    call([DOCKER, "rm", "--force", NAME])
