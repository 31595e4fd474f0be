"""What a table promises: one row's meaning, its columns with types and rules, and its key."""

from __future__ import annotations

from dataclasses import dataclass

ID, TEXT, INTEGER, NUMBER, FLAG, TIME = "id", "text", "integer", "number", "flag", "time"
PROSE = "prose"  # what people wrote: its words are counted, never shown as they stand
WORDS = (ID, TEXT, PROSE)  # any text is one


@dataclass(frozen=True)
class Column:
    """One promised column, whose values lie between `low` and `high`, or are among `choices`.

    A row without a readable value goes to quarantine where the column is required, or carried; else its cell is empty.
    """

    name: str
    type: str
    meaning: str
    required: bool = False
    carried: bool = False  # a source may lack it, but one that maps it has it in every row
    seldom: bool = False  # few sources have it: where none does, the table has no such column
    money: bool = False  # in the currency of its row
    scale: bool = False  # an answer on a scale, whose ends are often named in words
    returned: bool = False  # money that goes back: its sign says nothing, so a column of negative ones is turned
    consumed: bool = False  # used up in reading, and not there afterwards
    ahead: bool = False  # an end: a fact where rows that run have none, else a term, which may lie after the day
    fact: bool = True  # of a time: when something happened; else a day that was set, or of birth, and dates nothing
    private: bool = False  # of a person: not in the snapshot nor, as it stands, on a page or in what a page saves
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One contract table: `key` columns identify a row (empty: equal rows are legitimate), `fact_at` dates it."""

    name: str
    row: str
    key: tuple[str, ...]
    fact_at: str  # the time from which the row is known: rows later than as_of are never seen. Empty: always known
    columns: tuple[Column, ...]
    history: bool = False  # rows of one key are the steps of one thing, of which the last tells how it stands
    not_before: tuple[str, str] | None = None  # (later, earlier): the first column is never before the second
    lasting: tuple[str, ...] = ()  # without a key: what a row is from the first on, where the rest is added later

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def shareable(self) -> bool:
        """Whether its key is a number that customers might share: each row has one, from the first on."""
        return len(self.key) == 1 and self.key != ("customer_id",) and "customer_id" in self.required

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a source must map."""
        return tuple(column.name for column in self.columns if column.required)
