"""Child processes that are ended by their id, whatever happens to their parent."""

import ctypes
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Failed(Exception):
    """A run that cannot go on; the text says why."""


def fail_when_interrupted():
    """From here on the first interrupt is a failure like others, so that what was begun is undone; later ones change nothing."""
    for signum in INTERRUPTS:
        signal.signal(signum, interrupted)


def interrupted(signum, _):
    be_uninterruptible()
    raise Failed(f"interrupted by {signal.Signals(signum).name}")


def be_uninterruptible():
    """From here on nothing interrupts. A handler that does nothing: what is only ignored, children would ignore as well."""
    for signum in INTERRUPTS:
        signal.signal(signum, lambda *_: None)


class Processes:
    """A context in which processes are started; leaving it ends them, the last one first."""

    def __init__(self, logs):
        self.logs = logs
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        be_uninterruptible()
        for _, child in self.running:
            if child.poll() is None:
                child.terminate()
        for _, child in self.running:
            try:
                child.wait(timeout=8)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(self, name, command, **options):
        """Starts a command in a session of its own, so that Ctrl-C at a terminal reaches only its parent."""
        with ExitStack() as files:
            log = files.enter_context(open(self.logs / f"{name}.log", "wb"))
            child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),
                **options,
            )
        self.running.append((name, child))
        return child

    def check(self):
        """Fails when a process has ended that should not have."""
        for name, child in self.running:
            if child.poll() is not None:
                raise Failed(f"{name} ended with {child.returncode}: see {self.logs / name}.log")


def free_ports(count):
    """Ports of the loopback address that nobody listens on."""
    with ExitStack() as sockets:
        held = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]


def get(url):
    """The body of a page, or None when there is none yet."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return None


def wait_until(condition, what, processes, seconds=30):
    """Waits for a condition to hold, and for no longer than that."""
    deadline = time.monotonic() + seconds
    while not condition():
        processes.check()
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not ready after {seconds} s")
        time.sleep(0.1)
