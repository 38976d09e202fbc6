"""What the lab adds to any locustfile: phases, a record of every request, criteria, and open arrivals.

Given to Locust beside the locustfile (`-f plugin.py,mine.py`). It reads its settings from the environment:

  LAB_PHASES    JSON list of phases (strainlab.phases.Phase)
  LAB_RECORD    folder for requests.csv (a row per request), phases.jsonl (a line per phase, when it began),
                arrivals.csv (open arrivals only) and broken.json (criteria that were broken)
  LAB_CRITERIA  JSON of strainlab.criteria.Criteria, or nothing
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gevent
import locust.stats
from locust import LoadTestShape, events
from locust.contrib.csv_request_logger import CsvRequestLogger
from locust.env import Environment

from strainlab import shapes
from strainlab.criteria import Criteria, Window
from strainlab.load.arrivals import Arrivals
from strainlab.phases import FILE, STOPPED

RECORD = Path(os.environ.get("LAB_RECORD", "."))
PHASES: list[dict[str, Any]] = json.loads(os.environ.get("LAB_PHASES", "[]"))
CRITERIA = json.loads(os.environ.get("LAB_CRITERIA") or "null")

# The default of ten seconds smears a peak over ten rows of the history.
locust.stats.CURRENT_RESPONSE_TIME_PERCENTILE_WINDOW = 2

window = Window(Criteria(**CRITERIA)) if CRITERIA else None
arrivals = Arrivals(PHASES, RECORD / "arrivals.csv") if any(phase.get("rate") for phase in PHASES) else None


@events.init.add_listener
def begin(environment: Environment, **_: Any) -> None:
    CsvRequestLogger(str(RECORD / "requests.csv"), flush_interval=100).register(environment)
    if window:
        environment.events.request.add_listener(watch)
    if arrivals:
        environment.events.request.add_listener(arrivals.log)
        for user in environment.user_classes:
            user.wait_time = lambda _user: arrivals.wait()


def watch(response_time: float | None, exception: Exception | None, response: Any = None, **_: Any) -> None:
    failed = exception is not None or getattr(response, "status_code", 200) >= 400
    window.add(time.time(), response_time or 0.0, failed)


class Phases(LoadTestShape):
    """One phase after the other; writes down when each begins, and ends all when criteria are broken."""

    def __init__(self) -> None:
        super().__init__()
        self.current: str | None = None

    def tick(self) -> tuple[int, float] | None:
        phase, since = shapes.phase_at(PHASES, self.get_run_time())
        name = phase["name"] if phase else "end"
        if window and phase and name != "warm-up" and (broken := window.broken(time.time())):
            (RECORD / "broken.json").write_text(json.dumps(broken) + "\n", encoding="utf-8")
            phase, name = None, STOPPED
        if name != self.current:
            self.current = name
            write_phase(name)
        return phase and self.target(phase, since)

    def target(self, phase: Mapping[str, Any], since: float) -> tuple[int, float]:
        if arrivals and phase.get("rate"):
            users = arrivals.users_for(phase, self.get_run_time())
            return users, max(phase["spawn_rate"], users)
        return shapes.target(phase, since)


def write_phase(name: str) -> None:
    with open(RECORD / FILE, "a", encoding="utf-8") as record:
        record.write(json.dumps({"name": name, "start": round(time.time(), 3)}) + "\n")


@events.quitting.add_listener
def end(**_: Any) -> None:
    if arrivals:
        arrivals.close()
    gevent.sleep(0)
