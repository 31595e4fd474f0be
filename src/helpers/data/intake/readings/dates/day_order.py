"""The order of day and month where days are numbers: proved by a column's values, given by the data set, or asked."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from helpers import language
from helpers.data.intake.readings.characters import plain, plain_text
from helpers.data.intake.readings.dates import layouts, periods, spellings
from helpers.data.intake.readings.dates.periods import Period, Span
from helpers.data.intake.readings.shapes import Shape, Undecided, either
from helpers.language import _

NAMES = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
MONTHS, DAYS = 12, 31  # the greatest number of each
A_YEAR = 2023  # no leap year: the 28th of February is an end
A_MONTH, A_DECADE = 27, 10  # days of the month go this far, the years of a table seldom that far


class Extremes(NamedTuple):
    """The least and the greatest first, second and third number of the days of one shape, as in 31/12/2024."""

    least: tuple[int, int, int]
    greatest: tuple[int, int, int]


def numbers(text: ir.StringValue) -> dict[str, ir.IntegerValue]:
    """The first, second and third number of a text such as 03/04/2024, 03042024 or 2024-03-04, null where they can be
    no day; of days of Excel the year, the month and the day.

    Their least and greatest by shape (of those that `asks` names) make up `Extremes`.
    """
    forms = (
        r"\D*(\d{2})(\d{2})(\d{4}|\d{2})(?:\.0+)?",
        r"\D*(\d{1,2})\D+?(\d{1,2})\D+?(\d{4}|\d{2})(?:\D.*)?",
        r"\D*(\d{4})\D+?(\d{1,2})\D+?(\d{1,2})(?:\D.*)?",
    )
    whole, text = f"(?s)^(?:{'|'.join(forms)}|.*)$", plain_text(text)
    first, second, third = (
        text.re_replace(whole, rf"\{place}\{place + 3}\{place + 6}").try_cast("int64") for place in (1, 2, 3)
    )
    is_serial = text.re_search(f"^{layouts.NAMED[layouts.EXCEL]}$")
    serial = layouts.times(text, layouts.EXCEL, "UTC")
    first, second, third = (
        ibis.cases((is_serial, part.cast("int64")), else_=number)
        for part, number in ((serial.year(), first), (serial.month(), second), (serial.day(), third))
    )
    day_and_month = (first <= DAYS) & (second <= MONTHS) | (first <= MONTHS) & (second <= DAYS)
    day = (first > 0) & (second > 0) & day_and_month | (second <= MONTHS) & (third <= DAYS) & (second > 0) & (third > 0)
    named = {"first": first, "second": second, "third": third}
    return {name: ibis.cases((day, number)) for name, number in named.items()}


def of(layout: str) -> str | None:
    """In what order a layout has day and month, in words, where they are numbers and no word parts them."""
    return NAMES.get(order_of(layout))


def order_of(layout: str) -> str:
    """The same as letters: dmy, mdy or ymd; empty where there is none."""
    order = "".join(re.findall("%([Yymd])", layout))
    return "" if re.search("[年月]", layout) or order.startswith("Y") or order.lower() not in NAMES else order.lower()


def in_order(layout: str, orders: Mapping[str, str]) -> str:
    numbered = spellings.NUMBERS.search(layout)
    return spellings.ordered(layout, orders[numbered[0]]) if numbered else layout


def proved(
    spelled: Mapping[Shape, str | None],
    extremes: Mapping[str, Extremes],
    own: tuple[str, ...],
    within: Sequence[Period] = (),
) -> dict[str, str]:
    """The order of numbers of each spelling of a day: proved by its own values, by another's, by layouts, or as one
    that alone goes with a period `within` which the days must lie.
    """
    days: dict[str, dict[Shape, str]] = {}
    for shape, layout in spelled.items():
        if layout and (numbered := spellings.NUMBERS.search(layout)):
            days.setdefault(numbered[0], {})[shape] = layout
    possible = {day: _possible(day, tuple(_seen(tuple(of), extremes))) for day, of in days.items()}
    for day, orders in possible.items():
        if not orders:
            raise _contradiction(days[day], extremes)
    proved = {orders[0] for orders in possible.values() if len(orders) == 1}
    proved |= {order for order, told in NAMES.items() if told in map(of, own)}
    for day, orders in possible.items():
        left = [order for order in orders if order in proved] if len(orders) > 1 else orders
        left = left if len(left) == 1 else _timely(orders, tuple(days[day]), extremes, within)
        if len(left) != 1:
            raise _undecided(days[day], orders)
        possible[day] = tuple(left)
    return {day: orders[0] for day, orders in possible.items()}


def _seen(shapes: tuple[Shape, ...], extremes: Mapping[str, Extremes]) -> Iterable[tuple[int, int, int]]:
    """Numbers that stand in values of the shapes, the least and the greatest of each place among them."""
    for shape in shapes:
        yield from extremes.get(shape.text, ())
        yield from filter(_is_day, map(_three, (shape.low, shape.high)))


def _three(text: str) -> tuple[int, int, int]:
    """The first three numbers of a text."""
    solid = re.search(r"^\D*(\d{2})(\d{2})(\d{4}|\d{2})(?!\d)", text)
    first, second, third = map(int, solid.groups() if solid else re.findall(r"\d+", text)[:3])
    return first, second, third


def _is_day(three: tuple[int, int, int]) -> bool:
    first, second, _ = three
    return any(_names_day(three, order) for order in NAMES) and min(first, second) > 0


def _names_day(three: tuple[int, int, int], order: str) -> bool:
    return three[order.index("m")] <= MONTHS and three[order.index("d")] <= DAYS


def _possible(day: str, seen: tuple[tuple[int, int, int], ...]) -> tuple[str, ...]:
    """The orders that no value of a spelling speaks against.

    Where the year has two digits it may be the first or the last number. If one of them runs through the days of a
    whole month and the other through a few years, as in 01/02/23 to 31/12/24, that is no proof of either, but
    no table has few days of the month and many years: the short run is the year's. Nor has one the same day of many
    years, as 03/03/25 to 22/03/25 would be with the year first.
    """
    orders = [order for order in NAMES if order != "ymd" or "%3" in day]
    if not seen:
        return tuple(orders[:1])  # no value is a day in any order: all will be null
    least, greatest = (_three_of(end, seen) for end in (min, max))
    orders = [order for order in orders if _names_day(greatest, order)]
    spans = {order: greatest[order.index("y")] - least[order.index("y")] for order in orders}
    if spans and min(spans.values()) < A_DECADE:
        orders = [order for order in orders if spans[order] < A_MONTH]
    once = [order for order in orders if "%3" not in day or not _is_yearly(least, greatest, order)]
    return tuple(once or orders)


def _is_yearly(least: tuple[int, int, int], greatest: tuple[int, int, int], order: str) -> bool:
    """Whether in an order all are one day of ten years or more, and that no end of a month: it is another order, in
    which the number that runs is the day of one month.
    """
    (first_year, first_month, first_day), (last_year, last_month, last_day) = (
        tuple(three[order.index(part)] for part in "ymd") for three in (least, greatest)
    )
    same = (first_month, first_day) == (last_month, last_day) and 1 <= first_month <= MONTHS
    ends = (1, *range(calendar.monthrange(A_YEAR, first_month)[1] if same else DAYS, DAYS + 1))
    return same and last_year - first_year >= A_DECADE and first_day not in ends


def _timely(
    orders: Sequence[str], shapes: tuple[Shape, ...], extremes: Mapping[str, Extremes], within: Sequence[Period]
) -> list[str]:
    """The orders in which all days go with a period that those of the other orders do not go with."""
    seen = tuple(_seen(shapes, extremes))
    texts = [_three(end) for shape in shapes for end in (shape.low, shape.high)]
    found = {order: [day for three in texts if (day := _date(three, order))] for order in orders}
    return [
        order
        for order in orders
        if (span := _span(seen, order))
        and periods.goes_with(span, [days for other, days in found.items() if other != order], within)
    ]


def span(shapes: Iterable[Shape], extremes: Mapping[str, Extremes], order: str) -> Span | None:
    """From the first to the last day that texts of three numbers may name in an order; None where none does."""
    return _span(tuple(_seen(tuple(shapes), extremes)), order)


def _span(seen: Sequence[tuple[int, int, int]], order: str) -> Span | None:
    if not seen:
        return None
    least, greatest = (_three_of(end, seen) for end in (min, max))
    first, last = _date(least, order), _date(greatest, order, or_earlier=True)
    return Span(first, last) if first and last else None


def _three_of(end: Callable[[Iterable[int]], int], seen: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    first, second, third = map(end, zip(*seen, strict=True))
    return first, second, third


def _contradiction(of: Mapping[Shape, str], extremes: Mapping[str, Extremes]) -> Undecided:
    seen = tuple(_seen(tuple(of), extremes))
    first, second = max(three[0] for three in seen), max(three[1] for three in seen)
    example = max(of, key=lambda shape: shape.rows).high
    ways = [f'"{spellings.ordered(next(iter(of.values())), order)}"' for order in ("dmy", "mdy")]
    told = _(
        "days are written in two orders, as in {example!r}: the first number goes to {first}, the second to {second}, "
        "and neither can be the month. Write time_layouts = {ways}."
    ).format(example=example, first=first, second=second, ways=either(ways))
    return Undecided(told, settings=tuple(map(_setting, ways)))


def _setting(way: str) -> str:
    return f"time_layouts = {way}"


def _undecided(of: Mapping[Shape, str], orders: tuple[str, ...]) -> Undecided:
    """What asks for the order of numbers of which no value is above 12."""
    texts = {text: layout for shape, layout in of.items() for text in (plain(shape.low), plain(shape.high))}
    days = {text: tuple(_day(_three(text), order) for order in orders) for text in texts}
    telling = [text for text, read in days.items() if len(set(read)) == len(orders)]
    example = (telling or list(texts))[0]
    readings = days[example] if telling else tuple(_(NAMES[order]) for order in orders)  # 01/01/2024 is one day in any
    ways = [f'"{spellings.ordered(texts[example], order)}"' for order in orders]
    return undecided(example, readings, ways)


def undecided(example: str, readings: tuple[str, ...], ways: Sequence[str]) -> Undecided:
    """What asks which of the `readings` of an example is meant: each goes with one of the `ways` to set layouts."""
    told = _("{example!r} may be {readings}. Write time_layouts = {ways}.").format(
        example=example, readings=either(readings), ways=either(ways)
    )
    return Undecided(told, readings, tuple(map(_setting, ways)))


def _day(three: tuple[int, int, int], order: str) -> str:
    """The day that three numbers are in an order: 3 April 2024."""
    day = _date(three, order)
    return in_words(day) if day else _(NAMES[order])


def in_words(day: date) -> str:
    """A day that nobody takes for another: 3 April 2024; 2024 年 4 月 3 日."""
    return f"{day.day} {day:%B} {day.year}" if language.current() == language.ENGLISH else language.day(day)


def _date(three: tuple[int, int, int], order: str, or_earlier: bool = False) -> date | None:
    """The same as a date, or the last of its month before it; None where there is none."""
    year, month, day = (three[order.index(part)] for part in "ymd")
    year += 0 if year > 99 else 1900 if year >= 69 else 2000
    if not 1 <= month <= MONTHS or day < 1:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day, last)) if day <= last or or_earlier else None
