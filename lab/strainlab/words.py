"""What is written on a command line, in a tag or in a table: each kind of word read into a value, or refused."""

import math
import re
import signal

from strainlab.errors import Usage

SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
TAG = re.compile(r"[\w.=,-]+", re.ASCII)


def tags(text: str) -> list[str]:
    """The words of TAGS, sorted: they name a run's folder, so nothing in them leads elsewhere."""
    found = text.split(" ")
    for tag in filter(None, found):
        if not TAG.fullmatch(tag) or set(tag) == {"."}:
            raise Usage(f'tag: only letters, digits and "_ . = , -": "{tag}"')
    return sorted(filter(None, found))


def pairs(found: list[str]) -> dict[str, str]:
    """{"users": "100"} of the tag users=100; a tag without = has an empty value."""
    return dict(tag.partition("=")[::2] for tag in found)


def name(what: str, text: str) -> str:
    """A plain name of one service or container, never a pattern."""
    if not text:
        raise Usage(f"{what}: none given, and a fault for all containers is refused")
    if not NAME.fullmatch(text):
        raise Usage(f'{what}: not a plain name (patterns are refused): "{text}"')
    return text


def seconds(text: str) -> float:
    """Seconds of 90, 60s, 1m30s, 500ms, 2h."""
    pattern = r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s)?)?"
    found = re.fullmatch(pattern, text)
    if not found or not text:
        raise Usage(f'not a duration such as 60s, 1m30s or 500ms: "{text}"')
    last = float(found[3] or 0) / (1000 if found[4] == "ms" else 1)
    value = int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + last
    if value <= 0:
        raise Usage(f'duration: not above 0: "{text}"')
    return value


def milliseconds(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)?", text)
    if not found:
        raise Usage(f'not a time such as 100ms or 0.1s: "{text}"')
    return round(float(found[1]) * (1000 if found[2] == "s" else 1))


def percent(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 100:
        raise Usage(f'not a percentage: "{text}"')
    return value


def rate(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(bit|kbit|mbit|gbit)", text):
        raise Usage(f'not a rate such as 100kbit or 1mbit: "{text}"')
    return text


def above_0(text: str) -> float:
    value = number(text)
    if not 0 < value < math.inf:
        raise Usage(f'not a number above 0: "{text}"')
    return value


def count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise Usage(f'not a count from 1: "{text}"')
    return int(text)


def signal_name(text: str) -> str:
    """SIGKILL of SIGKILL, KILL or 9: the form that Pumba knows too."""
    try:
        found = signal.Signals(int(text)) if text.isdecimal() else signal.Signals[f"SIG{text.removeprefix('SIG')}"]
    except (KeyError, ValueError):
        raise Usage(f'not a signal such as SIGKILL: "{text}"') from None
    return found.name


def memory(text: str) -> int:
    """Bytes of 256m, 1.5g, 64k, 1000000, in Docker's binary units."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([bkmg]?)b?", text.strip().lower())
    if not found:
        raise Usage(f'memory: not a size such as 256m or 1g: "{text}"')
    return int(float(found[1]) * SIZES[found[2]])


def share(text: str) -> float:
    """A part of the machine's cores, above 0 and up to 1."""
    value = number(text)
    if not 0 < value <= 1:
        raise Usage(f'cpu share: not a number above 0 and up to 1: "{text}"')
    return value


def number(text: str) -> float:
    """A number, or NaN, which no comparison lets pass."""
    try:
        return float(text)
    except ValueError:
        return math.nan
