"""A column of a finding's table, declared once: its name, kind, unit, meaning and heading.

How values are written, what stands above them, what the documentation says of a saved table and what tests check all
follow from the declaration. A declared column is its own name, so that `table[CUSTOMERS]` reads it. A name with braces
stands for many columns: `stay_{}d_rate` for one share after each number of days, `{}` for whatever is left, such as one
column for each group.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import pandas as pd

from helpers import language
from helpers.findings import formats, labels
from helpers.language import _

FIELD = re.compile(r"[a-z][a-z0-9_]*")  # a name of a column of the contract


class Kind(StrEnum):
    """What the values of a column are, which says how they are written."""

    NAME = "name"  # words: a group, a label, a sentence; or a value of the data, as it is
    FIELD = "field"  # the name of a column of the data, which readers see in words
    CODE = "code"  # one of few words that code decides by; the column's `words` say how readers see each
    FLAG = "flag"  # yes or no
    DATE = "date"  # a day or a moment
    COUNT = "count"  # a whole number of something
    NUMBER = "number"  # any other number
    SHARE = "share"  # a part of 1; written as a percentage
    POINTS = "points"  # a difference of two shares; written in percentage points with its sign
    POINTS_APART = "points_apart"  # how far two shares are apart; written so without a sign
    DAYS = "days"
    MONEY = "money"  # in the data set's currency, as readers see it to three digits
    PRICE = "price"  # money that somebody set, to the last digit
    P_VALUE = "p_value"
    LIMIT = "limit"  # an end of an interval; written as the column before it
    PLAIN = "plain"  # a number that is a name: an id, a year
    MIXED = "mixed"  # another kind in each row: what a measure is stands beside it


class Column(str):
    """The name of a column, and all that is declared of it.

    `meaning` is one phrase for a reader who does not know the code; `unit` is what a count or a number is of, where the
    name does not say it; `heading` stands above the column in place of the name; `words` says for each code of a
    column of codes how readers see it; where they see all as they stand, the codes alone are given. Headings and words
    are English here, and said in the language that is spoken whenever they are written. A pattern's heading has braces
    too, for which the `parts` of one of its columns stand.

    What `disclosure` hides follows from the rest: `people` says that it counts customers, or what they did; `of` names
    the count of which it is a part, or a share, in the table or not; `tells` columns that could be worked out from it,
    and that it is hidden with; `adds_up` says for each sum that readers may know which columns name its cells; `summed`
    that it is a sum of customers' money, or could be made one. `fields` says that
    the braces of its codes stand for names of columns of the data.

    Where what a value is depends on its row, `by` names the column whose code says so, and `kinds` what it is for which
    code; for others it is what `kind` says. A column that is there for that alone is `aside`: files have it, readers
    do not see it.
    """

    kind: Kind
    meaning: str
    unit: str
    heading: str
    words: Mapping[str, str]
    parts: tuple[str, ...]
    people: bool
    of: str
    tells: tuple[str, ...]
    adds_up: tuple[tuple[str, ...], ...]
    summed: bool
    fields: bool
    by: str
    kinds: Mapping[str, Kind]
    aside: bool

    def __new__(
        cls,
        name: str,
        kind: Kind,
        meaning: str,
        *,
        unit: str = "",
        heading: str = "",
        words: Mapping[str, str] | Sequence[str] | None = None,
        parts: Sequence[str] = (),
        people: bool = False,
        of: str = "",
        tells: str | Sequence[str] = (),
        adds_up: Iterable[Sequence[str]] = (),
        summed: bool = False,
        fields: bool = False,
        by: str = "",
        kinds: Mapping[str, Kind] | None = None,
        aside: bool = False,
    ) -> Column:
        if (words is not None) != (kind is Kind.CODE):
            raise ValueError(f"column = {name!r}: words go with codes, and only with them. Mend its kind or its words.")
        column = super().__new__(cls, name)
        column.kind, column.meaning, column.unit = kind, meaning, unit
        column.heading, column.parts = heading, tuple(parts)
        column.words = dict(words) if isinstance(words, Mapping) else {word: word for word in words or ()}
        column.people, column.of, column.summed, column.fields = people, str(of), summed, fields
        column.tells = (str(tells),) if isinstance(tells, str) else tuple(map(str, tells))
        column.adds_up = tuple(tuple(map(str, names)) for names in adds_up)
        column.by, column.aside = str(by), aside
        column.kinds = {code: Kind(each) for code, each in (kinds or {}).items()}
        return column

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        words = self.words if self.kind is Kind.CODE else None
        named = {"unit": self.unit, "heading": self.heading, "words": words, "parts": self.parts}
        layer = {"people": self.people, "of": self.of, "tells": self.tells, "adds_up": self.adds_up}
        more = {"summed": self.summed, "fields": self.fields, "by": self.by, "kinds": self.kinds, "aside": self.aside}
        return (str(self), self.kind, self.meaning), named | layer | more

    def but(self, **declared: Any) -> Column:
        """The same column with something else declared of it, as a table of its own needs: `RATE.but(of=CUSTOMERS)`."""
        known, named = self.__getnewargs_ex__()
        return Column(*known, **named | declared)

    def of_kind(self, code: str) -> Column:
        """The column as it is in a row of this code, which says what kind its value is."""
        known, named = self.__getnewargs_ex__()
        return Column(known[0], self.kinds.get(code, self.kind), *known[2:], **named)

    @property
    def is_pattern(self) -> bool:
        """Whether the name stands for many."""
        return "{}" in self

    @property
    def message(self) -> str:
        """What stands above the column in English, without currency: what catalogues hold."""
        return self.heading or _words(str(self), self.kind)

    def called(self, name: str) -> Column:
        """The same column under another name: one of the many that a pattern stands for."""
        (_own, *known), named = self.__getnewargs_ex__()
        heading = self.message if self.is_pattern else self.heading
        return Column(name, *known, **named | {"heading": heading, "parts": _between(self, name) or ()})

    def covers(self, name: str) -> bool:
        """Whether `name` is this column's, or one of those that its pattern stands for."""
        return str(self) == name or _between(self, name) is not None

    def above(self, currency: str = "") -> str:
        """What stands above the column: its heading, or its name in words; with the sign of the currency for money."""
        words = _(self.message)
        if self.parts:
            english = language.current() == language.ENGLISH
            words = formats.spaced(words.format(*map(labels.said if english else _part, self.parts)))
        if self.kind not in (Kind.MONEY, Kind.PRICE) or not currency:
            return words
        return _("{amount} ({currency})").format(amount=words, currency=formats.unit(currency))

    def write(self, value: Any) -> str:
        """One value as readers see it; text stands as it is, whatever the column promises."""
        if self.kind is Kind.CODE:
            return self.word(value) or formats.text("" if value in self.words else value)
        if self.kind is Kind.FIELD and isinstance(value, str):
            return formats.label(value)
        return WRITERS.get(self.kind, formats.text)(value) if formats.is_writable(value) else formats.text(value)

    def word(self, code: Any) -> str | None:
        """How readers see a code in the language that is spoken; None for what is no code of the column.

        A code with braces stands for many: `active in {} days`, `{} is missing`.
        """
        if code in self.words:
            return _(self.words[code])
        for pattern in self.words if isinstance(code, str) else ():
            if parts := _between(pattern, code):
                return _(self.words[pattern]).format(*map(_names if self.fields else labels.said, parts))
        return None


def _between(pattern: str, name: str) -> tuple[str, ...] | None:
    """What stands in `name` for each pair of braces of `pattern`; None where the pattern has none or does not fit."""
    found = re.fullmatch("(.+)".join(map(re.escape, pattern.split("{}"))), name, re.DOTALL) if "{}" in pattern else None
    return found.groups() if found else None


def _names(part: str) -> str:
    """Names of columns of the data in words: order_id + product_id; any other text as it is."""
    names = part.split(" + ")
    return " + ".join(map(formats.label, names)) if all(map(FIELD.fullmatch, names)) else labels.said(part)


def _plain(value: Any) -> str:
    return formats.text(value) if isinstance(value, pd.Timestamp) or formats.is_missing(value) else f"{value:.15g}"


WRITERS = {
    Kind.P_VALUE: lambda value: formats.p_value(value).removeprefix("p = ").removeprefix("p "),
    Kind.SHARE: formats.percent,
    Kind.POINTS: formats.points,
    Kind.POINTS_APART: formats.points_apart,
    Kind.MONEY: formats.amount,
    Kind.PRICE: formats.exact_amount,
    Kind.PLAIN: _plain,
}


def declared(columns: Iterable[Column], name: str) -> Column:
    """The column among `columns` that is called `name`, or whose pattern covers it; LookupError where there is none."""
    known = list(columns)
    for column in known:
        if str(column) == name:
            return column
    for column in known:
        if column.covers(name):
            return column.called(name)
    close = difflib.get_close_matches(name, [str(column) for column in known], n=1)
    hint = f" Did you mean {str(close[0])!r}?" if close else ""
    raise LookupError(f"column = {name!r}: it is not declared; there are {', '.join(known) or 'none'}.{hint}")


def written_as(columns: Iterable[Column]) -> list[Column]:
    """The column as which the values of each are written: of the end of an interval the one before it."""
    found: list[Column] = []
    for column in columns:
        found.append(found[-1] if column.kind is Kind.LIMIT and found else column)
    return found


def in_rows(column: Column, frame: pd.DataFrame) -> list[Column]:
    """The column as which its value is written in each row of `frame`, of which another one may say the kind."""
    if column.by not in frame:
        return [column] * len(frame)
    known = {code: column.of_kind(code) for code in column.kinds}
    return [known.get(code, column) for code in frame[column.by]]


def one(column: str) -> Column:
    """`column` itself, which must be declared: TypeError for a plain name, of which nothing is known."""
    if isinstance(column, Column):
        return column
    raise TypeError(f"column = {column!r}: a chart draws declared columns. Declare it as a findings.Column.")


def heading(column: str) -> str:
    """What stands beside an axis of names: a declared column's heading, or a name of the data in words."""
    return column.above() if isinstance(column, Column) else formats.label(column)


def _part(name: str) -> str:
    """A part of a column's name in the language that is spoken: a code's word, or a name of the data."""
    words = name.replace("_", " ")
    told = _(words)
    return formats.label(name) if told == words else told


def _words(name: str, kind: Kind) -> str:
    """A column's name as a heading: "Recency (days)" for recency_days, "Adjusted p" for adjusted_p_value."""
    if kind is Kind.P_VALUE:
        name = name.removesuffix("_value")
        return name if name == "p" else name.replace("_", " ").capitalize()
    if kind is Kind.DAYS and name != "days":
        name = f"{name.removesuffix('_days')} (days)"
    return formats.spaced(name)
