"""What must hold of the reckoning, without an engine: python3 lab/docker/tests/laws.py"""

import os
import random
import signal
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import engine
import kinds
import limits
import packets
import processes
import steadiness
import targets
from engine import Usage


def facts(**host):
    unset = {"NanoCpus": 0, "CpuQuota": 0, "CpuPeriod": 0, "Memory": 0, "MemorySwap": 0}
    return {"Name": "/c", "HostConfig": unset | host}


MACHINE = {"NCPU": 4, "MemTotal": 1 << 33}


class Limits(unittest.TestCase):
    def test_a_share_is_of_all_cores_and_never_below_what_docker_takes(self):
        self.assertEqual(limits.cpus_of(0.5, 4), 2.0)
        self.assertEqual(limits.cpus_of(0.0001, 4), 0.01)

    def test_a_share_is_above_0_and_up_to_1(self):
        for text in ("0", "-1", "1.01", "nan", "inf", "half", ""):
            self.assertRaises(Usage, limits.parse_share, text)

    def test_sizes_are_binary(self):
        self.assertEqual([limits.parse_memory(t) for t in ("1g", "1.5k", "7", "256MB")], [1 << 30, 1536, 7, 256 << 20])
        for text in ("", "m", "-1m", "1t", "1 g g"):
            self.assertRaises(Usage, limits.parse_memory, text)

    def test_memory_is_never_set_without_swap(self):
        self.assertEqual(
            limits.update_words(facts(), memory=1 << 20), ["update", "--memory", "1048576b", "--memory-swap", "1048576b", "c"]
        )

    def test_no_limit_comes_back_as_all_there_is(self):
        self.assertEqual(limits.undo_words(facts(), MACHINE, cpus=True), ["update", "--cpus", "4", "c"])
        size = f"{1 << 33}b"
        self.assertEqual(
            limits.undo_words(facts(), MACHINE, memory=True), ["update", "--memory", size, "--memory-swap", size, "c"]
        )

    def test_a_limit_comes_back_as_it_was(self):
        had = facts(NanoCpus=1_500_000_000, Memory=1 << 28, MemorySwap=1 << 29)
        words = limits.undo_words(had, MACHINE, cpus=True, memory=True)
        self.assertEqual(
            words, ["update", "--memory", f"{1 << 28}b", "--memory-swap", f"{1 << 29}b", "--cpus", "1.5", "c"]
        )

    def test_a_quota_is_changed_as_a_quota(self):
        had = facts(CpuQuota=50_000, CpuPeriod=100_000)
        self.assertEqual(limits.read(had)["cpus"], 0.5)
        self.assertIn("--cpu-quota", limits.update_words(had, cpus=0.25))


class Targets(unittest.TestCase):
    def test_the_two_forms_of_a_name_are_each_other_s(self):
        for one, other in (("strain-carts-1", "strain_carts_1"), ("strain_carts_1", "strain-carts-1")):
            self.assertEqual(targets.other_form(one), other)
        self.assertEqual(targets.other_form("strain_front-end_1"), "strain-front-end-1")
        self.assertIsNone(targets.other_form("carts"))

    def test_patterns_and_nothing_are_refused(self):
        for text in ("", "re2:carts", "^carts$", "carts.*", "-f", "a b"):
            self.assertRaises(Usage, targets.check_name, "service", text)


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
        except engine.Failed as failure:
            os.kill(os.getpid(), signal.SIGTERM)
            undone = str(failure)
        self.assertRegex(undone, "interrupted by SIG(INT|TERM|HUP)")


if __name__ == "__main__":
    unittest.main(verbosity=0)
