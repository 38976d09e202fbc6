"""The users and the spawn rate that were asked for, beside each row of Locust's own history, which has neither."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from strainlab import shapes
from strainlab.phases import Phase

COLUMNS = ["Target Users", "Spawn Rate"]


def add_targets(path: Path, planned: Sequence[Phase], starts: Sequence[dict[str, Any]]) -> None:
    """Writes Locust's history anew with two more columns, empty before the first phase and after the last."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or COLUMNS[0] in rows[0]:
        return
    at = rows[0].index("Timestamp")
    new = path.with_name(f"{path.name}.new")
    with open(new, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(rows[0] + COLUMNS)
        table.writerows(row + asked(float(row[at]), planned, starts) for row in rows[1:])
    new.rename(path)


def asked(time: float, planned: Sequence[Phase], starts: Sequence[dict[str, Any]]) -> list[str]:
    """[users, spawn rate] that a moment asked for."""
    for phase, begun, ended in zip(planned, starts, starts[1:]):
        if begun["start"] <= time < ended["start"]:
            users, spawn_rate = shapes.target(asdict(phase), time - begun["start"])
            return [str(users), f"{spawn_rate:g}"]
    return ["", ""]
