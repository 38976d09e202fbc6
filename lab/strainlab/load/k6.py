"""k6 as the load generator: its stages from the phases, its samples turned into the tables that Locust would write.

The script is any k6 script without `scenarios` of its own; it reads HOST_URL from its environment.
"""

import csv
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from strainlab import shapes
from strainlab.criteria import quantile
from strainlab.errors import Failed
from strainlab.phases import FILE, Phase
from strainlab.processes import get

SAMPLES = "k6.csv"
STATUS = "http://127.0.0.1:6565/v1/status"
# A shape is given to k6 as straight lines between so many of its points.
POINTS = 20
Row = dict[str, str]
# When it was sent, in seconds, how many milliseconds it took, and what k6 says of it.
Request = tuple[float, float, Row]
HISTORY = [
    "Timestamp",
    "User Count",
    "Type",
    "Name",
    "Requests/s",
    "Failures/s",
    "Total Request Count",
    "Total Failure Count",
    "Total Average Response Time",
]

STATS = [
    "Type",
    "Name",
    "Request Count",
    "Failure Count",
    "Median Response Time",
    "Average Response Time",
    "Min Response Time",
    "Max Response Time",
]


def environment(folder: Path) -> Row:
    """Where the samples go: as a word of the command line a name with = in it, as a run's has, would be an option."""
    return {"K6_CSV_FILENAME": str(folder / SAMPLES), "K6_CSV_TIME_FORMAT": "unix_micro"}


def words(script: Path, host: str, planned: Sequence[Phase]) -> list[str]:
    told = ["k6", "run", "--quiet", "--no-usage-report", "--out", "csv", "--env", f"HOST_URL={host}"]
    for seconds, users in stages(planned):
        told += ["--stage", f"{seconds:g}s:{users}"]
    return [*told, str(script)]


def stages(planned: Sequence[Phase]) -> Iterator[tuple[float, int]]:
    """(seconds, users at its end) of k6's straight lines: users come at the spawn rate, then follow the shape."""
    users = 0
    for phase in planned:
        points = 1 if phase.shape == "steady" else POINTS
        each = phase.seconds / points
        for point in range(points):
            wanted, rate = shapes.target(asdict(phase), point * each)
            coming = min(each, max(0.001, abs(wanted - users) / rate))
            yield round(coming, 3), wanted
            if each - coming > 0.001:
                yield round(each - coming, 3), wanted
            users = wanted


class Clock:
    """Writes down when each phase begins; k6 itself does not say."""

    def __init__(self, folder: Path, planned: Sequence[Phase]) -> None:
        self.path = folder / FILE
        self.planned = [asdict(phase) for phase in planned]
        self.begun: float | None = None
        self.current = ""

    def tick(self) -> None:
        if self.begun is None and running(get(STATUS)):
            self.begun = time.time()
        if self.begun is not None:
            phase, _ = shapes.phase_at(self.planned, time.time() - self.begun)
            self.note(phase["name"] if phase else "end")

    def note(self, name: str) -> None:
        if name != self.current:
            self.current = name
            with open(self.path, "a", encoding="utf-8") as record:
                record.write(json.dumps({"name": name, "start": round(time.time(), 3)}) + "\n")


def running(page: str | None) -> bool:
    return page is not None and bool(json.loads(page)["data"]["attributes"]["running"])


def samples(path: Path) -> Iterator[Row]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def convert(folder: Path, planned: Sequence[Phase]) -> None:
    """requests.csv (a row per request, at the time it was sent), the history of all requests second by second, and
    what the whole load came to."""
    path = folder / SAMPLES
    if not path.exists():
        raise Failed(f'k6: wrote no samples: "{path}"')
    users: dict[int, float] = {}
    requests: list[Request] = []
    for row in samples(path):
        at = float(row["timestamp"]) / 1e6
        if row["metric_name"] == "vus":
            users[int(at)] = float(row["metric_value"])
        elif row["metric_name"] == "http_req_duration":
            took = float(row["metric_value"])
            requests.append((at - took / 1000, took, row))
    requests.sort(key=lambda each: each[0])
    write_requests(folder / "requests.csv", requests)
    write_history(folder / "locust_stats_history.csv", requests, users)
    write_stats(folder / "locust_stats.csv", requests)
    write_failures(folder / "locust_failures.csv", requests)


def failure(row: Row) -> str:
    """Why a request failed, nothing when it did not."""
    unexpected = f"HTTP {row['status']}" if row["expected_response"] == "false" else ""
    return row["error"] or unexpected


def write_requests(path: Path, requests: Sequence[Request]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        names = ["timestamp", "request_type", "name", "response_time_ms", "response_length", "status_code", "exception"]
        table.writerow(names)
        for sent, took, row in requests:
            why = failure(row)
            table.writerow([f"{sent:.6f}", row["method"], row["name"], f"{took:.3f}", 0, row["status"] or 0, why])


def write_history(path: Path, requests: Sequence[Request], users: dict[int, float]) -> None:
    """Counts of what had been answered at the end of each second, as Locust has them."""
    ended: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for sent, took, row in requests:
        second = int(sent + took / 1000)
        ended[second] += 1
        wrong[second] += bool(failure(row))
        times[second] += round(took * 1000)
    count = failures = total_us = 0
    vus: Any = 0.0
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HISTORY)
        for second in range(min([*ended, *users], default=0), max([*ended, *users], default=-1) + 1):
            count, failures, total_us = count + ended[second], failures + wrong[second], total_us + times[second]
            vus = users.get(second, vus)
            mean_ms = total_us / count / 1000 if count else 0.0
            table.writerow(
                [second + 1, f"{vus:g}", "", "Aggregated", ended[second], wrong[second], count, failures, mean_ms]
            )


def write_stats(path: Path, requests: Sequence[Request]) -> None:
    """Of each kind of request, and of all."""
    kinds: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for _, took, row in requests:
        one = (took, bool(failure(row)))
        kinds.setdefault((row["method"], row["name"]), []).append(one)
    every = [one for ones in kinds.values() for one in ones]
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(STATS)
        for kind, ones in [*sorted(kinds.items()), (("", "Aggregated"), every)]:
            times = sorted(took for took, _ in ones) or [0.0]
            mean = sum(times) / len(times)
            table.writerow(
                [*kind, len(ones), sum(wrong for _, wrong in ones), quantile(times, 0.5), mean, times[0], times[-1]]
            )


def write_failures(path: Path, requests: Sequence[Request]) -> None:
    counts = Counter((row["method"], row["name"], why) for _, _, row in requests if (why := failure(row)))
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Method", "Name", "Error", "Occurrences"])
        table.writerows([*each, count] for each, count in sorted(counts.items()))
