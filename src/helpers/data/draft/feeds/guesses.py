"""What is guessed of one table: the file that feeds it, the origin of each column, and in words why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.data.draft.contents.holdings import Holding
from helpers.data.intake import files


@dataclass(frozen=True)
class Sql:
    """An expression over the columns of the file."""

    text: str


@dataclass(frozen=True)
class Join:
    """Columns looked up in another holding, by a header that both have; a `partial` one lists only some, as returns."""

    holding: Holding
    on: str
    partial: bool = False


@dataclass(frozen=True)
class Question:
    """A column that can be read in several ways: what is told of it, and the settings of which one decides it."""

    column: str
    told: str
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """Rows of a table that are set aside, however many: those for which `keep`, an expression, is not true."""

    name: str
    keep: str


@dataclass
class Guess:
    """How one holding feeds one contract table; it grows while links to other files are found."""

    table: str
    holding: Holding
    columns: dict[str, str | Sql]
    extras: dict[str, dict[str, str]] = field(default_factory=dict)  # role → name → TOML
    joins: list[Join] = field(default_factory=list)
    exported: tuple[str, ...] = ()  # headers of what is known as of the export alone
    merge: bool = False
    anonymous: bool = False
    back: bool = False  # its rows are money given back of what other files hold
    control: str = ""  # of an experiment
    drawn: dict[str, str | tuple[str, ...]] = field(default_factory=dict)  # of contracts: see `tables.Drawn`
    notes: list[str] = field(default_factory=list)  # why, a line each
    others: list[str] = field(default_factory=list)  # what could not be told: settings to choose, commented out
    rules: list[Rule] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)  # of which expression a column is
    nulls: list[str] = field(default_factory=list)  # texts that may stand for nothing
    zones: list[str] = field(default_factory=list)  # time zones that names beside its times may mean
    guests: list[str] = field(default_factory=list)  # texts of customer_id that seem to name nobody

    @property
    def used(self) -> set[str]:
        """The headers that are mapped."""
        return {origin for origin in self.columns.values() if isinstance(origin, str)}

    def values(self, column: str) -> tuple[str, ...]:
        """The most frequent values of the header that answers to a column; none where none does."""
        origin = self.columns.get(column)
        return self.holding.column(origin).values if isinstance(origin, str) and origin in self.holding.names else ()


def name(header: str) -> str:
    """A header as a column of an expression."""
    return '"' + header.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """Values as a list of an expression."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def stem(holding: Holding) -> str:
    """The name of a file as a word: coupon_redemptions.csv.gz → coupon_redemptions."""
    return files.fold(holding.stem).replace("'", "") or "test"
