"""What both kinds of server share: columns as they tell of them, the SQL that asks for texts, how they refuse."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

Tell = Callable[[int], None]  # hears how many rows have come
CONNECT_SECONDS = 20  # for a server to take a call
PATIENCE_SECONDS = 600  # for a server that says nothing
BLOCK = 50_000  # rows


class Kind(Enum):
    """What the values of a column are, where they are more than text."""

    EXACT = auto()  # whole or decimal numbers
    FLOAT = auto()
    MOMENT = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Column:
    """A column of a table or query; `text` is the SQL of its values as they are to be read."""

    name: str
    kind: Kind
    text: str


class Why(Enum):
    """Why a server did not do what it was asked."""

    NO_HOST = auto()
    UNREACHABLE = auto()
    TIMED_OUT = auto()
    NOT_SAFE = auto()
    WRONG_PASSWORD = auto()
    NO_DATABASE = auto()
    NO_RIGHT = auto()
    NO_TABLE = auto()
    GONE = auto()
    OTHER = auto()


class Refused(Exception):
    """A server did not do what it was asked; `said` is in its own words."""

    def __init__(self, why: Why, said: object) -> None:
        self.why, self.said = why, (str(said).strip().splitlines() or [""])[0].rstrip(".。")
        super().__init__(self.said)


class Session(Protocol):
    """One reading of a database: all that it yields is of one moment, and nothing there is changed."""

    dialect: str  # of its SQL, as sqlglot calls it

    def columns(self, asked: str) -> list[Column]:
        """The columns of a SELECT."""

    def kind(self, column: Column, asked: str) -> Kind:
        """What the values of one of these columns are, where it is to say which rows are new."""

    def tables(self) -> list[str]:
        """The tables and views that its account may see."""

    def one(self, sql: str) -> Sequence[str | None]:
        """The texts of the one row that a SELECT yields."""

    def fetch(self, sql: str, names: Sequence[str], path: Path, tell: Tell) -> int:
        """Writes the rows of a SELECT of texts as Parquet, and says how many they are."""

    def named(self, name: str) -> str:
        """A name in quotes."""

    def summed_up(self, columns: Sequence[Column], salt: str) -> str:
        """SQL: a digest of several columns with a salt, by which rows are told apart."""

    def now(self) -> str:
        """SQL: this moment, as columns of moments have it."""

    def close(self) -> None:
        """Ends it."""


def context(safety: str) -> ssl.SSLContext | None:
    """How the way to a server is kept safe, where it has to be."""
    if safety in ("disable", "prefer"):
        return None
    chosen = ssl.create_default_context()
    if safety == "require":
        chosen.check_hostname, chosen.verify_mode = False, ssl.CERT_NONE
    return chosen


def literal(value: str, kind: Kind) -> str:
    """A value as SQL."""
    return value if kind is not Kind.MOMENT else "'" + value.replace("'", "''") + "'"
