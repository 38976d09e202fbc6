"""What services traced: the spans of each phase, out of the files that they write, lines of OTLP's JSON."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from strainlab.command import say


def file_of(run: Path, service: str) -> Path:
    """Where a service writes its spans while the run lasts."""
    return run / f"{service}-spans.jsonl"


def files_in(folder: Path) -> list[Path]:
    """The files of spans that the containers of a stack write."""
    return sorted(folder.glob("*.jsonl"))


def begin(folder: Path) -> None:
    """Empties what was written before a run; the services go on at the new end, for they append."""
    for path in files_in(folder):
        try:
            path.write_bytes(b"")
        except OSError as failure:
            say(f'grows from run to run, {failure.strerror.lower()}: "{path}"')


def phase(run: Path, files: Iterable[Path], wanted: dict[str, Any]) -> None:
    """The spans that ended within the steps of a phase, whose rows stand on whole seconds inside it; without any, no
    file."""
    first, last = -int(-wanted["start"] // 1) - 1, int(wanted["end"] // 1)
    path = run / f"{wanted['name']}-spans.jsonl.gz"
    lines = within(files, first * 10**9, last * 10**9)
    begun = next(lines, None)
    if begun is None:
        return
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        out.write(begun)
        out.writelines(lines)


def within(files: Iterable[Path], after_ns: int, until_ns: int) -> Iterator[bytes]:
    """The lines of all files, each with those of its spans that ended in that time; a line that is being written is
    left out."""
    for path in files:
        with open(path, "rb") as lines:
            for line in lines:
                if line.endswith(b"\n") and (part := cut(json.loads(line), after_ns, until_ns)):
                    yield json.dumps(part, separators=(",", ":")).encode() + b"\n"


def cut(document: dict[str, Any], after_ns: int, until_ns: int) -> dict[str, Any]:
    """The document with the spans that ended in that time; nothing when there is none."""
    resources = []
    for resource in document.get("resourceSpans", []):
        scopes = []
        for scope in resource.get("scopeSpans", []):
            spans = [span for span in scope["spans"] if after_ns < int(span["endTimeUnixNano"]) <= until_ns]
            if spans:
                scopes.append(scope | {"spans": spans})
        if scopes:
            resources.append(resource | {"scopeSpans": scopes})
    return {"resourceSpans": resources} if resources else {}
