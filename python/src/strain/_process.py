"""Running a filter as a process."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from strain._frames import as_csv, is_frame

LOG = logging.getLogger("strain")
WORSE = 3


class StrainError(Exception):
    """A filter refused its input or its command line: its message, and its exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(command: str, *words: object, stdin: bytes | None = None, **options: Any) -> bytes:
    """Runs `strain COMMAND WORDS… --options` and returns what it printed. Its notes go to the logger "strain".

    Words and options may be frames: they are written to files that live as long as the command.
    """
    with _arguments(words, options) as arguments:
        call = [_program(), command, *arguments]
        # Without an input of its own, no filter waits for the notebook's.
        done = subprocess.run(call, input=stdin or b"", capture_output=True, check=False)
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode not in (0, WORSE):
        raise StrainError(said or f"strain {command}: ended with status {done.returncode}", done.returncode)
    for line in said.splitlines():
        LOG.info(line)
    return done.stdout


def _program() -> str:
    """The command: that of this installation, else the one on PATH."""
    own = Path(sysconfig.get_path("scripts"), "strain")
    found = os.environ.get("STRAIN") or (str(own) if own.is_file() else shutil.which("strain"))
    if found is None:
        raise FileNotFoundError("strain: the command is neither in this environment nor on PATH (or in $STRAIN)")
    return found


@contextmanager
def _arguments(words: tuple[object, ...], options: dict[str, Any]) -> Iterator[list[str]]:
    """The command line, with frames and bytes as files."""
    with tempfile.TemporaryDirectory(prefix="strain-") as folder:
        files = (Path(folder, f"{number}") for number in range(len(words) + 1000))

        def word(value: object) -> str:
            if is_frame(value):
                return _file(next(files).with_suffix(".csv"), as_csv(value))
            if isinstance(value, bytes):
                return _file(next(files).with_suffix(".jsonl"), value)
            return str(value)

        flags: list[str] = []
        for name, value in options.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                if one is not None and one is not False:
                    option = f"--{name.strip('_').replace('_', '-')}"
                    flags.append(option if one is True else f"{option}={word(one)}")
        yield [*flags, *(word(one) for one in words)]


def _file(path: Path, text: bytes) -> str:
    path.write_bytes(text)
    return str(path)
