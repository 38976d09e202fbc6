"""What every script of the lab shares: its settings, its messages, its exit status, and the commands it runs."""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from strainlab.errors import Failed, Usage, plain
from strainlab.processes import fail_when_interrupted

# Relative to where it was started, so that the commands in run.json hold on another machine.
LAB = Path(os.path.relpath(Path(__file__).resolve().parents[1]))


def setting(name: str, default: str = "") -> str:
    """A variable of the environment; an empty one counts as none, since that is how make hands it on."""
    return os.environ.get(name) or default


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in one line, and ends with 2."""

    def error(self, message: str) -> NoReturn:
        raise Usage(message)


def say(text: object) -> None:
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)


def run(body: Callable[[], None]) -> int:
    """Exit status of a script: 0 good, 1 machine, 2 usage. An interrupt is an error like others, so it is undone."""
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
        say(plain(failure))
        return 1
    return 0


def call(
    command: Sequence[object], timeout: float = 120, environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """(exit status, standard output, standard error) of a command, with further variables in its environment."""
    words = [str(word) for word in command]
    told = {**os.environ, **(environment or {})}
    try:
        # A session of its own: Ctrl-C at a terminal must not end what undoes a fault.
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=timeout, env=told, start_new_session=True, check=False
        )
    except FileNotFoundError:
        raise Failed(f'{words[0]}: no such program: "{shlex.join(words)}"') from None
    except subprocess.TimeoutExpired:
        raise Failed(f'{words[0]}: no answer within {timeout:g} s: "{shlex.join(words)}"') from None
    return done.returncode, done.stdout, done.stderr


def reason(complaint: str) -> str:
    """The line of a program's complaint that says what is wrong; Docker's last one only points to its help."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    telling = [line for line in map(message, lines) if line and not line.startswith(("Run 'docker ", "See 'docker "))]
    errors = [line for line in telling if line.lower().startswith(("docker: ", "error"))]
    return (errors or telling or ["it said nothing"])[-1]


def message(line: str) -> str:
    """What a line says; of a log in JSON, such as Pumba's, its message, nothing when that is no complaint."""
    try:
        logged = json.loads(line)
        return str(logged["msg"]) if logged["level"] in ("warning", "error", "fatal", "panic") else ""
    except (ValueError, KeyError, TypeError):
        return line


def output(command: Sequence[object], **options: Any) -> str:
    """What a command prints; the reason it gives when it fails."""
    status, out, complaint = call(command, **options)
    if status:
        why = reason(complaint) if complaint.strip() else f"ended with {status}"
        name = Path(str(command[0])).name
        said = why if why.startswith(f"{name}: ") else f"{name}: {why}"
        raise Failed(f'{said}: "{shlex.join(map(str, command))}"')
    return out
