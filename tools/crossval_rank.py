#!/usr/bin/env python3
"""Cross-validates the constants of `rank` on steady/overload cases with known answers.

    crossval_rank.py --cases DIR --rank target/release/rank [--partitions 20] [--settings 343]

DIR holds DATASET/CASE/{steady.csv,overload.csv,truth.json}. What is read from names (service, kind, harm, role)
comes from `rank --explain`; the rest is computed here, and the order with the shipped constants is checked against
that of the program: two metrics may change places only where their scores differ by less than 1e-12.

Each partition has `--settings` settings of the eleven constants of its own, drawn from RANGES. In each fold a selection
procedure sees the training cases alone (mean over the table's rows of Avg@5) and its setting is scored on the cases
held out. Folds are stratified by data set; recordings of one fault (petshop, petshop-lim) stay in one fold.
Needs numpy.
"""
import argparse
import csv
import io
import json
import os
import subprocess

import numpy as np

SHIPPED = dict(level=0.7, floor=0.001, grain=1, size=1, cap=100, support=1, caller=2, saturation=1, driver=1, cause=5,
               seen=1)
#: Lowest, highest, drawn evenly on a log scale.
RANGES = dict(level=(0.5, 0.95, False), floor=(1e-4, 1e-2, True), grain=(0, 2, False), size=(0, 2, False),
              cap=(3, 300, True), support=(0, 2, False), caller=(0, 4, False),
              saturation=(0, 2, False), driver=(0, 2, False), cause=(2, 20, True), seen=(0, 2, False))
ROWS = [("rcd", 0), ("rcd", 1), ("nezha-ob", 0), ("nezha-ob", 1), ("petshop", 0), ("petshop-lim", 0)]
LEVELS = ("service", "metric")


# Cases

def read(path):
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    number = lambda cell: float(cell) if cell else np.nan
    return dict(zip(header, np.array([[number(cell) for cell in row] for row in rows]).T))


def spread(sample):
    if sample[0] == sample[-1]:
        return 0.0
    q1, median, q3 = np.quantile(sample, [0.25, 0.5, 0.75])
    return max(sample.std(), 1.4826 * np.median(abs(sample - median)), (q3 - q1) / 1.349)


def resolution(a, b):
    centre = np.quantile(a, 0.5)
    away = abs(np.concatenate([a, b]) - centre)
    away = away[away > 1e-9 * abs(centre)]
    return away.min() if len(away) else 0.0


def numbered(keys):
    seen = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], int)


def fold(service):
    return service.removesuffix("-db")


class Case:
    """One comparison: what does not depend on the constants. M metrics with samples on both sides."""

    def __init__(self, program, root, dataset, name):
        self.dataset, self.name = dataset, name
        folder = os.path.join(root, dataset, name)
        steady, overload = (os.path.join(folder, f"{side}.csv") for side in ("steady", "overload"))
        with open(os.path.join(folder, "truth.json")) as file:
            truth = json.load(file)
        self.service = fold(truth["service"])
        ask = [program, "--quiet", "--to", "csv", "--baseline", steady, overload]
        table = lambda *more: list(csv.DictReader(io.StringIO(subprocess.check_output([*ask, *more], text=True))))
        told = {row["metric"]: row for row in table("--explain")}
        self.order = [row["metric"] for row in table()]
        self.headers = sorted(told)
        before, after = read(steady), read(overload)
        finite = lambda grid, header: np.sort(v[np.isfinite(v)]) if (v := grid.get(header)) is not None else []
        both = [(i, finite(before, h), finite(after, h)) for i, h in enumerate(self.headers)]
        both = [(i, a, b) for i, a, b in both if len(a) and len(b)]
        self.at = np.array([i for i, _, _ in both])
        self.measure(both, len(next(iter(before.values()))), told)
        self.group([told[self.headers[i]] for i in self.at])
        answer = [truth["columns"][h]["service"] if h in truth["columns"] else h.split("_")[0] for h in self.headers]
        self.truly = numbered([fold(service) for service in answer])
        self.right = next(n for n, s in zip(self.truly, answer) if fold(s) == self.service)
        self.good = np.isin(self.headers, truth["true_metrics"])

    def measure(self, both, rows, told):
        gone = np.array([told[self.headers[i]]["harm"] == "gone" for i, _, _ in both])
        self.down = np.array([told[self.headers[i]]["harm"] in ("down", "gone") for i, _, _ in both])
        self.centre = np.array([np.quantile(a, 0.5) for _, a, _ in both])
        self.base = np.where(self.centre == 0, [a.mean() for _, a, _ in both], self.centre)
        self.spread = np.array([spread(a) for _, a, _ in both])
        grain = [resolution(a, b) / len(a) ** 0.5 for _, a, b in both]
        self.grain = np.where(gone, 0.0, grain)
        self.gone = gone
        self.seen = np.array([len(a) / rows for _, a, _ in both])
        self.count = np.array([len(b) for _, _, b in both])
        self.overload = np.full((len(both), self.count.max()), np.nan)
        for row, (_, _, b) in zip(self.overload, both):
            row[:len(b)] = b

    def group(self, told):
        role = np.array([t["role"] for t in told])
        self.caller = np.array([t["caller"] == "yes" for t in told])
        self.saturation, self.driver = role == "saturation", role == "driver"
        self.cause = np.isin(role, ["cause", "saturation"])
        self.group_of = numbered([t["service"] or ("alone", i) for i, t in enumerate(told)])
        self.groups = [np.flatnonzero(self.group_of == g) for g in range(self.group_of.max() + 1)]
        kinds = np.array([t["kind"] for t in told])
        # Of each group: its evidence by kind, and all its evidence. (No labels here: each metric is its own family.)
        self.evidence = [m[~self.driver[m]] if (~self.driver[m]).any() else m for m in self.groups]
        self.kinds = [[e[kinds[e] == kind] for kind in sorted(set(kinds[e]))] for e in self.evidence]


# The score, for K settings at once

def levels(case, share):
    """Type-7 quantile of the overload, K x M."""
    at = share[:, None] * (case.count - 1)
    low = np.floor(at).astype(int)
    rows = np.arange(len(case.count))
    a, b, part = case.overload[rows, low], case.overload[rows, np.minimum(low + 1, case.count - 1)], at - low
    return np.where(part < 0.5, a + (b - a) * part, b - (b - a) * (1 - part))


def scores(case, p):
    p = {name: values[:, None] for name, values in p.items()}
    up, down = levels(case, p["level"][:, 0]), levels(case, 1 - p["level"][:, 0])
    level = np.where(case.down, down, up)
    scale = np.maximum(case.spread, p["grain"] * case.grain) + p["floor"] * np.maximum(abs(case.centre), abs(level))
    bad = np.maximum(np.where(case.down, case.centre - level, level - case.centre), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        harm = np.where(bad == 0, 0, bad / scale)
        size = np.where(bad == 0, 0, bad / abs(np.where(case.gone, level, case.base)))
    deviation = np.log1p(harm)
    full = case.saturation & (harm > p["cause"])
    depth = deviation + np.where(full, p["saturation"], 0)
    strength = (depth + p["size"] * np.log1p(np.minimum(size, p["cap"]))
                - np.where(case.caller, p["caller"], 0) + p["seen"] * np.log(np.clip(case.seen, 0.001, 1)))
    out = np.empty_like(harm)
    for members, evidence, kinds in zip(case.groups, case.evidence, case.kinds):
        first = depth[:, evidence].max(1, keepdims=True)
        may = np.where(case.cause[evidence] & (harm[:, evidence] > p["cause"]), depth[:, evidence], -np.inf)
        cause = may.max(1, keepdims=True)
        late = np.where(case.driver[members] & (len(evidence) < len(members)), p["driver"], 0)
        place = 0 - np.maximum(first - depth[:, members], 0) - late - np.where(np.isfinite(cause) & (cause < first), 1e-6, 0)
        leads = (np.arange(len(evidence)) == may.argmax(1)[:, None]) & np.isfinite(cause)
        place[:, np.searchsorted(members, evidence)] = np.where(leads, 0, place[:, np.searchsorted(members, evidence)])
        ranked = np.sort(np.stack([strength[:, kind].max(1) for kind in kinds], 1), 1)
        second = np.maximum(ranked[:, -2:-1], 0) if len(kinds) > 1 else 0
        service = ranked[:, -1:] + p["support"] * second
        if case.driver[evidence].all():
            service = np.minimum(service, 0)
        out[:, members] = service + place
    whole = np.full((len(out), len(case.headers)), -np.inf)
    whole[:, case.at] = out
    return whole


def units(case, p):
    """AC@1 ... AC@5 summed, of the service and of the metric: K x 2, 0 to 5."""
    order = np.argsort(-scores(case, p), axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None].repeat(len(order), 0), 1)
    best = np.stack([place[:, case.truly == s].min(1) for s in range(case.truly.max() + 1)], 1)
    service = (best < best[:, [case.right]]).sum(1)
    metric = place[:, case.good].min(1)
    return np.clip(5 - np.stack([service, metric], 1), 0, 5)


def all_units(cases, p):
    return np.stack([units(case, p) for case in cases], 1)


# Settings, folds, procedures

def from_unit(points):
    """Settings from points of the unit cube, K x 11."""
    between = lambda x, low, high, log: low * (high / low) ** x if log else low + (high - low) * x
    return {name: between(x, *RANGES[name]) for name, x in zip(RANGES, points.T)}


def row_means(held, cases):
    dataset = np.array([case.dataset for case in cases])
    return np.array([held[dataset == d, level].mean() / 5 for d, level in ROWS])


def macro(table, training, cases):
    dataset = np.array([case.dataset for case in cases])
    masks = [(training & (dataset == d), level) for d, level in ROWS]
    return np.mean([table[:, mask, level].mean(1) / 5 for mask, level in masks if mask.any()], 0)


def folds(cases, how, rng):
    fault = np.array([case.dataset.replace("-lim", "") + "/" + case.name for case in cases])
    family = np.array([f.split("/")[0] for f in fault])
    if how == "data set out":
        return [family == f for f in np.unique(family)]
    if how == "service out":
        groups = np.array([f"{f}/{case.service}" for f, case in zip(family, cases)])
        return [groups == g for g in np.unique(groups)]
    k = int(how.split()[0])
    number = np.empty(len(cases), int)
    for f in np.unique(family):
        faults = rng.permutation(np.unique(fault[family == f]))
        for n, one in enumerate(faults, rng.integers(k)):
            number[fault == one] = n % k
    return [number == n for n in range(k)]


def single_best(worth, points, table):
    return table[worth.argmax()]


def top_tenth(worth, points):
    return np.argsort(-worth, kind="stable")[:max(1, round(len(worth) / 10))]


def procedures(cases):
    """Name -> held-out units (all cases x 2) of what is selected by its worth in training."""
    return {
        "single best": single_best,
        "mean over the top tenth": lambda worth, points, table: table[top_tenth(worth, points)].mean(0),
        "median of the top tenth": lambda worth, points, table: all_units(
            cases, from_unit(np.median(points[top_tenth(worth, points)], 0)[None]))[0],
    }


def cross_validate(cases, how, select, points, table, partitions, settings):
    out = []
    for partition in range(partitions):
        own = slice(partition * settings, (partition + 1) * settings)
        held = np.zeros((len(cases), 2))
        for test in folds(cases, how, np.random.default_rng(partition)):
            held[test] = select(macro(table[own], ~test, cases), points[own], table[own])[test]
        out.append(row_means(held, cases))
    return np.array(out)


# Report

def check(cases, shipped):
    for case in cases:
        score = dict(zip(case.headers, scores(case, shipped)[0]))
        theirs = np.array([score[metric] for metric in case.order])
        ties = [a - b for a, b in zip(theirs[1:], theirs) if np.isfinite(b)]
        assert max(ties) < 1e-12, f"{case.dataset}/{case.name}: not the order of the program"


def line(name, rows):
    cells = " ".join(f"{x:.3f}" for x in rows.mean(0))
    print(f"{name:42s} {cells} {rows.mean():.3f} | {rows.min(0)[2]:.3f} {rows.mean(1).min():.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True)
    parser.add_argument("--rank", required=True)
    parser.add_argument("--partitions", type=int, default=20)
    parser.add_argument("--settings", type=int, default=343)
    args = parser.parse_args()
    named = sorted({d for d, _ in ROWS})
    cases = [Case(args.rank, args.cases, d, c) for d in named for c in sorted(os.listdir(os.path.join(args.cases, d)))]
    shipped = {name: np.array([float(value)]) for name, value in SHIPPED.items()}
    check(cases, shipped)
    points = np.random.default_rng(0).random((args.partitions * args.settings, len(RANGES)))
    table = np.concatenate([all_units(cases, from_unit(part)) for part in np.array_split(points, len(points) // 250 + 1)])
    print(" " * 42, " ".join(f"{d[:3]}/{LEVELS[level][0]}" for d, level in ROWS), "macro | least nez/s, macro")
    line("shipped, in sample", row_means(all_units(cases, shipped)[0], cases)[None])
    over = np.array([row_means(one, cases) for one in table])
    line("median over all settings", np.median(over, 0)[None])
    print(f"{'':42s} median of their macro means {np.median(over.mean(1)):.3f}, lowest tenth below {np.quantile(over.mean(1), 0.1):.3f}")
    for how in ("5 folds", "10 folds", "service out", "data set out"):
        for name, select in procedures(cases).items():
            line(f"{how}, {name}", cross_validate(cases, how, select, points, table, args.partitions, args.settings))
    everything = np.ones(len(cases), bool)
    chosen = top_tenth(macro(table, everything, cases), points)
    for name in RANGES:
        low, mid, high = (from_unit(np.quantile(points[chosen], q, 0)[None])[name][0] for q in (0.25, 0.5, 0.75))
        print(f"top tenth of all, {name:11s} quartiles {low:.3g} {mid:.3g} {high:.3g}, shipped {SHIPPED[name]}")
    line("that median, in sample", row_means(all_units(cases, from_unit(np.median(points[chosen], 0)[None]))[0], cases)[None])


if __name__ == "__main__":
    main()
