#!/usr/bin/env python3
"""The stage znorm in ten lines of Python: my-znorm.py --baseline STEADY OVERLOAD > Z"""
import csv, statistics, sys

_, _, baseline, grid = sys.argv
steady = {name: [float(v) for v in cells if v] for name, *cells in zip(*csv.reader(open(baseline)))}
scale = {name: (statistics.fmean(v), statistics.pstdev(v)) for name, v in steady.items() if v}
(header, *rows), out = csv.reader(open(grid)), csv.writer(sys.stdout, lineterminator="\n")
out.writerow(header)
for time, *row in rows:
    pairs = [(v, *scale.get(name, (0.0, 0.0))) for name, v in zip(header[1:], row)]
    out.writerow([time, *(v and ((float(v) - mean) / sd if sd else 0.0) for v, mean, sd in pairs)])
