"""Open arrivals: tasks that begin when they are due, not when an earlier one has ended.

Task k of a phase with `rate` r is due at its beginning + k / r. Users are only the hands that do the tasks: one that
is free takes the next due time, and waits for it. When all hands are busy a task begins late; its response time is
then also counted from when it was due, as a customer would have it, and not only from when it was sent (coordinated
omission; Tene 2013). More hands are taken on as long as tasks begin late."""

import csv
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

FIRST_HANDS = 10
LATE_S = 0.005


def due_times(phases: Sequence[Mapping[str, Any]]) -> Iterator[float]:
    """Seconds since the beginning at which each task is due; a phase without a rate has none."""
    begun = 0.0
    for phase in phases:
        rate = phase.get("rate")
        if rate:
            for number in range(int(phase["seconds"] * rate)):
                yield begun + number / rate
        begun += phase["seconds"]


class Arrivals:
    """Hands out due times, and writes down what each request made of its own."""

    def __init__(self, phases: Sequence[Mapping[str, Any]], path: Path) -> None:
        self.due = due_times(phases)
        self.start: float | None = None
        self.hands = FIRST_HANDS
        self.late = False
        # Locust makes it local to a greenlet, so to a user.
        self.mine = threading.local()
        self.file = open(path, "w", encoding="utf-8", newline="")
        self.table = csv.writer(self.file)
        self.table.writerow(["due", "sent", "name", "response_time_ms", "from_due_ms", "failed"])

    def wait(self) -> float:
        """Seconds until the task that the user who asks takes on; what is due already begins now."""
        if self.start is None:
            self.start = time.time()
        now = time.time()
        self.mine.due = self.start + next(self.due, float("inf"))
        if now - self.mine.due > LATE_S:
            self.late = True
        # Past the last one nothing is due; the load ends before a minute is over.
        return min(60.0, max(0.0, self.mine.due - now))

    def users_for(self, phase: Mapping[str, Any], run_time: float) -> int:
        """How many hands there are to be, up to the phase's users."""
        if self.start is None:
            self.start = time.time() - run_time
        if self.late:
            self.hands, self.late = self.hands * 2, False
        return min(self.hands, phase["users"])

    def log(
        self,
        name: str,
        response_time: float | None,
        exception: Exception | None,
        start_time: float = 0.0,
        response: Any = None,
        **_: Any,
    ) -> None:
        """A row for the first request of a task; the others are sent when the one before has been answered."""
        due = getattr(self.mine, "due", None)
        if due is None or due == float("inf"):
            return
        self.mine.due = None
        took = response_time or 0.0
        failed = exception is not None or getattr(response, "status_code", 200) >= 400
        from_due = took + max(0.0, start_time - due) * 1000
        self.table.writerow([f"{due:.3f}", f"{start_time:.3f}", name, f"{took:.3f}", f"{from_due:.3f}", int(failed)])

    def close(self) -> None:
        self.file.close()
