"""What would take back the faults that are under way, on disk before they begin: a power cut must not leave one behind.

A file a container, locked for as long as its fault lasts; a file that nobody holds is a fault that was cut off.
"""

import fcntl
import json
import os

import netns
from engine import PROJECT, STATE, Failed, call, docker, say

FOLDER = STATE / "faults"


class Journal:
    """A context: the fault of one container, which has no second one at the same time."""

    def __init__(self, container):
        self.path = FOLDER / f"{container}.json"
        self.file = None

    def __enter__(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.file = lock(self.path)
        if self.file is None:
            raise Failed(f'a fault is under way already: "{self.path.stem}"')
        self.take_back()
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, plan):
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": os.getpid(), "undo": plan.undo, "holders": plan.holders}, self.file)
        self.file.flush()
        os.fsync(self.file.fileno())

    def take_back(self):
        """Takes back what was cut off here, if anything was."""
        self.file.seek(0)
        text = self.file.read()
        if not text:
            return
        cut_off = json.loads(text)
        for command in cut_off["undo"]:
            call(command)
        for name in cut_off["holders"]:
            netns.remove(name)
        say(f'took back a fault that was cut off: "{self.path.stem}"')
        self.clear()

    def clear(self):
        self.file.seek(0)
        self.file.truncate()
        self.path.unlink(missing_ok=True)


def lock(path):
    """The file, locked, or None when another holds it."""
    file = open(path, "a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def heal():
    """Takes back all faults that were cut off, and removes the containers that held them; returns how many are under way."""
    under_way = 0
    for path in sorted(FOLDER.glob("*.json")):
        try:
            with Journal(path.stem) as journal:
                journal.clear()
        except Failed as failure:
            say(failure)
            under_way += 1
    if not under_way:
        for name in docker("ps", "--all", "--format", "{{.Names}}", "--filter", f"label=strain.project={PROJECT}").split():
            say(f'removes what held a fault: "{name}"')
            netns.remove(name)
    return under_way
