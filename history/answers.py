"""What ask and changes have in common: the table that is asked, and how an answer is printed."""

import csv
import sys

import duckdb


def connect(history, values):
    """A base with the table `history`, one row per metric of a run, and the values as variables."""
    base = duckdb.connect()
    for name, value in values.items():
        quoted = value.replace("'", "''")
        base.execute(f"set variable \"{name}\" = '{quoted}'")
    files = f"{history}/*/*/rank.parquet".replace("'", "''")
    base.execute(
        f"create view history as from read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"
    )
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
