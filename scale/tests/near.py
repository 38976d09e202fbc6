"""Two tables of pca: the same metrics, all numbers equal to 1e-9 (components are sums in another order)."""

import csv
import sys


def table(path):
    """The header and the rows by metric."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], {row[0]: row[1:] for row in rows[1:]}


(first, left), (second, right) = (table(path) for path in sys.argv[1:3])
if first != second or left.keys() != right.keys() or len(left) < 10:
    sys.exit(f"near: not the same rows: {len(left)} and {len(right)}")
for metric, cells in left.items():
    for name, one, other in zip(first[1:], cells, right[metric]):
        if name == "note":
            near = one == other
        else:
            near = abs(float(one or "nan") - float(other or "nan")) <= 1e-9
        if not near:
            sys.exit(f"near: {metric}: {name}: {one} and {other}")
