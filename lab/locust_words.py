"""How Locust is started, wherever it runs: the same words for a run, for load alone, and in a container."""

import json


def words(lab, folder, host, tags=()):
    """What Locust is told: without its pages, every table to `folder`; failed requests are counted, and fail nothing."""
    told = ["-f", f"{lab}/locustfile.py", "--headless", "--host", host, "--csv", f"{folder}/locust", "--csv-full-history"]
    told += ["--only-summary", "--stop-timeout", "2", "--exit-code-on-error", "0"]
    return told + (["--tags", *tags] if tags else [])


def environment(phases, folder):
    """What the locustfile reads: its phases, and where its records go."""
    return {"LAB_PHASES": json.dumps(phases), "LAB_RECORD": str(folder)}
