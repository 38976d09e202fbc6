"""How near the measures of the pandas twin are: near_twin.py FOLDER_OF_MAPS FOLDER_OF_THE_TWIN.

Fails when a number that both should know differs by more than 1e-9 of the larger; of p it says by how much.
"""

import csv
import sys
from pathlib import Path


def maps(folder):
    """The rows of `rank --emit measures` that the maps wrote."""
    for part in Path(folder).glob("part-*"):
        tagged = (line.split("\t", 1) for line in part.open())
        yield from csv.DictReader([line for tag, line in tagged if tag.endswith(".rank")])


def twins(folder):
    """The rows of the twin."""
    for part in Path(folder).glob("part-*"):
        with part.open() as file:
            yield from csv.DictReader(file)


def apart(one, other):
    """The difference of two cells, relative to the larger."""
    if "" in (one, other):
        return 0.0 if one == other else float("inf")
    one, other = float(one), float(other)
    return abs(one - other) / max(abs(one), abs(other), 1e-300)


ours, theirs = ({row["metric"]: row for row in rows} for rows in (maps(sys.argv[1]), twins(sys.argv[2])))
if ours.keys() != theirs.keys() or len(ours) < 10:
    sys.exit(f"near_twin: not the same metrics: {len(ours)} and {len(theirs)}")
columns = [name for name in next(iter(theirs.values())) if name != "metric"]
worst = {name: max(apart(ours[metric][name], theirs[metric][name]) for metric in ours) for name in columns}
print(f"pandas beside rank, {len(ours)} metrics: " + ", ".join(f"{name} {value:.1e}" for name, value in worst.items()))
if far := [name for name in columns if name != "p" and worst[name] > 1e-9]:
    sys.exit(f"near_twin: not equal: {', '.join(far)}")
