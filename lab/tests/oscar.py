"""Whether the rankings of the real shop's runs name what was broken: python3 lab/tests/oscar.py RUN…"""

import csv
import gzip
import json
import sys
from fnmatch import fnmatch
from pathlib import Path


def rows(path):
    """The rows of a table."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return list(csv.DictReader(file))


def judge(run):
    """Says how it went, and gives whether it was a fault, whether it was found, and the highest score."""
    fault = json.loads((run / "run.json").read_text())["fault"]
    services = rows(run / "services.csv")
    score, first = float(services[0]["score"] or 0), [row["service"] for row in services]
    if fault is None:
        # With customers alone, every one of them pays.
        paid = [row["status_code"] for row in rows(run / "requests.csv.gz") if row["name"].startswith("/checkout")]
        print(f"{run.name}: score {score:.2f}, {len(paid)} payments")
        return False, bool(paid) and set(paid) == {"200"}, score
    place = min((first.index(tier) + 1 for tier in fault["tier"] if tier in first), default=0)
    metrics = [row["metric"] for row in rows(run / "rank.csv") if row["service"] in fault["tier"]]
    cause = [at + 1 for at, metric in enumerate(metrics) if any(fnmatch(metric, f"{name}*") for name in fault["cause"])]
    print(f"{run.name}: score {score:.2f}, tier {place}, its cause {cause[:1] or 0}: {first[:3]}, {metrics[:5]}")
    return True, 1 <= place <= 2 and bool(cause) and cause[0] <= 5, score


def main():
    """All of them; the faults above the controls."""
    judged = [judge(Path(run)) for run in sys.argv[1:]]
    faults = [score for is_fault, _, score in judged if is_fault]
    controls = [score for is_fault, _, score in judged if not is_fault]
    apart = not faults or not controls or min(faults) > max(controls)
    sys.exit(0 if apart and all(right for _, right, _ in judged) else 1)


main()
