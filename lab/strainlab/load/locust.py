"""How Locust is started, wherever it runs: the same words for a run, for load alone, and in a container."""

from collections.abc import Sequence
from pathlib import Path

PLUGIN = Path("strainlab/load/plugin.py")


def words(lab: Path, locustfile: Path, folder: Path, host: str, tags: Sequence[str] = ()) -> list[str]:
    """Without its pages, every table to `folder`; failed requests are counted, and fail nothing."""
    told = ["-f", f"{lab / PLUGIN},{locustfile}", "--headless", "--host", host]
    told += ["--csv", f"{folder}/locust", "--csv-full-history", "--only-summary"]
    told += ["--stop-timeout", "2", "--exit-code-on-error", "0"]
    return told + (["--tags", *tags] if tags else [])
