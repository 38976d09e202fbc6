"""What a stack is: any Compose file, and beside it, if need be, a TOML file of the same name that says the rest.

    front_door = "front-end:80"          # service and port that the load goes to
    scrape = "shop.prometheus.yml"       # what a Prometheus of the lab's scrapes; or
    prometheus = "prometheus:9090"       # the stack's own, by service and port; or
    prometheus_url = "http://…:9090"     # one that runs elsewhere
    leave_alone = ["prometheus"]         # services that are never limited or broken
    not_awaited = ["queue-master"]       # services that may be down when the stack is up
    locustfile = "shop.py"
    [faults.db-lock]                     # faults of its own: strainlab/faults/of_stack.py
    …

A variable of the environment in capitals (FRONT_DOOR, SCRAPE, PROMETHEUS, PROMETHEUS_URL, LEAVE_ALONE, LOCUSTFILE)
wins over the file. `STACK=shop` means lab/stacks/shop.yml; what has a slash or a suffix is a path."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from strainlab import words
from strainlab.command import LAB, setting
from strainlab.errors import Usage
from strainlab.faults import of_stack
from strainlab.faults.of_stack import Described

HOME = LAB / "stacks"
LISTS = ("leave_alone", "not_awaited")
TEXTS = ("front_door", "scrape", "prometheus", "prometheus_url", "locustfile")
PATHS = ("scrape", "locustfile")
# What measures is never limited or broken.
MEASURING = ("prometheus", "cadvisor")


@dataclass(frozen=True)
class Stack:
    """One stack's settings; an empty text is none."""

    name: str
    file: Path
    front_door: str = ""
    scrape: str = ""
    prometheus: str = ""
    prometheus_url: str = ""
    locustfile: str = str(LAB / "locustfile.py")
    leave_alone: tuple[str, ...] = MEASURING
    not_awaited: tuple[str, ...] = ("cadvisor",)
    cadvisor: bool = False
    faults: Mapping[str, Described] = field(default_factory=dict)

    def script(self, by: str) -> Path:
        """What the load generator is given; the shop's own in the generator's language when none is named."""
        return LAB / "k6.js" if by == "k6" and self.locustfile == Stack.locustfile else Path(self.locustfile)

    def script_hash(self, by: str) -> str | None:
        script = self.script(by)
        return hashlib.sha256(script.read_bytes()).hexdigest() if script.is_file() else None


def chosen() -> Stack:
    """The stack that STACK names, the small shop without."""
    return read(setting("STACK", "shop"))


def read(text: str) -> Stack:
    named = words.NAME.fullmatch(text) and not text.endswith((".yml", ".yaml"))
    file = HOME / f"{text}.yml" if named else Path(text)
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in HOME.glob("*.toml")))
        raise Usage(f'STACK: no such Compose file (or one of {known}): "{text}"')
    told: dict[str, Any] = {}
    for name, value in {**beside(file), **from_environment()}.items():
        told[name] = tuple(value) if name in LISTS else value
    for name in LISTS:
        if name in told:
            told[name] = (*getattr(Stack, name), *told[name])
    cadvisor = setting("CADVISOR", "0") not in ("0", "no")
    return Stack(name=file.stem, file=file, cadvisor=cadvisor, **told)


def beside(file: Path) -> dict[str, Any]:
    """The TOML file's settings; its paths are relative to it."""
    path = file.with_suffix(".toml")
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise Usage(f"{path}: not TOML: {wrong}") from None
    faults = of_stack.read(path, found.pop("faults", {}))
    for name, value in found.items():
        if name not in TEXTS + LISTS:
            raise Usage(f'{path}: no such setting (expected {", ".join((*TEXTS, *LISTS, "faults"))}): "{name}"')
        if not isinstance(value, list if name in LISTS else str):
            raise Usage(f'{path}: {name}: not a {"list" if name in LISTS else "text"}: "{value}"')
    return found | {name: str(path.parent / found[name]) for name in PATHS if name in found} | {"faults": faults}


def from_environment() -> dict[str, Any]:
    found: dict[str, Any] = {name: setting(name.upper()) for name in TEXTS if setting(name.upper())}
    return found | {name: setting(name.upper()).split() for name in LISTS if setting(name.upper())}
