"""The fault of a run: begun in its second phase, and over, or taken back, before the run ends."""

import argparse
import subprocess
import time

from strainlab import phases, record
from strainlab.command import LAB
from strainlab.errors import Failed
from strainlab.processes import die_with_parent
from strainlab.record import Record

FAULT_FROM, FAULT_TO = 0.2, 0.8


class Hit:
    """Watches a load, and has the fault made for three fifths of the second phase."""

    def __init__(self, args: argparse.Namespace, overload_s: float) -> None:
        self.args, self.overload_s = args, overload_s
        self.child: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        length = self.overload_s * (FAULT_TO - FAULT_FROM)
        words = [
            str(LAB / "fault"),
            self.args.fault,
            self.args.service,
            "--by",
            self.args.by,
            "--duration",
            f"{length:g}s",
        ]
        return [*words, "--record", str(self.args.run / "fault.json"), *self.args.fault_words]

    def tick(self) -> None:
        """Called again and again while the load runs."""
        if self.child:
            return
        begun = [phase["start"] for phase in phases.read(self.args.run) if phase["name"] == "overload"]
        if begun and time.time() >= begun[0] + self.overload_s * FAULT_FROM:
            with open(self.args.run / "logs" / "fault.log", "wb") as log:
                # Interrupted when this ends, however that ends: it takes the fault back.
                self.child = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )

    def end(self) -> Record | None:
        """Takes a fault back that is still there, and returns its record."""
        if self.child is None:
            return None
        if self.child.poll() is None:
            self.child.terminate()
        if self.child.wait():
            log = (self.args.run / "logs" / "fault.log").read_text(encoding="utf-8", errors="replace").strip()
            raise Failed(log.splitlines()[-1] if log else "fault: it said nothing")
        made: Record = record.read_json(self.args.run / "fault.json")
        return made
