#!/usr/bin/env python3
"""Cross-validates `rank` by data set, and shows what each of its rules is worth.

    crossval_rank.py --cases DIR --rank target/release/rank [--settings 48] [--ablate]

DIR holds DATASET/CASE/{steady.csv,steady-2.csv,…,overload.csv,truth.json}, plain or .gz. What is read from names
(service, kind, harm, role, caller) comes from `rank --explain`, q and the verdict from its ranking, the p that samples which do not overlap would have from
its measures; the score is computed here a second time, in numpy, and
the order with the shipped constants is compared with that of the program: cases in which the true service takes
another place are listed.

For each data set the constants that are best on all the others (mean over data sets of AC@1 and Avg@5 of the true
service) are judged on the one left out. `--ablate` takes the rules away one by one instead. Needs numpy and pandas.
"""
import argparse
import collections
import csv
import io
import itertools
import json
import pathlib
import random
import re
import subprocess
import warnings

import numpy as np
import pandas as pd

SHIPPED = dict(level=0.7, floor=0.001, cap=100.0, cause=5.0, grown=0.05, second=0.5, unlikely=0.001)
GRID = dict(level=(0.6, 0.65, 0.7, 0.75), floor=(0.0005, 0.001, 0.002, 0.005), cap=(30.0, 100.0, 300.0),
            cause=(3.0, 5.0, 10.0))
ABLATIONS = {"shipped": {}, "size relative to the median": dict(base="median"), "no share": dict(share=0.0),
             "successes as such": dict(complement=False), "no mean over routes": dict(families=False),
             "no second kind": dict(second=0.0), "second kind in full": dict(second=1.0),
             "callers like others": dict(callers=False), "any growth is a cause": dict(grown=0.0),
             "latencies like others": dict(latencies=False), "what filled up is no cause": dict(filled=False),
             "what may be chance like others": dict(sure=False), "what is likely chance like others": dict(chance=False), "what rested like others": dict(idle=False),
             "causes not first": dict(cause=np.inf), "no part of the window": dict(unlikely=0.0), "no size": dict(cap=0.0)}
LEAST, CLEAR, CHANCE, NEAR, REST = 0.001, 0.01, 0.5, 0.9, 0.01
# What is itself a share of its limit, and its whole.
SHARES = ((re.compile(r"%|percent|pct", re.I), 100.0), (re.compile(r"ratio", re.I), 1.0))
warnings.simplefilter("ignore", RuntimeWarning)


class Sample:
    """The samples of all columns in one state, sorted column by column."""

    def __init__(self, values):
        self.values = np.where(np.isfinite(values), values, np.nan)
        self.sorted, self.n, self.rows = np.sort(self.values, axis=0), np.isfinite(self.values).sum(0), len(values)
        self.mean, self.std = np.nanmean(self.values, axis=0), np.nanstd(self.values, axis=0)
        self.most = np.nanmax(self.values, axis=0)
        self.median, self.q1, self.q3 = (self.quantile(q) for q in (0.5, 0.25, 0.75))
        away = np.sort(abs(self.values - self.median), axis=0)
        mad = 1.4826 * quantile(away, self.n, 0.5)
        self.spread = np.fmax(np.fmax(self.std, mad), (self.q3 - self.q1) / 1.349)

    def quantile(self, q):
        return quantile(self.sorted, self.n, q)

    def autocorrelation(self):
        reach = np.where(self.q3 > self.q1, 1.5 * (self.q3 - self.q1), np.inf)
        cut = np.clip(self.values, self.q1 - reach, self.q3 + reach)
        away = np.nan_to_num(cut - np.nanmean(cut, axis=0))
        same, following = (away * away).sum(0), (away[:-1] * away[1:]).sum(0)
        return np.where((self.std == 0) | (same <= 0), 0, np.clip(following / np.where(same > 0, same, 1), 0, 1))

    def effective_size(self, r):
        return np.maximum(self.n * (1 - r) / (1 + r), 1)


def quantile(ascending, n, q):
    at = q * (np.maximum(n, 1) - 1)
    low = np.floor(at).astype(int)
    high, column = np.minimum(low + 1, np.maximum(n - 1, 0)), np.arange(ascending.shape[1])
    return ascending[low, column] + (ascending[high, column] - ascending[low, column]) * (at - low)


def read(path):
    frame = pd.read_csv(path, index_col=0)
    return frame.drop(columns=[c for c in frame.columns if c == "window"]).apply(pd.to_numeric, errors="coerce")


def table(rank, baselines, overload, *more):
    command = [rank, "-q", "--to", "csv", *more, *sum((["--baseline", b] for b in baselines), []), overload]
    rows = csv.DictReader(io.StringIO(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    return {row["metric"]: row for row in rows}


class Case:
    """A recorded fault: what names say, the samples of both states, and the answer."""

    def __init__(self, folder, rank):
        self.path, self.data_set = folder, folder.parent.name
        self.truth = json.loads((folder / "truth.json").read_text())
        steady = sorted(folder.glob("steady*.csv*"))
        overload = next(folder.glob("overload.csv*"))
        names, ranked = table(rank, steady, overload, "--explain"), table(rank, steady, overload)
        self.program = list(names)
        grids, after = [read(path) for path in steady], read(overload)
        self.columns = list(names)
        for key in ("service", "name", "kind", "harm", "role"):
            setattr(self, key, np.array([names[c][key] or "" for c in self.columns], object))
        measures = table(rank, steady, overload, "--emit", "measures")
        number = lambda rows, key: np.array([float(rows[c][key] or np.nan) for c in self.columns])
        q, least = number(ranked, "q"), number(measures, "least_p") * sum(row["q"] != "" for row in ranked.values())
        self.sure = q < CLEAR
        worse = next(iter(ranked.values()))["verdict"] == "worse"
        self.chance = worse & (q > CHANCE) & (least < CLEAR) & (self.harm != "gone")
        self.chance &= np.array([not measures[c]["part"] and measures[c]["note"] != "gone" for c in self.columns])
        self.caller = np.array([names[c]["caller"] == "yes" for c in self.columns])
        self.before = np.vstack([grid.reindex(columns=self.columns).to_numpy(float) for grid in grids])
        self.after = after.reindex(columns=self.columns).to_numpy(float)
        self.samples = {}

    def states(self, complement):
        if complement not in self.samples:
            top = np.fmax(np.nanmax(self.before, axis=0), np.nanmax(self.after, axis=0))
            whole = np.where(top <= 1.000001, 1.0, np.where(top <= 100.0001, 100.0, np.nan))
            flips = (self.kind == "availability") & (self.harm == "down") & np.isfinite(whole) & complement
            turn = lambda values: np.where(flips, np.nan_to_num(whole) - values, values)
            self.samples[complement] = Sample(turn(self.before)), Sample(turn(self.after)), np.where(flips, "up", self.harm)
        return self.samples[complement]

    def filled(self, i):
        """True for a share of a limit that came near it."""
        whole = next((whole for pattern, whole in SHARES if pattern.search(self.columns[i])), np.nan)
        before, now = (sample.mean[i] / whole for sample in self.states(False)[:2])
        return before < NEAR <= now <= 1

    def rested(self):
        """What services take in the overload and took next to nothing of before, of those that took nothing else but memory."""
        before, after, _ = self.states(False)
        taken = ~np.isin(self.role, ["symptom", "driver"]) & ~self.caller & (after.mean > 0)
        rested = taken & (before.mean < REST * after.mean)
        flows = taken & ~np.isin(self.kind, ["memory", "saturation"])
        idle = set(self.service[flows]) - set(self.service[flows & ~rested]) - {""}
        return rested & np.array([service in idle for service in self.service])

    def family(self, i):
        """Series of one service, name and quantile differ only in what lies below the service."""
        header = self.columns[i]
        if self.kind[i] != "latency" or "{" not in header:
            return i
        return header.partition("{")[0], header.partition('quantile="')[2].partition('"')[0]


def resolution(centre, *samples):
    least = np.full(len(centre), np.inf)
    for sample in samples:
        away = abs(sample.values - centre)
        least = np.minimum(least, np.where(away > 1e-9 * abs(centre), away, np.inf).min(0))
    return np.where(np.isfinite(least), least, 0)


def changes(case, p):
    """Harmful deviation, relative size and change in its unit of each column."""
    before, after, harm = case.states(p.get("complement", True))
    down, both, gone = np.isin(harm, ["down", "gone"]), harm == "both", harm == "gone"
    high, low = after.quantile(p["level"]), after.quantile(1 - p["level"])
    level = np.where(down | both & (high - before.median < before.median - low), low, high)
    grain = np.where(gone, 0, resolution(before.median, before, after) / np.sqrt(np.maximum(before.n, 1)))
    scale = np.fmax(before.spread, grain) + p["floor"] * np.fmax(abs(before.median), abs(level))
    change = level - before.median
    bad = np.where(both, abs(change), np.where(down, -change, change).clip(min=0))
    base = abs(before.median) if p.get("base") == "median" else np.hypot(before.mean, before.std)
    if p.get("latencies", True):
        base = np.where((case.kind == "latency") & (before.median > 0), before.median, base)
    base = np.where(gone, abs(level), base)
    size = np.where(bad > 0, bad / base, 0)
    beyond = np.where(down, np.nanmin(before.values, axis=0) - after.values, after.values - np.nanmax(before.values, axis=0))
    beyond = np.nan_to_num(beyond).clip(min=0)
    share, mean = (beyond > 0).sum(0) / np.maximum(after.n, 1), beyond.sum(0) / np.maximum(after.n, 1)
    r = before.autocorrelation()
    m, n = after.effective_size(r), before.effective_size(r)
    counts = gone | (case.kind == "latency") | (case.kind == "errors") & (before.most == 0) | ((m / (m + n)) ** (share * m) < p["unlikely"])
    part = counts & ~both & (mean > bad)
    bad = np.where(part, mean, bad)
    size = np.where(part, share * np.minimum(mean / share / base, p["cap"]), size)
    if p.get("idle", True):
        size = np.where(case.rested(), np.minimum(size, 1), size)
    seen = (before.n > 0) & (after.n > 0)
    harmful = np.where(seen & (bad > 0), bad / scale, 0)
    return harmful, np.where(seen, np.where(np.isnan(size), np.inf, size), 0), np.where(seen, bad, 0), seen


def order(case, p):
    """The columns, most suspect first, as `rank` scores them (without --calls, born errors and lost services)."""
    harm, size, bad, seen = changes(case, p)
    before, after, direction = case.states(p.get("complement", True))
    chance = case.chance & p.get("chance", True)
    taken = seen & (bad > 0) & ~np.isin(case.role, ["symptom", "driver"]) & ~chance
    most = collections.defaultdict(float)
    for i in np.flatnonzero(taken):
        most[case.name[i]] = max(most[case.name[i]], bad[i])
    share = np.array([np.log(max(bad[i] / most[case.name[i]], LEAST)) if taken[i] else 0 for i in range(len(bad))])
    known = sum(np.log(np.clip(s.n / s.rows, LEAST, 1)) for s in (before, after))
    own = np.where(harm > 0, np.log1p(harm) + np.log1p(np.minimum(size, p["cap"])) + p.get("share", 1) * share + known, 0)
    own = own.clip(min=0)
    score = np.full(len(own), -np.inf)
    behind = -1 / (1 + own) - (case.role == "driver")
    suspects = seen & (case.role != "driver") & ~(case.caller & p.get("callers", True))
    score[seen & ~suspects] = behind[seen & ~suspects]
    groups = collections.defaultdict(list)
    for i in np.flatnonzero(suspects):
        groups[case.service[i] or i].append(i)
    for members in groups.values():
        score_group(case, p, members, np.where(chance, 0, own), np.where(chance, 0, harm), size, direction, score)
    score[suspects & chance] = 1e-4 * own[suspects & chance]
    return sorted(range(len(own)), key=lambda i: (-score[i], case.columns[i]))


def score_group(case, p, members, own, harm, size, direction, score):
    families = collections.defaultdict(list)
    for i in members:
        families[case.family(i) if p.get("families", True) else i].append(own[i])
    strength = {i: np.mean(families[case.family(i) if p.get("families", True) else i]) * (own[i] > 0) for i in members}
    kinds = collections.defaultdict(float)
    for i in members:
        kinds[case.kind[i]] = max(kinds[case.kind[i]], strength[i])
    for i in members:
        other = max((v for kind, v in kinds.items() if kind != case.kind[i]), default=0)
        gone = direction[i] == "gone" and np.isinf(size[i])
        score[i] = strength[i] + p["second"] * (strength[i] if gone else min(other, strength[i])) + 1e-4 * own[i]
    filled = lambda i: p.get("filled", True) and p["cause"] < np.inf and case.filled(i)
    causes = [i for i in members if case.role[i] in ("cause", "saturation") and size[i] >= p["grown"]
              and (harm[i] > p["cause"] or harm[i] > 0 and filled(i))]
    if causes:
        first = min(causes, key=lambda i: (p.get("sure", True) and not case.sure[i], -harm[i], i))
        score[first] = max(score[first], max(score[i] for i in members) + 1e-6)


def place(case, ranking):
    """Place of the true service, a database counted with its service."""
    fold = lambda service: service.removesuffix("-db")
    places = case.truth["columns"]
    seen = list(dict.fromkeys(fold(places[c]["service"]) for c in ranking if c in places))
    answer = fold(case.truth["service"])
    return seen.index(answer) + 1 if answer in seen else 99


def figure(places):
    return (np.mean([p == 1 for p in places]) + np.mean([[p <= k for k in range(1, 6)] for p in places])) / 2


def judge(cases, constants):
    found = collections.defaultdict(list)
    for case in cases:
        found[case.data_set].append(place(case, [case.columns[i] for i in order(case, constants)]))
    return {name: figure(places) for name, places in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True, type=pathlib.Path)
    parser.add_argument("--rank", required=True)
    parser.add_argument("--settings", type=int, default=48, help="settings of the constants, drawn from the grid")
    parser.add_argument("--ablate", action="store_true", help="take the rules away one by one")
    args = parser.parse_args()
    folders = sorted(path.parent for path in args.cases.glob("*/*/truth.json") if next(path.parent.glob("overload.csv*"), 0))
    cases = [Case(folder, args.rank) for folder in folders]
    for case in cases:
        ours, theirs = place(case, [case.columns[i] for i in order(case, SHIPPED)]), place(case, case.program)
        if ours != theirs:
            print(f"{case.path}: place {ours} here, {theirs} by the program")
    if args.ablate:
        for name, change in ABLATIONS.items():
            rows = judge(cases, {**SHIPPED, **change})
            print(f"{name}: {np.mean(list(rows.values())):.3f}", {k: round(float(v), 3) for k, v in rows.items()})
        return
    grid = [dict(zip(GRID, values)) for values in itertools.product(*GRID.values())]
    drawn = random.Random(1).sample(grid, min(args.settings, len(grid))) + [{}]
    results = [(setting, judge(cases, {**SHIPPED, **setting})) for setting in drawn]
    held_out = {}
    for name in sorted({case.data_set for case in cases}):
        others = lambda result: np.mean([value for other, value in result[1].items() if other != name])
        setting, rows = max(results, key=others)
        held_out[name] = rows[name]
        print(f"{name}: {rows[name]:.3f} held out ({setting or 'shipped'}), {results[-1][1][name]:.3f} shipped")
    print(f"mean: {np.mean(list(held_out.values())):.3f} held out, {np.mean(list(results[-1][1].values())):.3f} shipped")


if __name__ == "__main__":
    main()
