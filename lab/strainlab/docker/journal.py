"""What would take back the faults and loads that are under way, on disk before they begin: a power cut must not leave
one.

A file for each container that has a fault, and one for a load; locked for as long as that lasts. A file that nobody
holds is something that was cut off."""

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from strainlab.command import call, say
from strainlab.docker import engine
from strainlab.docker.engine import HELPER_LABEL, STATE, docker
from strainlab.errors import Failed

FOLDER = STATE / "faults"
LOAD = "load"
ENDS_WITHIN_S = 40


class Journal:
    """A context: the fault of one container, or a load, of which there is no second one at the same time.

    Entering it takes back what was cut off there before, so whoever plans inside sees the container as it should be.
    """

    def __init__(self, name: str) -> None:
        self.path = FOLDER / f"{name}.json"

    def __enter__(self) -> "Journal":
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = lock(self.path)
        if file is None:
            what = "a load" if self.path.stem == LOAD else "a fault"
            raise Failed(f'{what} is under way already: "{self.path.stem}"')
        self.file: TextIO = file
        self.take_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, _: TracebackType | None
    ) -> None:
        # What was written and not cleared is a fault that could not be taken back: it stays for `heal`.
        if not self.text():
            self.path.unlink(missing_ok=True)
        self.file.close()

    def text(self) -> str:
        self.file.seek(0)
        return self.file.read()

    def write(self, undo: list[list[str]], holders: list[str]) -> None:
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": os.getpid(), "undo": undo, "holders": holders}, self.file)
        self.file.flush()
        os.fsync(self.file.fileno())

    def take_back(self) -> None:
        """Takes back what was cut off here, if anything was."""
        try:
            cut_off = json.loads(self.text() or "null")
        except ValueError:
            # Cut off while it was being written: nothing had begun.
            cut_off = None
        if cut_off:
            for command in cut_off["undo"]:
                call(command)
            for name in cut_off["holders"]:
                engine.remove(name)
            say(f'took back what was cut off: "{self.path.stem}"')
        self.clear()

    def clear(self) -> None:
        self.file.seek(0)
        self.file.truncate()


def lock(path: Path) -> TextIO | None:
    """The file, locked, or None when another holds it."""
    while True:
        file = open(path, "a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        # Whoever had it before may have removed it in between.
        if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
        file.close()


def interrupt() -> None:
    """Ends what is under way, which takes itself back, and waits for that."""
    for path in under_way():
        pid = json.loads(path.read_text(encoding="utf-8") or "{}").get("pid")
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + ENDS_WITHIN_S
    while under_way() and time.monotonic() < deadline:
        time.sleep(0.2)


def under_way() -> list[Path]:
    """The entries that somebody holds."""
    held = []
    for path in sorted(FOLDER.glob("*.json")):
        file = lock(path)
        if file is None:
            held.append(path)
        else:
            file.close()
    return held


def heal() -> int:
    """Takes back all that was cut off, and removes the containers that held it; returns how many are under way."""
    going_on = 0
    for path in sorted(FOLDER.glob("*.json")):
        try:
            with Journal(path.stem):
                pass
        except Failed as failure:
            say(failure)
            going_on += 1
    if not going_on:
        names = docker("ps", "--all", "--format", "{{.Names}}", "--filter", f"label={HELPER_LABEL}").split()
        for name in names:
            say(f'removes what was left behind: "{name}"')
            engine.remove(name)
    return going_on
