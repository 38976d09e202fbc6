"""What Prometheus recorded, taken out of it by prom-fetch; and how far its clock is from this machine's."""

import gzip
import json
import shlex
import shutil
import subprocess
import time
import urllib.parse
from pathlib import Path
from typing import Any

from strainlab.errors import Failed
from strainlab.processes import get

SCRAPE_INTERVAL_S = 1
# All but Prometheus' own bookkeeping, which changes whenever a series appears.
ALL_SERIES = '{job=~".+",__name__!~"scrape_samples.*|scrape_series_added"}'


def phase(run: Path, program: Path, url: str, wanted: dict[str, Any], step_s: float = SCRAPE_INTERVAL_S) -> str:
    """All series of a phase, compressed, on whole seconds inside it; returns the command."""
    start, end = -int(-wanted["start"] // 1), int(wanted["end"] // 1)
    words = [program, "--url", url, "--start", start, "--end", end, "--step", f"{step_s:g}s", ALL_SERIES]
    command = [str(word) for word in words]
    target = run / f"{wanted['name']}.jsonl.gz"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        with gzip.GzipFile(target, "wb", mtime=0) as out:
            shutil.copyfileobj(child.stdout, out)
        said = child.stderr.read().decode(errors="replace").strip().splitlines()
    if child.returncode:
        raise Failed(said[-1] if said else f"{program}: ended with {child.returncode}")
    return shlex.join(command)


def query(url: str, expression: str) -> Any:
    """The result of an instant query; None when there is no answer yet."""
    page = get(f"{url.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")
    return None if page is None else json.loads(page)["data"]["result"]


def clock_skew(url: str) -> float | None:
    """Seconds by which Prometheus' clock is ahead of this machine's; None when it does not answer."""
    asked = time.time()
    answer = query(url, "time()")
    return None if answer is None else round(float(answer[1]) - (asked + time.time()) / 2, 3)


def version(url: str) -> str | None:
    build = json.loads(get(f"{url.rstrip('/')}/api/v1/status/buildinfo") or "{}")
    return build.get("data", {}).get("version")
