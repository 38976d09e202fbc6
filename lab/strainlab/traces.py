"""What the shop's services traced: the spans of each phase, out of the files that the services write."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def file_of(run: Path, service: str) -> Path:
    """Where a service writes its spans while the run lasts."""
    return run / f"{service}-spans.jsonl"


def phase(run: Path, services: Iterable[str], wanted: dict[str, Any]) -> None:
    """The lines of the spans that ended within the steps of a phase, whose rows stand on whole seconds inside it."""
    first, last = -int(-wanted["start"] // 1) - 1, int(wanted["end"] // 1)
    with gzip.GzipFile(run / f"{wanted['name']}-spans.jsonl.gz", "wb", mtime=0) as out:
        for service in services:
            with open(file_of(run, service), "rb") as lines:
                out.writelines(line for line in lines if first * 10**9 < end_ns(line) <= last * 10**9)


def end_ns(line: bytes) -> int:
    """When the span of a line ended; the shop writes one per line."""
    (resource,) = json.loads(line)["resourceSpans"]
    ((span,),) = (scope["spans"] for scope in resource["scopeSpans"])
    return int(span["endTimeUnixNano"])
