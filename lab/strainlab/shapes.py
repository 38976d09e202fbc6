"""How many users a phase wants at each moment. No Locust in here, so that it can be tested alone."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def steady(part: float) -> float:
    return 1.0


def ramp(part: float) -> float:
    return part


def step(part: float) -> float:
    """Four steps of equal length."""
    return (math.floor(part * 4) + 1) / 4


def spike(part: float) -> float:
    """A fifth of the users, all of them for the fifth part in the middle."""
    return 1.0 if 0.4 <= part < 0.6 else 0.2


def sine(part: float) -> float:
    """Two waves, between a fifth of the users and all of them."""
    return 0.6 - 0.4 * math.cos(4 * math.pi * part)


def double_wave(part: float) -> float:
    """Two bell-shaped peaks, at a third and two thirds."""
    bell = sum(math.exp(-(((part - peak) / 0.1) ** 2)) for peak in (1 / 3, 2 / 3))
    return 0.2 + 0.8 * min(1.0, bell)


SHAPES: dict[str, Callable[[float], float]] = {
    "steady": steady,
    "ramp": ramp,
    "step": step,
    "spike": spike,
    "sine": sine,
    "double-wave": double_wave,
}

PhaseWords = Mapping[str, Any]


def phase_at(phases: Sequence[PhaseWords], elapsed: float) -> tuple[PhaseWords | None, float]:
    """The phase at a time since the beginning, and the seconds since it began; (None, 0) after the last."""
    for phase in phases:
        if elapsed < phase["seconds"]:
            return phase, elapsed
        elapsed -= phase["seconds"]
    return None, 0


def target(phase: PhaseWords, since: float) -> tuple[int, float]:
    """(users, spawn rate) of a phase, at least one user."""
    part = min(since / phase["seconds"], 1.0 - 1e-9)
    share = SHAPES[phase.get("shape", "steady")](part)
    return max(1, round(phase["users"] * share)), phase["spawn_rate"]
