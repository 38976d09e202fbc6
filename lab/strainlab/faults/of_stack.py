"""Faults of a stack, as data: tables of its TOML file, which say what is done and what a right answer would be.

[faults.db-lock]
service = "db"                       # the container in which it is done
begin = "psql -c …"                  # sh in that container, as root
hold = true                          # begin lasts as long as the fault, and is ended with it
end = "…"                            # sh that takes it back, and may run twice; not needed with hold
tier = ["db"]                        # services that are a right answer: that one without
cause = ["pg_locks_count"]           # metrics that are a right answer; `*` is any text
users = 60                           # of the overload; without begin it is a fault of load alone

[faults.db-slow]
kind = "cpu"                         # one of the kinds that every stack has, with what it is told
service = "db"
cpus = "0.1"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from strainlab import words
from strainlab.errors import Usage
from strainlab.faults import kinds

TEXTS = ("service", "kind", "begin", "end", *kinds.OPTIONS)
LISTS = ("tier", "cause")
TYPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(TEXTS, (str, "text")),
    **dict.fromkeys(LISTS, (list, "list")),
    "hold": (bool, "true or false"),
    "users": (int, "number"),
}


@dataclass(frozen=True)
class Described:
    """One fault of a stack; an empty text is none, and `options` are those of its kind."""

    name: str
    service: str = ""
    kind: str = ""
    begin: str = ""
    end: str = ""
    hold: bool = False
    tier: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    users: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_load(self) -> bool:
        """Whether nothing is done but to send more users."""
        return not self.kind and not self.begin

    def is_cause(self, metric: str) -> bool:
        """Whether a metric's name is one of those that an expert would point at."""
        patterns = (".*".join(map(re.escape, text.split("*"))) for text in self.cause)
        return any(re.fullmatch(pattern, metric) for pattern in patterns)


def read(path: Path, tables: object) -> dict[str, Described]:
    """The faults that a TOML file describes, by name."""
    if not isinstance(tables, dict):
        raise Usage(f'{path}: faults: not tables such as [faults.name]: "{tables}"')
    return {name: described(path, words.name(f"{path}: fault", name), table) for name, table in tables.items()}


def described(path: Path, name: str, table: object) -> Described:
    where = f"{path}: faults.{name}"
    if name in kinds.KINDS or name == "none":
        raise Usage(f'{where}: the name is taken: "{name}"')
    if not isinstance(table, dict):
        raise Usage(f'{where}: not a table: "{table}"')
    for key, value in table.items():
        if key not in TYPES:
            raise Usage(f'{where}: no such setting (expected {", ".join(TYPES)}): "{key}"')
        if type(value) is not TYPES[key][0]:
            raise Usage(f'{where}: {key}: not a {TYPES[key][1]}: "{value}"')
    told: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in table.items()}
    options = {key: told.pop(key) for key in kinds.OPTIONS if key in told}
    made = Described(name=name, options=options, **{"tier": tuple(filter(None, [table.get("service")])), **told})
    require_sense(where, made)
    return made


def require_sense(where: str, made: Described) -> None:
    """Refuses what cannot be made, or could not be taken back."""
    if made.kind and made.kind not in kinds.KINDS:
        raise Usage(f'{where}: kind: none of {", ".join(kinds.KINDS)}: "{made.kind}"')
    if made.kind and (made.begin or made.end or made.hold):
        raise Usage(f'{where}: a kind has its own begin and end: "{made.kind}"')
    if not made.kind and made.options:
        raise Usage(f'{where}: only a kind is told this: "{next(iter(made.options))}"')
    if made.is_load and (made.end or made.users is None):
        raise Usage(f"{where}: needs begin, kind or users")
    if not made.is_load and not made.service:
        raise Usage(f"{where}: needs the service in which it is done")
    if made.begin and not (made.end or made.hold):
        raise Usage(f"{where}: needs an end, or hold = true")
    if made.users is not None and made.users < 1:
        raise Usage(f'{where}: users: not a count from 1: "{made.users}"')
