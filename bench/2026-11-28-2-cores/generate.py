#!/usr/bin/env python3
"""Series of two states: real metric names times targets of a made fleet. Needs NumPy.

    generate.py FOLDER --families 200 --targets 5000 --rows 10            # grids, one line per series
    generate.py FOLDER --families 120 --targets 167 --rows 600 --lines    # as scraped: counters rise, with their type
"""

import argparse
import pathlib

import numpy as np

NAMES = pathlib.Path(__file__).parents[2] / "lib/names/tables/exposed.csv"
START = 1_700_006_400
WORDS = "frontend cart catalogue orders payment shipping user queue search email ads recommendation checkout currency".split()


def families(count):
    """Names and types that exporters printed, evenly from the table."""
    lines = [line.split(",")[:2] for line in NAMES.read_text().splitlines() if line and not line.startswith("#")][1:]
    return lines[:: max(len(lines) // count, 1)][:count]


def labels(target, services):
    service = target % services
    name = f"{WORDS[service % 14]}-{service // 14}" if service >= 14 else WORDS[service]
    replica = f"{name}-{service * 7919 % 10**9:09x}"[: len(name) + 10]
    pod = f"{replica}-{'bcdfg'[target % 5]}{target // services:04d}"
    instance = f"10.{target // 65536}.{target // 256 % 256}.{target % 256}:9100"
    own = {"instance": instance, "job": name, "namespace": f"shop{service % 5}", "pod": pod}
    return ",".join(f'"{label}":"{value}"' for label, value in own.items())


def values(at, state, name, asked):
    """A fifth of the series rises in the overload; some are whole numbers, some never change."""
    shape = (asked.targets, 1)
    base = np.random.default_rng([at, 1]).lognormal(2, 2, shape)
    rises = np.random.default_rng([at, 2]).random(shape) < 0.2
    gain = 1 + state * rises * np.random.default_rng([at, 3]).random(shape) * 3
    cells = base * gain * (1 + 0.05 * np.random.default_rng([7, state, at]).standard_normal((asked.targets, asked.rows)))
    if at % 5 == 0:
        cells = np.round(cells * 10)
    if at % 11 == 0:
        cells[:] = np.round(base)
    return np.ones_like(cells) if name == "up" else cells


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    for option in ("families", "targets", "rows"):
        parser.add_argument(f"--{option}", type=int, required=True)
    parser.add_argument("--lines", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    targets = [labels(target, max(asked.targets // 7, 1)) for target in range(asked.targets)]
    for state, word in enumerate(("steady", "overload")):
        times = ",".join(str(1000 * (START + 3600 * state + row)) for row in range(asked.rows))
        with open(asked.folder / f"{word}.jsonl", "w", encoding="utf-8") as out:
            for at, (name, kind) in enumerate(families(asked.families)):
                cells = values(at, state, name, asked)
                if asked.lines and kind == "counter":
                    cells = np.cumsum(np.abs(cells), axis=1)
                said = f',"type":"{kind}"' if asked.lines else ""
                for target, row in zip(targets, np.round(cells, 6).tolist()):
                    numbers = ",".join(str(int(x)) if x == int(x) else repr(x) for x in row)
                    metric = f'{{"metric":{{"__name__":"{name}",{target}}}{said}'
                    out.write(f'{metric},"values":[{numbers}],"timestamps":[{times}]}}\n')


main()
