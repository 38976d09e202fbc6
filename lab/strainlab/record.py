"""A run's folder and its record, run.json, which is written last and so stands for all that a run holds."""

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

from strainlab.command import say
from strainlab.errors import Failed, plain

Record = dict[str, Any]
# What a run of two minutes needs for logs, tables and series, with room to spare.
LEAST_FREE = 64 << 20


def new_folder(run: Path) -> Path:
    """Makes a run's folder, which must not be there yet, and its logs; refuses a disk that is all but full."""
    run.parent.mkdir(parents=True, exist_ok=True)
    require_space(run.parent)
    try:
        run.mkdir()
    except FileExistsError:
        raise Failed(f'holds a run already: "{run}"') from None
    logs = run / "logs"
    logs.mkdir()
    return logs


def require_space(folder: Path) -> None:
    """Before a run and not at the end of it: a full disk is found, and named."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Failed(f'disk: {free >> 20} MiB are free, a run needs {LEAST_FREE >> 20}: "{folder}"')


def read_json(path: Path) -> Any:
    """What write_json wrote; a file that is something else by now is named."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise Failed(f"{path}: not JSON: {wrong}") from None


def write_json(path: Path, value: object) -> None:
    """Whole or not at all; a disk that is full leaves nothing behind and is named."""
    new = path.with_name(f"{path.name}.new")
    try:
        with open(new, "w", encoding="utf-8") as file:
            file.write(json.dumps(value, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
    except OSError as failure:
        new.unlink(missing_ok=True)
        raise Failed(f'{(failure.strerror or "cannot write").lower()}: "{path}"') from None


def mark_interrupted(run: Path, record: Record, failure: Exception) -> None:
    """Leaves interrupted.json in place of run.json: no rule looks at the folder again."""
    try:
        write_json(run / "interrupted.json", record | {"interrupted": plain(failure)})
    except Failed as unwritten:
        say(unwritten)


def compress(path: Path) -> None:
    with open(path, "rb") as plain_file, gzip.GzipFile(f"{path}.gz", "wb", mtime=0) as out:
        shutil.copyfileobj(plain_file, out)
    path.unlink()
