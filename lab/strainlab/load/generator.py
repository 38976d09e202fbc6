"""One load through all its phases: which program makes it, how it is started, watched, and ended."""

import json
import shlex
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from strainlab import phases
from strainlab.command import LAB, reason, say
from strainlab.criteria import Criteria
from strainlab.errors import Failed, Usage
from strainlab.load import container, history, k6, locust
from strainlab.phases import Phase
from strainlab.processes import Processes

BY = ("venv", "docker", "k6")
SPARE_S = 60


@dataclass(frozen=True)
class Load:
    """What load to make, on whom, by which program."""

    folder: Path
    planned: list[Phase]
    host: str
    by: str = "venv"
    program: str = ".venv/bin/locust"
    script: Path = LAB / "locustfile.py"
    tags: list[str] = field(default_factory=list)
    criteria: Criteria | None = None
    # The stack's network; needed in a container only.
    network: str = ""

    def environment(self) -> dict[str, str]:
        """What the plugin reads."""
        record = "/record" if self.by == "docker" else str(self.folder)
        if self.by == "k6":
            return k6.environment(self.folder)
        told = {"LAB_PHASES": phases.as_json(self.planned), "LAB_RECORD": record, "PYTHONDONTWRITEBYTECODE": "1"}
        return told | ({"LAB_CRITERIA": json.dumps(asdict(self.criteria))} if self.criteria else {})

    def command(self) -> list[str]:
        if self.by == "docker":
            return container.command(self.folder, self.environment(), self.network, self.host, self.script, self.tags)
        if self.by == "k6":
            return k6.words(self.script, self.host, self.planned)
        return [self.program, *locust.words(LAB, self.script, self.folder, self.host, self.tags)]

    def require(self) -> None:
        """Refuses, before anything is begun, what cannot be started."""
        program = {"venv": self.program, "k6": "k6", "docker": ""}[self.by]
        if program and not shutil.which(program):
            way_out = (
                "make venv makes it, LOCUST=docker does without" if self.by == "venv" else "LOAD_BY=locust does without"
            )
            raise Failed(f'{self.by}: no such program: "{program}": {way_out}')
        if self.criteria and self.by == "k6":
            raise Usage("criteria: only Locust is stopped by them: a script of k6 has its own (thresholds)")
        if not self.script.is_file():
            raise Failed(f'{"k6 script" if self.by == "k6" else "locustfile"}: not there: "{self.script}"')

    def shown(self) -> str:
        """As it can be typed."""
        told = [f"{name}={shlex.quote(value)}" for name, value in self.environment().items()]
        return " ".join([*told, shlex.join(self.command())])


def make(load: Load, processes: Processes, tick: Callable[[], None] = lambda: None) -> int:
    """Runs the load to its end, with a word now and then on how far it is; its exit status, which is 0."""
    if load.by == "docker":
        # One that a crash left behind would have the name.
        container.end()
    child = processes.start("load", load.command(), env=load.environment())
    clock = k6.Clock(load.folder, load.planned) if load.by == "k6" else None
    begun, plan = time.monotonic(), phases.total(load.planned)
    known, spoken = "", 0.0
    while child.poll() is None:
        processes.check(but=child)
        if clock:
            clock.tick()
        tick()
        entries = phases.read(load.folder)
        passed = time.monotonic() - begun
        if entries and (entries[-1]["name"] != known or passed - spoken > 15):
            known, spoken = entries[-1]["name"], passed
            say(f"{known}: {passed:.0f} s of {plan:.0f} s")
        if passed > plan + SPARE_S:
            raise Failed("the load does not come to an end")
        time.sleep(0.2)
    processes.release(child)
    if child.returncode:
        log = (processes.logs / "load.log").read_text(encoding="utf-8", errors="replace")
        raise Failed(f'load: ended with {child.returncode}: "{reason(log)}": see {processes.logs / "load.log"}')
    if clock:
        clock.note("end")
    finish(load)
    return int(child.returncode)


def finish(load: Load) -> None:
    """Once the load has ended: its tables in the forms that the chain reads."""
    if load.by == "k6":
        k6.convert(load.folder, load.planned)
    table = load.folder / "locust_stats_history.csv"
    if table.exists():
        history.add_targets(table, load.planned, phases.read(load.folder))


def end(load: Load) -> None:
    """Leaves nothing of it behind, whatever became of it."""
    if load.by == "docker":
        container.end()


def broken(folder: Path) -> dict[str, Any] | None:
    """The criterion that stopped the load, if one did."""
    path = folder / "broken.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
