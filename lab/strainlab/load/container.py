"""Locust in a container on the network of the stack, which is removed at its end."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from strainlab.command import LAB, call, output, setting
from strainlab.docker.engine import DOCKER, PROJECT
from strainlab.load import locust

IMAGE = setting("LOCUST_IMAGE", "locustio/locust:2.47.0")
NAME = f"{PROJECT}-load"


def command(
    folder: Path, environment: Mapping[str, str], network: str, host: str, locustfile: Path, tags: Sequence[str]
) -> list[str]:
    """Records are written as the user who asks."""
    words = [DOCKER, "run", "--rm", "--name", NAME, "--label", f"strain.project={PROJECT}"]
    words += ["--network", network, "--user", f"{os.getuid()}:{os.getgid()}"]
    words += ["--volume", f"{LAB.resolve()}:/lab:ro", "--volume", f"{folder.resolve()}:/record"]
    words += ["--volume", f"{locustfile.resolve().parent}:/load:ro"]
    words += [word for name in environment for word in ("--env", name)]
    inside = Path("/load") / locustfile.name
    return [*words, IMAGE, *locust.words(Path("/lab"), inside, Path("/record"), host, tags)]


def version() -> str:
    """Of the Locust in the image, such as "locust 2.47.0"."""
    return output([DOCKER, "run", "--rm", "--network", "none", IMAGE, "--version"]).partition(" from ")[0].strip()


def end() -> None:
    """Ends the container if it is still there."""
    call([DOCKER, "stop", "--time", "5", NAME])
    call([DOCKER, "rm", "--force", NAME])
