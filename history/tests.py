"""Tests of the history: what is kept, once, what the three queries answer, and where Otava sees a change."""

import csv
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


class History(unittest.TestCase):
    """Eight runs of two loads and four commits; in the last run the cart's queue is five times what it was."""

    def setUp(self):
        """Writes the runs and keeps them."""
        self.folder = tempfile.TemporaryDirectory()
        self.runs = Path(self.folder.name)
        self.history = self.runs / "history"
        for number in range(14):
            self.write(number)
        self.keep()

    def tearDown(self):
        """Leaves nothing."""
        self.folder.cleanup()

    def write(self, number):
        """One run: the queue grows with the users' square, memory rests."""
        users = (50, 100)[number % 2]
        queue = users**2 / 100 * (5 if number == 13 else 1)
        run = self.runs / f"users={users}" / f"20261101T{number:02d}0000Z"
        run.mkdir(parents=True)
        rows = [
            ["rank", "metric", "service", "kind", "steady", "overload", "pct_change", "z", "score"],
            [1, 'queue{service="carts"}', "carts", "saturation", 4, queue, 100 * (queue / 4 - 1), 9, 12.5],
            [2, "memory,of\nall", "user", "memory", 1000, 1000 + number % 3, 0.1, 0.5, ""],
        ]
        with (run / "rank.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        phases = [{"name": "steady", "users": 20}, {"name": "overload", "users": users}]
        run_json = {"phases": phases, "versions": {"commit": f"c{number // 4}"}, "machine": {"cores": 2}}
        (run / "run.json").write_text(json.dumps(run_json))

    def keep(self):
        """Runs keep; what it says."""
        command = [sys.executable, HERE / "keep", self.runs, self.history]
        return subprocess.run(command, check=True, capture_output=True, text=True).stderr

    def ask(self, query, *values):
        """The rows of an answer."""
        command = [sys.executable, HERE / "ask", self.history, HERE / query, *values]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return list(csv.DictReader(answer.splitlines(keepends=True)))

    def test_a_run_is_kept_once(self):
        """A second time only what is new is written, and nothing that is there is touched."""
        files = {file: file.stat().st_mtime_ns for file in self.history.rglob("*.parquet")}
        self.assertEqual(len(files), 14)
        self.write(14)
        self.assertIn("1 new, 14 kept before", self.keep())
        self.assertEqual(files, {file: file.stat().st_mtime_ns for file in files})

    def test_an_unfinished_run_is_not_kept(self):
        """A folder without run.json is no run."""
        (self.runs / "users=50" / "20261102T000000Z").mkdir()
        self.assertIn("0 new", self.keep())

    def test_trend(self):
        """One row per run, of the service asked for."""
        rows = self.ask("trend.sql", "SERVICE=carts")
        self.assertEqual(len(rows), 14)
        self.assertEqual({row["metric"] for row in rows}, {'queue{service="carts"}'})
        self.assertEqual(
            [row["commit"] for row in rows if row["tags"] == "users-50"], ["c0", "c0", "c1", "c1", "c2", "c2", "c3"]
        )

    def test_regressions(self):
        """The queue of the last run with 100 users, and nothing else."""
        rows = self.ask("regressions.sql")
        self.assertEqual(
            [(row["run"], row["service"], row["pct_change"]) for row in rows], [("20261101T130000Z", "carts", "400")]
        )

    def test_least_scalable(self):
        """The queue's slope in the commit whose runs are ordinary is 2, and that of the last one is more."""
        rows = self.ask("least-scalable.sql")
        self.assertEqual([row["metric"] for row in rows], ['queue{service="carts"}'])
        self.assertEqual(rows[0]["elasticity_before"], "2")
        self.assertGreater(float(rows[0]["elasticity"]), 2.5)

    def changes(self, *values):
        """The rows of the change points."""
        command = [sys.executable, HERE / "changes", self.history, *values]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return list(csv.DictReader(answer.splitlines(keepends=True)))

    def test_changes(self):
        """A level that doubles in the 31st of 60 runs is found there, with its commit; what wavers is not."""
        for number in range(60):
            run = self.runs / "long" / f"20260201T{number:06d}Z"
            run.mkdir(parents=True)
            latency = (100 if number < 30 else 200) + number * 7 % 5
            rows = [
                ["metric", "service", "overload"],
                ["latency", "carts", latency],
                ["memory", "user", 1000 + number * 7 % 5],
            ]
            with (run / "rank.csv").open("w", newline="") as file:
                csv.writer(file).writerows(rows)
            (run / "run.json").write_text(json.dumps({"versions": {"commit": f"d{number // 10}"}}))
        self.keep()
        rows = self.changes("TAGS=long")
        self.assertEqual(
            [(row["metric"], row["run"], row["commit"]) for row in rows], [("latency", "20260201T000030Z", "d3")]
        )
        self.assertAlmostEqual(float(rows[0]["pct_change"]), 98, delta=1)
        self.assertLess(float(rows[0]["p"]), 1e-9)
        self.assertEqual(self.changes("TAGS=long", "SERVICE=user"), [])
        self.assertEqual(self.changes("TAGS=long", "LEAST=150"), [])

    def test_a_query_that_fails_is_one_line(self):
        """The message names the file."""
        bad = self.runs / "bad.sql"
        bad.write_text("select nothing from history")
        command = [sys.executable, HERE / "ask", self.history, bad]
        answer = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(len(answer.stderr.splitlines()), 1)
        self.assertIn("bad.sql", answer.stderr)

    def test_a_reader_who_leaves_and_a_disk_that_is_full(self):
        """The one is no failure, the other one line."""
        command = f"{sys.executable} {HERE}/ask {self.history} {HERE}/trend.sql"
        left = subprocess.run(
            ["bash", "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"], capture_output=True, text=True
        )
        self.assertEqual((left.returncode, left.stderr), (0, ""))
        full = subprocess.run(["bash", "-c", f"{command} > /dev/full"], capture_output=True, text=True)
        self.assertEqual((full.returncode, full.stderr), (1, "history/ask: standard output: No space left on device\n"))

    def test_a_record_that_is_broken_is_named(self):
        """By its path, in one line."""
        self.write(20)
        broken = self.runs / "users=50" / "20261101T200000Z" / "run.json"
        broken.write_text("{")
        command = [sys.executable, HERE / "keep", self.runs, self.history]
        kept = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((kept.returncode, len(kept.stderr.splitlines())), (1, 1))
        self.assertIn(str(broken), kept.stderr)

    def test_a_value_that_is_none_is_refused(self):
        """By its name, or by what was expected."""
        trend = [HERE / "ask", self.history, HERE / "trend.sql"]
        wrong = {
            "SERVIC=carts": [*trend, "SERVIC=carts"],
            "carts": [*trend, "carts"],
            "TAG=long": [HERE / "changes", self.history, "TAG=long"],
            "five": [HERE / "changes", self.history, "LEAST=five"],
            "none.sql": [HERE / "ask", self.history, "none.sql"],
            "SERVICE: none in": [*trend, "SERVICE=cart"],
            "no run is kept there": [HERE / "ask", self.runs / "elsewhere", HERE / "trend.sql"],
            "no such folder": [HERE / "keep", self.runs / "elsewhere", self.history],
        }
        plain = ["none.sql", "SERVICE: none in", "no run is kept there", "no such folder"]
        for quoted, command in wrong.items():
            refused = subprocess.run([sys.executable, *command], check=False, capture_output=True, text=True)
            self.assertEqual(refused.returncode, 1 if quoted in plain else 2)
            self.assertIn(quoted, refused.stderr)
            self.assertNotIn("Traceback", refused.stderr)


unittest.main()
