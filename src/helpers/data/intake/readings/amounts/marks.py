"""The marks within numbers: which one parts whole numbers from fractions, and which part thousands, in a column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import ibis.expr.types as ir

from helpers.data.intake.readings import characters
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.language import _

POINT, COMMA = ".", ","
GROUPS = {COMMA: "thousands comma", POINT: "thousands point", " ": "thousands blank", "'": "thousands apostrophe"}
AT_ODDS = 0.05  # share of a column's marked values that may contradict the mark of the others
FEW = 5  # characters that are replaced one by one: DuckDB translates a text at the price of as many replacements

BELOW_ZERO = "▲△负負"  # before an amount, in Japanese and Chinese accounts
ODD = (
    characters.WIDE + "￥￡\u3000\u00a0\u2007\u2009\u202f\u2212\u2013\u2014\u2010\u2011\u2019\u2018\u00b4`" + BELOW_ZERO
)
PLAIN = characters.NARROW + "¥£     -----''''" + "-" * len(BELOW_ZERO)
_TO_PLAIN = str.maketrans(ODD, PLAIN)
_ODD = re.compile(f"[{ODD}]")
_NOTHING_AFTER, _TAKEN_OFF = r"([0-9][.,])-+([^0-9]|$)|([0-9])/-+([^0-9]|$)", r"\1\2\3\4"  # 5,- is 5, and 5/- too
_MARKED = re.compile(r"[.,]")
_RUN = re.compile("[0-9](?:[0-9.,]*[0-9])?")


@dataclass(frozen=True)
class Figures:
    """The digits and marks of one shape: with 9 for each digit, of its least and greatest text; an example."""

    text: str
    low: str
    high: str
    rows: int
    example: str


def figures(shape: Shape, text: str = "") -> Figures:
    """The digits and marks of a shape: `text`, or else the first that it has."""
    first, low, high = (_RUN.findall(plain(one))[0] for one in (shape.text, shape.low, shape.high))
    return Figures(text or first, low, high, shape.rows, shape.low if low.startswith("0") else shape.high)


def odd_in(texts: Iterable[str]) -> str:
    """What `plain` changes in texts: marks and digits beyond ASCII, and "-" for dashes instead of a fraction."""
    found: set[str] = set()
    for text in texts:
        found.update(_ODD.findall(text))
        found.update("-" * bool(re.search(_NOTHING_AFTER, text.translate(_TO_PLAIN))))
    return "".join(sorted(found.union(*(digits for digits in characters.DIGITS if found & set(digits)))))


def plain(text: str) -> str:
    """A text in the marks of ASCII: full width, kinds of blanks, minus signs and apostrophes; `5,-` as `5,`."""
    return re.sub(_NOTHING_AFTER, _TAKEN_OFF, text.translate(_TO_PLAIN)).strip()


def plain_text(text: ir.StringValue, odd: str) -> ir.StringValue:
    """What `plain` makes of each text of a column in which nothing but `odd` has to be changed."""
    marks = odd.replace("-", "")
    if len(marks) > FEW:
        text = text.translate(marks, marks.translate(_TO_PLAIN))
    else:
        for mark in marks:
            text = text.replace(mark, mark.translate(_TO_PLAIN))
    return text.re_replace(_NOTHING_AFTER, _TAKEN_OFF) if "-" in odd else text


def grouped(mark: str) -> str:
    """The pattern of a whole number whose thousands are parted by `mark`; by a comma also as in India (1,00,000)."""
    sign = re.escape(mark) if mark != " " else mark
    threes = f"[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}})+"
    return f"(?:{threes}|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}})" if mark == COMMA else threes


def number(decimal: str, groups: Iterable[str]) -> str:
    """The pattern of a number without sign: `decimal` parts the fraction, one of `groups` the thousands, if any."""
    whole = "|".join([*(grouped(mark) for mark in groups if mark != decimal), "[0-9]+"])
    point = re.escape(decimal)
    return f"(?:(?:{whole})(?:{point}[0-9]*)?|{point}[0-9]+)"


def value(text: str, decimal: str) -> float:
    """The number of figures whose decimal mark is `decimal`."""
    return float(re.sub("[ ',.]", lambda mark: POINT if mark[0] == decimal else "", text))


def groups_in(figures: Iterable[Figures], decimal: str) -> tuple[str, ...]:
    """The marks that part thousands in figures whose decimal mark is `decimal`."""
    seen = {mark for one in figures for mark in GROUPS if mark != decimal and mark in one.text}
    return tuple(mark for mark in GROUPS if mark in seen)


def decimal_in(figures: Iterable[Figures], *, pointed: bool = False, whole: bool = False) -> str:
    """The decimal mark of a column, by the values that prove one.

    `pointed` says that its numbers stand with words or signs of places where the mark is a point, `whole` with
    those of money that has no fractions. Raises `Undecided` where no value proves a mark that is needed, or where over
    5 % of the marked values prove another.
    """
    column = tuple(figures)
    votes: dict[str, list[tuple[int, Figures]]] = {POINT: [], COMMA: []}
    open_: list[Figures] = []
    for one in column:
        if proof := _proof(one):
            votes[proof[0]].append((proof[1], one))
        elif _either(one.text):
            open_.append(one)
    rows = {mark: sum(count for count, _ in proofs) for mark, proofs in votes.items()}
    if any(rows.values()):
        marked = sum(one.rows for one in column if _MARKED.search(one.text))
        mark, other = sorted(rows, key=lambda mark: -rows[mark])
        if rows[other] > AT_ODDS * marked:
            raise _contradiction({mark: (rows[mark], votes[mark][0][1].example) for mark in (mark, other)})
        return mark
    if open_ and whole:
        return _other(_MARKED.findall(open_[0].text)[0])
    return _unproved(column, open_, pointed) if open_ else POINT


def _proof(one: Figures) -> tuple[str, int] | None:
    """The decimal mark that figures prove, and in how many rows at least; None where they prove none."""
    mantissa = re.split("[eE]", one.text)[0]
    marks = _MARKED.findall(mantissa)
    if not marks:
        return None
    last = marks[-1]
    if len(set(marks)) == 2 or mantissa != one.text:
        return _if_fits(mantissa, last, one.rows)
    if len(marks) > 1:
        return _if_fits(mantissa, _other(last), one.rows)
    if not _either(mantissa):
        return _if_fits(mantissa, last, one.rows)
    if one.low.startswith("0"):
        return last, one.rows if one.high.startswith("0") else 1
    return None


def _if_fits(figures: str, decimal: str, rows: int) -> tuple[str, int] | None:
    groups = [mark for mark in GROUPS if mark != decimal]
    return (decimal, rows) if re.fullmatch(number(decimal, groups), figures) else None


def _either(figures: str) -> bool:
    """Whether figures are of the form 1.234, which may be a fraction or thousands."""
    return bool(re.fullmatch("[0-9]{1,3}[.,][0-9]{3}", figures))


def _other(mark: str) -> str:
    return COMMA if mark == POINT else POINT


def _unproved(column: tuple[Figures, ...], open_: list[Figures], pointed: bool) -> str:
    """The decimal mark where all marked values have the form 1.234: by the whole numbers beside them, or not at all."""
    seen = {mark for one in open_ for mark in _MARKED.findall(one.text)}
    lengths = {len(one.text) for one in column if one.text.isdigit() and float(one.high) != 0}
    if len(seen) == 1 and lengths and max(lengths) <= 3:
        return _other(*seen)  # a program that prints three decimals prints them always
    if pointed:
        return POINT
    raise _ambiguity(open_)


def _ambiguity(open_: list[Figures]) -> Undecided:
    first = open_[0]
    (mark,) = _MARKED.findall(first.text)
    thousands, fraction = (f"{value(first.high, decimal):.12g}" for decimal in (_other(mark), mark))
    told = _("{example!r} may be {thousands} or {fraction}. Write decimal = {other!r} or decimal = {mark!r}.").format(
        example=first.example, thousands=thousands, fraction=fraction, other=_other(mark), mark=mark
    )
    return Undecided(told, (thousands, fraction), (_setting(_other(mark)), _setting(mark)))


def _setting(mark: str) -> str:
    return f'decimal = "{mark}"'


def _contradiction(proofs: dict[str, tuple[int, str]]) -> Undecided:
    named = {
        POINT: _("{example!r} has a decimal point (rows: {rows:,})"),
        COMMA: _("{example!r} has a decimal comma (rows: {rows:,})"),
    }
    told = tuple(named[mark].format(example=example, rows=rows) for mark, (rows, example) in proofs.items())
    return Undecided(
        _("{proofs}. Write decimal = '.' or decimal = ','.").format(proofs=", ".join(told)),
        told,
        (_setting(POINT), _setting(COMMA)),
    )
