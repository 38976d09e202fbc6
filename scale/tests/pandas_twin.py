"""Beside the map: the measures of `rank --emit measures` as one would write them with pandas and SciPy, on Spark.

    spark-submit scale/tests/pandas_twin.py SHARDS OUT

STEADY and OVERLOAD give the rows, as for scale/map. Counters become rates, rows without a sample within two steps are
empty; of each metric means, changes in percent, the robust deviation, Mann-Whitney's effect and p. It knows no kinds of
metrics (up is harmful), nor onsets. SciPy takes successive samples for independent, so its p is another.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark import SparkContext
from scipy.stats import mannwhitneyu

COLUMNS = "steady overload pct_change pct_diff z effect p missing_steady missing_overload".split()


def rows_of(state):
    """The times of a state's rows in ms."""
    words = os.environ[state].split()
    start, end, step = (int(words[words.index(f"--{name}") + 1]) for name in ("start", "end", "step"))
    return pd.Index(np.arange(start, end + 1, step) * 1000), step


def header(labels):
    """As strain writes it, labels in the order of their names."""
    others = ",".join(f'{key}="{labels[key]}"' for key in sorted(labels) if key != "__name__")
    return f"{labels['__name__']}{{{others}}}"


def grid(path, state):
    """A frame: one row per step, one column per series."""
    (times, step), columns = rows_of(state), {}
    for line in path.open():
        series = json.loads(line)
        values = pd.Series(series["values"], index=series["timestamps"], dtype=float)
        name = header(series["metric"])
        if series["type"] == "counter":
            name = name.replace("{", '{__as__="rate",', 1)
            growth = values.diff()
            values = growth.where(growth >= 0, values) / (np.append(np.nan, np.diff(values.index)) / 1000)
        columns[name] = values.reindex(times, method="ffill", tolerance=2000 * step - 1)
    return pd.DataFrame(columns)


def measured(steady, overload):
    """The measures of all columns."""
    before, after, centre = steady.mean(), overload.mean(), steady.median()
    quarter, three, level = steady.quantile(0.25), steady.quantile(0.75), overload.quantile(0.7)
    spread = np.maximum(steady.std(ddof=0), 1.4826 * (steady - centre).abs().median()).clip((three - quarter) / 1.349)
    test = mannwhitneyu(overload, steady, method="asymptotic", nan_policy="omit")
    whole = before.abs() + after.abs()
    of = [before, after, 100 * (after - before) / before.abs(), (200 * (after - before) / whole).fillna(0)]
    of += [(level - centre) / (spread + 0.001 * np.maximum(centre.abs(), level.abs()))]
    of += [test.statistic / (overload.count() * steady.count()), test.pvalue]
    of += [steady.isna().mean(), overload.isna().mean()]
    return pd.DataFrame(dict(zip(COLUMNS, of)), index=steady.columns)


def of_shard(folder):
    """The rows of a shard, as CSV."""
    start = time.process_time()
    table = measured(*(grid(Path(folder) / f"{state.lower()}.jsonl", state) for state in ("STEADY", "OVERLOAD")))
    yield from table.rename_axis("metric").to_csv(lineterminator="\n").splitlines()
    spent.add(time.process_time() - start)


context = SparkContext(appName="twin")
spent = context.accumulator(0.0)
shards = Path(sys.argv[1]).read_text().split()
context.parallelize(shards, len(shards)).flatMap(of_shard).saveAsTextFile(sys.argv[2])
# Spark's Python workers are nobody's children when they end.
Path(f"{sys.argv[2].removeprefix('file://')}.workers").write_text(f"{spent.value}\n")
context.stop()
