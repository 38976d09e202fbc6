"""One measurement at a time on a machine: two at once would measure each other."""

import fcntl
import os
import stat
from pathlib import Path
from typing import TextIO

from strainlab.command import say, setting
from strainlab.errors import Failed


def path() -> Path:
    """In a folder that is the user's alone, whichever checkout of the lab it is."""
    runtime = setting("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "strain-lab.lock"
    return Path(setting("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "strain" / "lab.lock"


def open_own(where: Path) -> TextIO:
    """The file, made when it is missing and never emptied; a link, or what is no plain file of ours, is refused."""
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(where, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise Failed(f'lock: cannot open: "{where}": {(failure.strerror or "no reason given").lower()}') from None
    held = os.fstat(handle)
    if not stat.S_ISREG(held.st_mode) or held.st_uid != os.getuid():
        os.close(handle)
        raise Failed(f'lock: not a plain file of this user: "{where}": remove it')
    return os.fdopen(handle, "r+", encoding="utf-8")


def only_one_at_a_time() -> TextIO:
    """Holds the lab's lock until the file is closed or the program ends; waits for whoever has it, and says so."""
    file = open_own(path())
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waits for another run to end")
        fcntl.flock(file, fcntl.LOCK_EX)
    return file
