"""What the scripts have in common: how they end, the table that is asked, and how an answer is printed."""

import csv
import os
import sys
from pathlib import Path

import duckdb

# Values that pick rows: one that picks none is misspelt.
PICKS = {"SERVICE": "service = $1", "TAGS": "contains(tags, $1)", "METRIC": "contains(metric, $1)"}


def run(body):
    """Runs a script: what fails is one line and status 1, and a reader who leaves is no failure."""
    try:
        body()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else f"standard output: {error.strerror}")
    except duckdb.Error as error:
        fail(str(error).splitlines()[0])


def fail(what):
    """Ends with 1 and a line."""
    # What is left to write must not fail again at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(f"history/{Path(sys.argv[0]).name}: {what}")


def connect(history, values):
    """A base with the table `history`, one row per metric of a run, and the values as variables."""
    if not any(Path(history).glob("*/*/rank.parquet")):
        fail(f"{history}: no run is kept there")
    base = duckdb.connect()
    for name, value in values.items():
        quoted = value.replace("'", "''")
        base.execute(f"set variable \"{name}\" = '{quoted}'")
    files = f"{history}/*/*/rank.parquet".replace("'", "''")
    base.execute(
        f"create view history as from read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"
    )
    for name, pick in PICKS.items():
        value = values.get(name)
        if value and not base.execute(f"select 1 from history where {pick} limit 1", [value]).fetchone():
            fail(f'{name}: none in {history}: "{value}"')
    return base


def given(parser, texts, known):
    """The values of NAME=VALUE, each of a name that is known."""
    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            parser.error(f'"{text}": expected {", ".join(f"{name}=…" for name in sorted(known)) or "no values"}')
        values[name] = value
    return values


def shown(cell):
    """Numbers of six digits."""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def write(header, rows, form):
    """The table, in either form."""
    if form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([header, *rows])
        return
    for row in [header, ["---"] * len(header), *rows]:
        print("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |")
