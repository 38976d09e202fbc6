"""Child processes that are ended by their id, whatever happens to their parent."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from strainlab.errors import Failed

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def fail_when_interrupted() -> None:
    """From here on the first interrupt is a failure like others, so that what was begun is undone; later ones change
    nothing."""
    for signum in INTERRUPTS:
        signal.signal(signum, interrupted)


def interrupted(signum: int, _: object) -> None:
    be_uninterruptible()
    raise Failed(f"interrupted by {signal.Signals(signum).name}")


def be_uninterruptible() -> None:
    """From here on nothing interrupts. A handler that does nothing: what is only ignored, children would ignore."""
    for signum in INTERRUPTS:
        signal.signal(signum, lambda *_: None)


def die_with_parent() -> None:
    """Before a child's program begins: it gets SIGTERM when its parent ends, however that ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Processes:
    """A context in which processes are started; leaving it ends them, the last one first."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, _: TracebackType | None
    ) -> None:
        be_uninterruptible()
        for _name, child in self.running:
            if child.poll() is None:
                child.terminate()
        for _name, child in self.running:
            try:
                child.wait(timeout=8)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(
        self, name: str, command: Sequence[object], env: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Starts a command in a session of its own, so that Ctrl-C at a terminal reaches only its parent."""
        with ExitStack() as files:
            log = files.enter_context(open(self.logs / f"{name}.log", "wb"))
            child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
                env=None if env is None else {**os.environ, **env},
            )
        self.running.append((name, child))
        return child

    def release(self, child: "subprocess.Popen[bytes]") -> None:
        """Lets a process go that has ended as it should."""
        self.running = [(name, each) for name, each in self.running if each is not child]

    def check(self, but: "subprocess.Popen[bytes] | None" = None) -> None:
        """Fails when a process has ended that should not have: any but one that may."""
        for name, child in self.running:
            if child is not but and child.poll() is not None:
                raise Failed(f"{name} ended with {child.returncode}: see {self.logs / name}.log")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on."""
    with ExitStack() as sockets:
        held = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]


def get(url: str) -> str | None:
    """The body of a page, or None when there is none yet."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return None


def wait_until(condition: Callable[[], object], what: str, processes: Processes, seconds: float = 30) -> None:
    """Waits for a condition to hold, and for no longer than that."""
    deadline = time.monotonic() + seconds
    while not condition():
        processes.check()
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not ready after {seconds:g} s")
        time.sleep(0.1)
