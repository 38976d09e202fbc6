#!/usr/bin/env python3
"""The blind recordings: packs runs of the lab into a folder of examples, and scores `rank` beside its peers.

    score_blind.py pack RUNS examples/chat --grid-build target/release/grid-build
    score_blind.py score examples/chat --rank target/release/rank > examples/chat/places.csv

`pack` makes a folder of two grids for every run of the stack's matrix, such as lab/stacks/chat.csv, as lab/lab.mk makes
them, and cases.csv. What is there is not made again.
`score` prints a row for each run: the place of the tier that was broken among the services, the place of the first
metric that was named as its cause before the recording, and the verdict; on standard error, the shares. Two steady
grids are given: the run's own, and that of the run made before it with as many users (of the first one, after it).

--peers adds percentage change, Netdata's volume, N-Sigma and BARO on the same grids (pip: numpy pandas fse-baro).
They know no services: theirs are those that `rank` reads from the same names, in the order of first appearance.
"""

import argparse
import concurrent.futures
import csv
import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path

EFFECT = ("steady_p95_ms", "fault_p95_ms", "steady_failed", "fault_failed")
FIELDS = ("run", "fault", "recorded", "steady_users", "users", *EFFECT, "tier", "cause", "other_steady")
DIGITS = 12
NOT_THERE = 10**6


def output(*words, text=None):
    done = subprocess.run([str(word) for word in words], input=text, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


# Packing.


def pack(args):
    found = [(json.loads(path.read_text()), path.parent) for path in args.runs.glob("*/*/run.json")]
    found.sort(key=lambda each: each[0]["phases"][0]["start"])
    cases, former, first = [], {}, {}
    for made, folder in found:
        case = case_of(made) | effect(made, folder)
        pack_grids(args, folder, args.cases / case["run"])
        load = case["steady_users"]
        case["other_steady"] = former.get(load, "")
        if load in former and not first[load]["other_steady"]:
            first[load]["other_steady"] = case["run"]
        first.setdefault(load, case)
        former[load] = case["run"]
        cases.append(case)
    with open(args.cases / "cases.csv", "w", newline="") as file:
        table = csv.DictWriter(file, FIELDS, lineterminator="\n")
        table.writeheader()
        table.writerows(cases)


def case_of(made):
    tags = dict(tag.split("=", 1) for tag in made["tags"])
    phases = {phase["name"]: phase for phase in made["phases"]}
    fault = made["fault"] or {"fault": "none", "tier": [], "cause": []}
    name = fault["fault"] if made["fault"] else f"none-{tags['steady_users']}-{tags['take']}"
    return {
        "run": name,
        "fault": fault["fault"],
        "recorded": made["phases"][0]["start"],
        "steady_users": phases["steady"]["users"],
        "users": phases["overload"]["users"],
        "tier": " ".join(fault["tier"]),
        "cause": " ".join(fault["cause"]),
    }


def effect(made, folder):
    """What the users saw, by Locust: the 95 % quantile and the share of failures, before and in the fault."""
    phases = {phase["name"]: phase for phase in made["phases"]}
    with gzip.open(folder / "requests.csv.gz", "rt") as file:
        rows = [
            (float(row["timestamp"]), float(row["response_time_ms"] or 0), row["exception"])
            for row in csv.DictReader(file)
        ]
    seen = []
    for part in (phases["steady"], made["fault"] or phases["overload"]):
        here = sorted(row[1:] for row in rows if part["start"] <= row[0] < part["end"])
        failed = sum(bool(exception) for _, exception in here) / len(here)
        seen.append((round(here[int(0.95 * (len(here) - 1))][0]), round(failed, 4)))
    return dict(zip(EFFECT, (seen[0][0], seen[1][0], seen[0][1], seen[1][1])))


def pack_grids(args, run, target):
    if (target / "overload.csv.zst").exists():
        return
    target.mkdir(parents=True, exist_ok=True)
    words = [args.grid_build, "--quiet", "--locust", run / "locust", "--locust-requests", run / "requests.csv.gz"]
    words += ["--locust-run", run / "run.json", "--histograms", "quantiles"]
    steady = run / "steady.csv"
    steady.write_text(output(*words, run / "steady.jsonl.gz"))
    overload = output(*words, "--like", steady, run / "overload.jsonl.gz")
    for name, text in (("steady", steady.read_text()), ("overload", overload)):
        shorter = target / f"{name}.csv"
        shorter.write_text(rounded(text))
        output("zstd", "--quiet", "--force", "--rm", "-19", shorter, "-o", f"{shorter}.zst")


def rounded(text):
    """The grid with DIGITS significant digits in each cell; times are kept."""
    rows = csv.reader(io.StringIO(text))
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(next(rows))
    for time, *cells in rows:
        out.writerow([time, *(f"{float(cell):.{DIGITS}g}" if cell else "" for cell in cells)])
    return written.getvalue()


# Scoring.


def score(args):
    places, verdicts = {}, []
    with open(args.cases / "cases.csv", newline="") as file:
        cases = list(csv.DictReader(file))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["run", "by", "place_of_tier", "place_of_cause", "verdict", "first_service", "first_metric"])
    with concurrent.futures.ProcessPoolExecutor() as pool:
        looked_at = list(pool.map(look, [args] * len(cases), cases))
    for case, (verdict, orders) in zip(cases, looked_at):
        verdicts.append((case["fault"], verdict))
        for who, order in orders.items():
            place = ("", "")
            if case["fault"] != "none":
                place = places_of(case, order)
                places.setdefault(who, []).append(place)
            told = verdict if who == "rank" else ""
            out.writerow([case["run"], who, *map(shown, place), told, order[0][0], order[1][0][0]])
    summary(places, verdicts)


def look(args, case):
    """The verdict, and by each method the services and the (metric, service), best first."""
    found = ranked(args, case)
    orders = {"rank": (found["services"], found["metrics"])}
    with_peers = args.peers and case["fault"] != "none"
    return found["verdict"], orders | (peers(args, case, found) if with_peers else {})


def shown(place):
    return "-" if place == NOT_THERE else str(place)


def baselines(args, case):
    return [args.cases / name / "steady.csv.zst" for name in (case["run"], case["other_steady"])]


def ranked(args, case):
    """Services and (metric, service), best first, and the verdict, with the flags that come by themselves."""
    words = [args.rank, "--quiet", "--to", "csv"]
    words += [word for path in baselines(args, case) for word in ("--baseline", path)]
    overload = args.cases / case["run"] / "overload.csv.zst"
    metrics = list(csv.DictReader(io.StringIO(output(*words, overload))))
    services = csv.DictReader(io.StringIO(output(*words, "--by", "service", overload)))
    return {
        "metrics": [(row["metric"], row["service"]) for row in metrics],
        "services": [row["service"] for row in services],
        "verdict": metrics[0]["verdict"],
    }


def places_of(case, order):
    services, metrics = order
    tier = case["tier"].split()
    patterns = [".*".join(map(re.escape, text.split("*"))) for text in case["cause"].split()]
    cause = re.compile("|".join(patterns))

    def names_it(metric, service):
        return service in tier and cause.fullmatch(metric.partition("{")[0])

    return (
        next((at for at, service in enumerate(services, 1) if service in tier), NOT_THERE),
        next((at for at, each in enumerate(metrics, 1) if names_it(*each)), NOT_THERE),
    )


def summary(places, verdicts):
    def share(found, limit):
        return sum(place <= limit for place in found) / len(found)

    for who, found in places.items():
        tier, cause = zip(*found)
        mean = sum(share(tier, limit) for limit in range(1, 6)) / 5
        print(
            f"{who}: {len(found)} faults: tier AC@1 {share(tier, 1):.2f} AC@3 {share(tier, 3):.2f} Avg@5 {mean:.2f}",
            file=sys.stderr,
        )
        print(
            f"{who}: cause metric AC@1 {share(cause, 1):.2f}, in the first five {share(cause, 5):.2f}", file=sys.stderr
        )
    for kind, wanted in (("controls", True), ("faults", False)):
        here = [verdict for fault, verdict in verdicts if (fault == "none") == wanted]
        counts = ", ".join(f"{here.count(word)} {word}" for word in ("quiet", "undecided", "worse"))
        print(f"{len(here)} {kind}: {counts}", file=sys.stderr)


# Peers.


def peers(args, case, found):
    import baro.root_cause_analysis as baro
    import numpy as np
    import pandas as pd

    def grid(path):
        return pd.read_csv(io.StringIO(output("zstd", "-dc", path))).iloc[:, 1:].astype(float)

    own, other = map(grid, baselines(args, case))
    overload = grid(args.cases / case["run"] / "overload.csv.zst")
    columns = [name for name in own.columns if name in overload.columns and not name.startswith("locust")]
    before = pd.concat([own[columns], other.reindex(columns=columns)]).ffill().fillna(0.0)
    after = overload[columns].ffill().fillna(0.0)
    a, b = before.to_numpy(), after.to_numpy()
    was, became = a.mean(0), b.mean(0)
    with np.errstate(all="ignore"):
        change = np.abs((became - was) / was)
    change = np.where(was == became, 0, np.where(was == 0, np.inf, change))
    beyond = np.where(became < was, (b < was).mean(0), (b > was).mean(0))
    volume = np.where(np.isfinite(change), change, 1) * beyond
    glued = pd.concat([before, after], ignore_index=True)
    glued = pd.concat([pd.Series(range(len(glued)), name="time"), glued], axis=1)
    orders = {
        "change": [columns[at] for at in np.argsort(-change, kind="stable")],
        "volume": [columns[at] for at in np.argsort(-volume, kind="stable")],
        "nsigma": baro.nsigma(glued.copy(), inject_time=len(before))["ranks"],
        "baro": baro.robust_scorer(glued.copy(), inject_time=len(before))["ranks"],
    }
    service = dict(found["metrics"])
    told = {}
    for who, order in orders.items():
        metrics = [(name, service.get(name, "")) for name in order]
        told[who] = (list(dict.fromkeys(name for _, name in metrics if name)), metrics)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("runs", type=Path)
    packing.add_argument("cases", type=Path)
    packing.add_argument("--grid-build", default="target/release/grid-build")
    scoring = commands.add_parser("score")
    scoring.add_argument("cases", type=Path)
    scoring.add_argument("--rank", default="target/release/rank")
    scoring.add_argument("--peers", action="store_true")
    args = parser.parse_args()
    {"pack": pack, "score": score}[args.command](args)


if __name__ == "__main__":
    main()
