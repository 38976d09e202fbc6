"""What must hold without an engine, and without a load: python3 lab/tests/laws.py"""

import argparse
import csv
import fcntl
import gzip
import json
import os
import random
import signal
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from strainlab import command, criteria, lock, phases, processes, record, runs, shapes, steadiness, traces, watch, words
from strainlab.capacity import search
from strainlab.docker import engine, limits, stacks, targets
from strainlab.docker.limits import Limits as Has
from strainlab.errors import Failed, Usage
from strainlab.faults import kinds, packets
from strainlab.load import arrivals, history, k6
from strainlab.phases import Phase


def facts(**host):
    unset = {"NanoCpus": 0, "CpuQuota": 0, "CpuPeriod": 0, "Memory": 0, "MemorySwap": 0, "PidsLimit": None}
    return {"Name": "/c", "HostConfig": unset | host}


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MACHINE = {"NCPU": 4, "MemTotal": 1 << 33}


class Complaints(unittest.TestCase):
    def test_the_line_that_says_what_is_wrong_is_found(self):
        asked, wrong = '{"level":"info","msg":"pausing"}', '{"level":"fatal","msg":"no such signal","time":"…"}'
        self.assertEqual(command.reason(f"{asked}\n{wrong}\n"), "no such signal")
        self.assertEqual(command.reason(asked), "it said nothing")
        self.assertEqual(command.reason("docker: no such image\nSee 'docker run --help'."), "docker: no such image")


class Limits(unittest.TestCase):
    def test_a_share_is_of_all_cores_and_never_below_what_docker_takes(self):
        self.assertEqual(limits.cpus_of(0.5, 4), 2.0)
        self.assertEqual(limits.cpus_of(0.0001, 4), 0.01)

    def test_a_share_is_above_0_and_up_to_1(self):
        for text in ("0", "-1", "1.01", "nan", "inf", "half", ""):
            self.assertRaises(Usage, words.share, text)

    def test_sizes_are_binary(self):
        self.assertEqual([words.memory(t) for t in ("1g", "1.5k", "7", "256MB")], [1 << 30, 1536, 7, 256 << 20])
        for text in ("", "m", "-1m", "1t", "1 g g"):
            self.assertRaises(Usage, words.memory, text)

    def test_memory_is_never_set_without_swap(self):
        self.assertEqual(
            limits.update_words(facts(), memory=1 << 20),
            ["update", "--memory", "1048576b", "--memory-swap", "1048576b", "c"],
        )

    def test_no_limit_comes_back_as_none_where_the_engine_can_and_else_as_all_there_is(self):
        self.assertEqual(limits.undo_words(facts(), MACHINE, cpus=True), ["update", "--cpu-quota", "-1", "c"])
        size = f"{1 << 33}b"
        self.assertEqual(
            limits.undo_words(facts(), MACHINE, memory=True), ["update", "--memory", size, "--memory-swap", size, "c"]
        )

    def test_a_limit_comes_back_as_it_was(self):
        had = facts(NanoCpus=1_500_000_000, Memory=1 << 28, MemorySwap=1 << 29)
        undone = limits.undo_words(had, MACHINE, cpus=True, memory=True)
        self.assertEqual(
            undone, ["update", "--cpus", "1.5", "--memory", f"{1 << 28}b", "--memory-swap", f"{1 << 29}b", "c"]
        )

    def test_a_quota_is_changed_as_a_quota(self):
        had = facts(CpuQuota=50_000, CpuPeriod=100_000)
        self.assertEqual(limits.read(had).cpus, 0.5)
        self.assertIn("--cpu-quota", limits.update_words(had, cpus=0.25))

    def test_what_differs_from_the_stack_is_said_and_all_there_is_is_no_limit(self):
        self.assertEqual(limits.differences(Has(cpus=4.0, memory_bytes=1 << 33), Has(), MACHINE), [])
        self.assertEqual(limits.differences(Has(cpus=0.01), Has(), MACHINE), ["cpus 0.01 and not unlimited"])
        self.assertEqual(limits.differences(Has(), Has(cpus=0.5), MACHINE), ["cpus unlimited and not 0.5"])

    def test_limits_of_a_compose_file_are_read_in_every_spelling(self):
        deploy = {"deploy": {"resources": {"limits": {"cpus": "0.5", "memory": "128M"}}}}
        self.assertEqual(limits.of_service(deploy, version_1=False), Has(cpus=0.5, memory_bytes=128 << 20))
        self.assertEqual(limits.of_service(deploy, version_1=True), Has())
        plain = {"cpus": 1.5, "mem_limit": "134217728", "pids_limit": 100}
        self.assertEqual(limits.of_service(plain, version_1=True), Has(cpus=1.5, memory_bytes=1 << 27, pids=100))


class Targets(unittest.TestCase):
    def test_a_container_is_known_by_both_names_whatever_hyphens_are_in_them(self):
        for project, service, one, two in (
            ("sockshop", "front-end", "sockshop_front-end_1", "sockshop-front-end-1"),
            ("docker-compose", "front-end", "docker-compose_front-end_1", "docker-compose-front-end-1"),
            ("sock_shop", "queue-master", "sock_shop_queue-master_1", "sock_shop-queue-master-1"),
        ):
            self.assertEqual(targets.spellings(project, service, "1"), {one, two})

    def test_patterns_and_nothing_are_refused(self):
        for text in ("", "re2:carts", "^carts$", "carts.*", "-f", "a b"):
            self.assertRaises(Usage, words.name, "service", text)


class Kinds(unittest.TestCase):
    def test_what_another_kind_takes_is_refused(self):
        self.assertRaises(Usage, kinds.parameters, "pause", {"percent": 5.0})

    def test_jitter_is_less_than_the_delay(self):
        self.assertRaises(Usage, kinds.parameters, "delay", {"time_ms": 10, "jitter_ms": 10})
        self.assertEqual(kinds.parameters("delay", {"time_ms": 10})["jitter_ms"], 0)


class Packets(unittest.TestCase):
    def test_attributes_read_back_whatever_their_length(self):
        data = b"".join(packets.attribute(n + 1, b"x" * n) for n in range(9))
        self.assertEqual(dict(packets.attributes(data)), {n + 1: b"x" * n for n in range(9)})

    def test_one_bit_behind_the_header_is_flipped(self):
        for size in range(21, 80):
            packet = bytes([0x45]) + bytes(random.randrange(256) for _ in range(size - 1))
            changed = packets.flip(packet)
            self.assertEqual(packet[:20], changed[:20])
            self.assertEqual(sum((a ^ b).bit_count() for a, b in zip(packet, changed)), 1)

    def test_jitter_stays_between_its_bounds_and_follows_its_correlation(self):
        loose, tied = packets.Jitter(0.0), packets.Jitter(0.9)
        for jitter, steps in ((loose, []), (tied, [])):
            draws = [jitter.draw() for _ in range(2000)]
            self.assertTrue(all(-1 <= draw <= 1 for draw in draws))
            steps.extend(abs(a - b) for a, b in zip(draws, draws[1:]))
            self.assertTrue(jitter is loose or max(steps) <= 0.2)


class Steadiness(unittest.TestCase):
    def judge(self, milliseconds, failed=lambda n: False, gap=lambda n: 0.1):
        requests, now = [], 0.0
        while now < 60:
            requests.append((now, milliseconds(now), failed(len(requests))))
            now += gap(now)
        return steadiness.judge(requests, 0.0, 60.0)

    def test_an_even_phase_is_steady(self):
        self.assertTrue(self.judge(lambda now: 20 + now % 3)["steady"])

    def test_a_drift_of_time_or_rate_and_failures_are_not(self):
        self.assertIn("median", self.judge(lambda now: 20 + now)["why"])
        self.assertIn("requests a second", self.judge(lambda now: 20, gap=lambda now: 0.1 if now < 30 else 0.15)["why"])
        self.assertIn("failed", self.judge(lambda now: 20, failed=lambda n: n % 50 == 0)["why"])

    def test_too_few_requests_are_not(self):
        self.assertFalse(steadiness.judge([], 0.0, 60.0)["steady"])

    def test_a_crippled_system_is_steady_by_itself_and_not_against_former_runs(self):
        healthy, crippled = self.judge(lambda now: 20), self.judge(lambda now: 20 if int(now * 10) % 5 else 1400)
        self.assertTrue(crippled["steady"])
        judged = steadiness.against(crippled, [healthy, healthy])
        self.assertFalse(judged["steady"])
        self.assertIn("1400 ms instead of 20 ms", judged["why"])
        self.assertTrue(steadiness.against(healthy, [healthy])["steady"])

    def test_only_runs_of_the_same_load_on_the_same_stack_count(self):
        with tempfile.TemporaryDirectory() as folder:
            made = {
                "stack": "shop",
                "machine": {"cores": 2},
                "docker": {"docker": {"compose_config_sha256": "a"}},
                "phases": [{"name": "steady", "users": 20, "spawn_rate": 10.0, "shape": "steady"}],
                "steadiness": self.judge(lambda now: 20),
            }
            (Path(folder) / "tag" / "1").mkdir(parents=True)
            (Path(folder) / "tag" / "1" / "run.json").write_text(json.dumps(made))
            self.assertEqual(len(steadiness.former(Path(folder), made)), 1)
            limited = made | {"docker": {"docker": {"compose_config_sha256": "b"}}}
            self.assertEqual(steadiness.former(Path(folder), limited), [])


class Times(unittest.TestCase):
    def test_the_engine_s_times_are_unix_seconds(self):
        self.assertEqual(engine.seconds_of("2026-01-01T00:00:00.123456789Z"), 1767225600.123)
        self.assertEqual(engine.seconds_of("2026-01-01T00:00:00Z"), 1767225600.0)


class Interrupts(unittest.TestCase):
    def setUp(self):
        held = {signum: signal.getsignal(signum) for signum in processes.INTERRUPTS}
        self.addCleanup(lambda: [signal.signal(signum, handler) for signum, handler in held.items()])
        processes.fail_when_interrupted()

    def test_of_two_at_once_the_first_fails_and_what_undoes_goes_on(self):
        undone = False
        signal.pthread_sigmask(signal.SIG_BLOCK, processes.INTERRUPTS)
        for signum in processes.INTERRUPTS:
            os.kill(os.getpid(), signum)
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, processes.INTERRUPTS)
        except Failed as failure:
            os.kill(os.getpid(), signal.SIGTERM)
            undone = str(failure)
        self.assertRegex(undone, "interrupted by SIG(INT|TERM|HUP)")


class Words(unittest.TestCase):
    def test_a_tag_leads_nowhere(self):
        self.assertEqual(words.tags("users=100 shape=step"), ["shape=step", "users=100"])
        for text in ("../x", "a;b", "a:b", "a%b", "..", "a\nb", "$(x)", "a+b", "a/b", "`x`", "'"):
            self.assertRaises(Usage, words.tags, text)

    def test_durations(self):
        for text, value in (("90", 90), ("60s", 60), ("1m30s", 90), ("500ms", 0.5), ("2h", 7200), ("1m", 60)):
            self.assertEqual(words.seconds(text), value)
        for text in ("", "0s", "-1", "s", "1x", "nan"):
            self.assertRaises(Usage, words.seconds, text)


class Lock(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_link_is_refused_and_what_it_leads_to_stays(self):
        precious, link = self.folder / "precious", self.folder / "lab.lock"
        precious.write_text("gold")
        link.symlink_to(precious)
        self.assertRaises(Failed, lock.open_own, link)
        self.assertEqual(precious.read_text(), "gold")

    def test_it_is_not_emptied_is_the_user_s_alone_and_keeps_a_second_one_out(self):
        path = self.folder / "lab.lock"
        path.write_text("kept")
        path.chmod(0o600)
        with lock.open_own(path) as first, lock.open_own(path) as second:
            fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.assertRaises(BlockingIOError, fcntl.flock, second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.assertEqual(path.read_text(), "kept")
        with lock.open_own(self.folder / "new"):
            self.assertEqual((self.folder / "new").stat().st_mode & 0o777, 0o600)


class Criteria(unittest.TestCase):
    def read(self, text):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "slo.toml"
        path.write_text(text)
        return criteria.read(str(path))

    def test_what_is_no_criterion_is_refused(self):
        for text in ("", "p95 = 1", "p95_ms = true", "p95_ms = -1", "p95_ms = ", 'window = "x"\np95_ms = 1'):
            self.assertRaises(Usage, self.read, text)

    def test_they_are_broken_once_a_whole_window_breaks_them(self):
        window = criteria.Window(self.read('p95_ms = 100\nfailures = 0.1\nwindow = "10s"'))
        self.assertIsNone(window.broken(0.0))
        for tick in range(200):
            window.add(tick / 10, 50.0 if tick < 100 else 500.0, False)
        self.assertEqual(window.broken(20.0)["criterion"], "p95_ms")
        calm = criteria.Window(self.read("failures = 0.5"))
        self.assertIsNone(calm.broken(0.0))
        for tick in range(100):
            calm.add(tick / 10, 5000.0, tick % 4 == 0)
        self.assertIsNone(calm.broken(10.0))


class Loads(unittest.TestCase):
    planned = [Phase("warm-up", 5, 10, 10), Phase("overload", 10, 100, 50, "step")]

    def test_users_and_spawn_rate_stand_beside_each_row_of_the_history(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "history.csv"
        path.write_text(
            "Timestamp,User Count,Name\n99,0,Aggregated\n101,3,Aggregated\n107,60,Aggregated\n120,0,Aggregated\n"
        )
        starts = [{"name": "warm-up", "start": 100}, {"name": "overload", "start": 105}, {"name": "end", "start": 115}]
        for _ in range(2):
            history.add_targets(path, self.planned, starts)
        rows = [list(row.values()) for row in table(path)]
        self.assertEqual(list(table(path)[0])[3:], ["Target Users", "Spawn Rate"])
        self.assertEqual([row[3:] for row in rows], [["", ""], ["10", "10"], ["25", "50"], ["", ""]])

    def test_phases_that_were_stopped_are_those_that_were_made(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        lines = [{"name": "warm-up", "start": 1}, {"name": "overload", "start": 6}, {"name": "stopped", "start": 9}]
        (folder / phases.FILE).write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.assertEqual([(each["name"], each["end"]) for each in phases.made(folder, self.planned)], [("overload", 9)])
        (folder / phases.FILE).write_text("".join(json.dumps(line) + "\n" for line in lines[:2]))
        self.assertRaises(Failed, phases.made, folder, self.planned)

    def test_open_arrivals_are_due_at_an_even_rate_whatever_is_answered(self):
        told = [{"seconds": 2, "rate": 10}, {"seconds": 1, "rate": 20}]
        due = list(arrivals.due_times(told))
        self.assertEqual(len(due), 40)
        self.assertAlmostEqual(due[19], 1.9)
        self.assertAlmostEqual(due[20], 2.0)
        self.assertAlmostEqual(due[-1], 2.95)

    def test_the_stages_of_k6_last_as_long_as_the_phases_and_follow_their_shapes(self):
        stages = list(k6.stages(self.planned))
        self.assertAlmostEqual(sum(seconds for seconds, _ in stages), 15, places=1)
        self.assertEqual(stages[-1][1], 100)
        self.assertTrue(all(seconds > 0 for seconds, _ in stages))

    def test_the_samples_of_k6_become_requests_and_a_history(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        names = "metric_name,timestamp,metric_value,error,error_code,expected_response,method,name,status"
        rows = [
            "vus,1763640000000000,5,,,,,,",
            "http_req_duration,1763640000500000,200,,,true,GET,/cart,200",
            "http_req_duration,1763640001500000,100,,1503,false,GET,/cart,503",
        ]
        (folder / k6.SAMPLES).write_text("\n".join([names, *rows]) + "\n")
        k6.convert(folder, self.planned)
        requests = table(folder / "requests.csv")
        self.assertEqual([row["timestamp"] for row in requests], ["1763640000.300000", "1763640001.400000"])
        self.assertEqual([row["exception"] for row in requests], ["", "HTTP 503"])
        stats = {row["Name"]: row for row in table(folder / "locust_stats.csv")}
        self.assertEqual(list(stats), ["/cart", "Aggregated"])
        self.assertEqual([stats["/cart"]["Request Count"], stats["/cart"]["Failure Count"]], ["2", "1"])
        self.assertEqual([stats["Aggregated"]["Type"], stats["Aggregated"]["Average Response Time"]], ["", "150.0"])
        self.assertEqual(
            table(folder / "locust_failures.csv"),
            [{"Method": "GET", "Name": "/cart", "Error": "HTTP 503", "Occurrences": "1"}],
        )
        last = table(folder / "locust_stats_history.csv")[-1]
        self.assertEqual(
            [last["Total Request Count"], last["Total Failure Count"], last["User Count"]], ["2", "1", "5"]
        )
        self.assertEqual(float(last["Total Average Response Time"]), 150.0)


class Capacity(unittest.TestCase):
    bounds = search.Bounds(p95_ms=100.0, failures=0.01)

    def find(self, limit, most=5000.0):
        levels = []
        while (rate := search.next_rate(levels, 10.0, most, 0.1)) is not None:
            levels.append(search.Level(rate, rate, 1, 1, 0, holds=rate <= limit))
            self.assertLess(len(levels), 30)
        return levels

    def test_the_limit_is_found_within_the_tolerance_above_and_below_the_first_rate(self):
        for limit in (3.0, 10.0, 47.0, 999.0):
            levels = self.find(limit)
            held = max(level.rate for level in levels if level.holds)
            broken = min(level.rate for level in levels if not level.holds)
            self.assertLessEqual(held, limit)
            self.assertLess(limit, broken)
            self.assertLessEqual(broken, held * 1.1)

    def test_no_limit_below_the_most_and_none_above_nothing_end_the_search(self):
        self.assertEqual([level.rate for level in self.find(1e9, most=100.0)], [10.0, 20.0, 40.0, 80.0])
        self.assertRaises(Failed, self.find, 0.0)

    def test_a_stall_counts_from_when_tasks_were_due_and_the_unanswered_as_failed(self):
        # Ten a second for ten seconds; from the fifth second on each begins one second late, the last ten never.
        rows = [
            {"due": str(n / 10), "response_time_ms": "20", "from_due_ms": "20" if n < 50 else "1020", "failed": "0"}
            for n in range(90)
        ]
        level = search.measure(rows, 0.0, 10.0, 10.0, self.bounds)
        self.assertEqual((level.p95_sent_ms, level.p95_ms), (20.0, 1020.0))
        self.assertAlmostEqual(level.failures, 9 / 99)
        self.assertFalse(level.holds)


class Shapes(unittest.TestCase):
    def test_every_shape_stays_within_its_users_and_reaches_them(self):
        for name in shapes.SHAPES:
            phase = {"seconds": 100, "users": 200, "spawn_rate": 10, "shape": name}
            users = [shapes.target(phase, since)[0] for since in range(101)]
            self.assertTrue(all(1 <= each <= 200 for each in users), name)
            self.assertGreaterEqual(max(users), 198, name)


class Records(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_folder_that_holds_a_run_is_refused(self):
        record.new_folder(self.folder / "tag" / "1")
        self.assertRaises(Failed, record.new_folder, self.folder / "tag" / "1")

    def test_a_disk_that_is_all_but_full_is_found_before_the_run_and_named(self):
        self.addCleanup(setattr, record, "LEAST_FREE", record.LEAST_FREE)
        record.LEAST_FREE = 1 << 60
        with self.assertRaisesRegex(Failed, f"disk: .* MiB are free.*{self.folder}"):
            record.new_folder(self.folder / "1")
        self.assertFalse((self.folder / "1").exists())

    def test_the_index_says_what_became_of_each_run(self):
        for name, made in {
            "run.json": {"tags": ["a=1"], "phases": [{"start": 10, "end": 70}], "steadiness": {"steady": True}},
            "interrupted.json": {"tags": ["a=2"], "phases": [], "interrupted": "by SIGINT"},
            "unsteady.json": {"tags": ["a=3"], "phases": [], "steadiness": {"steady": False, "why": "drifts"}},
        }.items():
            folder = self.folder / made["tags"][0] / "20260101T000000Z"
            folder.mkdir(parents=True)
            (folder / name).write_text(json.dumps(made))
        (self.folder / "a=4" / "20260101T000000Z").mkdir(parents=True)
        rows = [runs.row(folder) for folder in sorted(self.folder.glob("*/*"))]
        self.assertEqual(
            [row["verdict"] for row in rows], ["steady", "interrupted: by SIGINT", "unsteady, drifts", "no record"]
        )
        self.assertEqual(rows[0]["seconds"], "60")

    def test_a_record_that_is_broken_is_named(self):
        (self.folder / "run.json").write_text("{")
        with self.assertRaisesRegex(Failed, f"{self.folder}/run.json: not JSON"):
            runs.row(self.folder)

    def test_runs_that_are_not_there_are_not_listed(self):
        for asked in (["nosuch"], ["--runs", "nosuch"]):
            with mock.patch.object(sys, "argv", ["runs", *asked]):
                self.assertRaisesRegex(Usage, 'no such folder: "nosuch"', runs.print_runs)


class Traces(unittest.TestCase):
    def test_a_phase_holds_the_spans_that_ended_in_its_steps(self):
        run = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for service, lines in {"carts": [[8.9], [9.0], [9.1]], "user": [[12.0, 12.1], [12.2]]}.items():
            text = "".join(self.document(ends) + "\n" for ends in lines)
            # What is being written is no line yet.
            traces.file_of(run, service).write_text(text + self.document([11.0])[:-9])
        files = traces.files_in(run)
        self.assertEqual([path.name for path in files], ["carts-spans.jsonl", "user-spans.jsonl"])
        traces.phase(run, files, {"name": "steady", "start": 9.4, "end": 12.7})
        with gzip.open(run / "steady-spans.jsonl.gz", "rt") as lines:
            kept = [self.ends(json.loads(line)) for line in lines]
        # The first row stands at 10 and holds what ended after 9.
        self.assertEqual(kept, [[9.1], [12.0]])
        traces.phase(run, files, {"name": "recovery", "start": 20, "end": 30})
        self.assertFalse((run / "recovery-spans.jsonl.gz").exists())

    def test_a_run_begins_without_the_spans_of_the_last(self):
        run = Path(self.enterContext(tempfile.TemporaryDirectory()))
        with open(run / "carts.jsonl", "a") as service:
            service.write(self.document([1.0]) + "\n")
            service.flush()
            traces.begin(run)
            service.write(self.document([2.0]) + "\n")
        self.assertEqual((run / "carts.jsonl").read_text(), self.document([2.0]) + "\n")

    def document(self, ends):
        spans = [{"endTimeUnixNano": str(round(end * 1e9))} for end in ends]
        return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})

    def ends(self, document):
        (resource,) = document["resourceSpans"]
        ((spans),) = (scope["spans"] for scope in resource["scopeSpans"])
        return [int(span["endTimeUnixNano"]) / 1e9 for span in spans]


class Watching(unittest.TestCase):
    def setUp(self):
        self.run_folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.run_folder / "logs").mkdir()
        self.enterContext(mock.patch.object(watch, "PAUSE_S", 0.05))
        self.pages = iter([b"one", Failed("a table is being written"), b"two"])
        self.enterContext(mock.patch.object(watch.Watch, "made", lambda _: self.page()))

    def page(self):
        page = next(self.pages, b"three")
        if isinstance(page, Failed):
            raise page
        return page

    def watching(self):
        return watch.Watch(argparse.Namespace(run=self.run_folder), "")

    def get(self, watched, path, **headers):
        address = f"http://127.0.0.1:{watched.server.server_port}/{path}"
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5)

    def test_a_browser_is_told_of_each_new_page_and_of_the_end(self):
        with self.watching() as watched:
            events = self.enterContext(self.get(watched, "events"))
            numbers = [int(line[6:]) for line in (events.readline() for _ in range(8)) if line.strip()]
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))
            with self.get(watched, "page") as page:
                self.assertEqual(page.read(), b"three")
        self.assertTrue(events.read().endswith(b"event: end\ndata: 0\n\n"))
        self.assertFalse((self.run_folder / "watch").exists())
        self.assertEqual((self.run_folder / "logs" / "watch.log").read_text(), "a table is being written\n")

    def test_the_frame_runs_its_own_script_only_and_no_other_host_is_answered(self):
        with self.watching() as watched:
            with self.get(watched, "") as frame:
                self.assertIn("default-src 'none'", frame.headers["Content-Security-Policy"])
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.get(watched, "page", Host="elsewhere.example")
            self.assertEqual(refused.exception.code, 403)
            refused.exception.close()


class Stacks(unittest.TestCase):
    def stack(self, text, **environment):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "mine.yml").write_text("services: {}\n")
        (folder / "mine.toml").write_text(text)
        for name, value in environment.items():
            os.environ[name] = value
            self.addCleanup(os.environ.pop, name)
        return stacks.read(str(folder / "mine.yml"))

    def test_any_compose_file_is_a_stack_and_the_environment_wins(self):
        text = 'front_door = "web:80"\nleave_alone = ["db"]\nscrape = "p.yml"'
        stack = self.stack(text, FRONT_DOOR="proxy:8080")
        self.assertEqual((stack.name, stack.front_door), ("mine", "proxy:8080"))
        self.assertIn("db", stack.leave_alone)
        self.assertTrue(stack.scrape.endswith("/p.yml") and "prometheus" in stack.leave_alone)

    def test_faults_of_its_own_are_read_with_the_answer_that_is_looked_for(self):
        text = '[faults.lock]\nservice = "db"\nbegin = "x"\nhold = true\ncause = ["pg_locks", "pg_stat_*_age"]'
        lock = self.stack(text).faults["lock"]
        self.assertEqual((lock.tier, lock.hold, lock.end), (("db",), True, ""))
        named = [lock.is_cause(metric) for metric in ("pg_locks", "pg_locks_count", "pg_stat_xact_age", "xpg_locks")]
        self.assertEqual(named, [True, False, True, False])
        slow = self.stack('[faults.slow]\nkind = "cpu"\nservice = "db"\ncpus = "0.1"').faults["slow"]
        self.assertEqual((slow.kind, slow.options), ("cpu", {"cpus": "0.1"}))
        self.assertTrue(self.stack("[faults.surge]\nusers = 60").faults["surge"].is_load)

    def test_faults_that_could_not_be_made_or_taken_back_are_refused(self):
        for told in (
            'service = "db"\nbegin = "x"',
            'begin = "x"\nend = "y"',
            'service = "db"',
            'service = "db"\nkind = "freeze"',
            'service = "db"\nkind = "cpu"\nend = "y"',
            'service = "db"\nbegin = "x"\nhold = true\ncpus = "1"',
            "users = 0",
            "users = true",
            'users = 1\ntier = "db"',
            "users = 1\nstrength = 2",
        ):
            self.assertRaises(Usage, self.stack, f"[faults.lock]\n{told}")
        for name in ("cpu", "none", '"a b"'):
            self.assertRaises(Usage, self.stack, f"[faults.{name}]\nusers = 1")

    def test_what_is_no_setting_is_refused(self):
        for text in ("door = 1", "front_door = 1", 'leave_alone = "db"', "= 1"):
            self.assertRaises(Usage, self.stack, text)
        self.assertRaises(Usage, stacks.read, "nowhere")


if __name__ == "__main__":
    unittest.main(verbosity=0)
