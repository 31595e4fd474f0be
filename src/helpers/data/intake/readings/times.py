"""How the texts of a column are read as times: decided from their shapes, told, and applied by the engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings import eras, spellings
from helpers.data.intake.readings import layouts as known
from helpers.data.intake.readings.characters import plain, plain_text
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.data.intake.readings.turned import turned
from helpers.language import _

FIRST, LAST = datetime(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
TEXTS = {ORDERS["dmy"]: 0, ORDERS["mdy"]: 1}  # where the day stands among the numbers of what a spreadsheet leaves text
MONTHS, DAYS = 12, 31  # the greatest number of each
A_MONTH, A_DECADE = 27, 10  # days of the month go this far, the years of a table seldom that far
TOLD = (*known.EPOCHS, known.EXCEL, *eras.PATTERNS)  # layouts whose names say what they are
NO_DAY = (
    r"(?i)^9999[-/ ]?(W99?|Q9)$|^9999年第?99?[周週]$|^9999年?第?[9一二三四]季度?$|^Q9[-/ ]?9999$"  # weeks, quarters
)
USUAL = (
    known.ISO, known.ISO_OFFSET, "%Y.%m.%d", "%Y.%m.%d %T", "%Y年%m月%d日", "%Y年%m月%d日 %T", "%Y%m%d",
    "epoch milliseconds", "epoch seconds", known.EXCEL,
)  # fmt: skip


class Extremes(NamedTuple):
    """The least and the greatest first, second and third number of the days of one shape, as in 31/12/2024."""

    least: tuple[int, int, int]
    greatest: tuple[int, int, int]


@dataclass(frozen=True)
class TimeReading:
    """The layouts in which a column's times are written, the most frequent first, on the clocks of `zone`."""

    layouts: tuple[str, ...]
    zone: str
    sure: bool = False  # no text of the column can be mistaken for one that the engine's own cast reads
    wide: bool = False  # full-width forms and blanks of other kinds occur

    def value(self, text: ir.StringValue) -> ir.TimestampValue:
        """The wall-clock time that a text names; null where it fits no layout, or names no day from 1900 to 9999."""
        if not self.layouts:
            return ibis.null("timestamp")
        text = plain_text(text) if self.wide else text
        read = [known.times(text, layout, self.zone, self.sure) for layout in self.layouts]
        time = ibis.coalesce(*read) if len(read) > 1 else read[0]
        return ibis.cases((time.between(FIRST, LAST), time))

    @property
    def ordered(self) -> tuple[str, ...]:
        """The layouts in which day and month are numbers whose order had to be proved."""
        return tuple(filter(_order, self.layouts))

    def told(self) -> str:
        """What is not plain about the reading, in a few words; empty for ISO texts."""
        notes = dict.fromkeys(_order(layout) for layout in self.layouts)
        notes |= dict.fromkeys(name for name in self.layouts if name in TOLD)
        if any(map(known.is_month, self.layouts)):
            notes["months, as the first day of each"] = None
        if any("%y" in layout for layout in self.layouts):
            notes["two-digit years, 69 to 99 as 19.."] = None
        if any(layout == known.ISO_OFFSET or "%z" in layout for layout in self.layouts):
            notes[f"offsets, on the clocks of {self.zone}"] = None
        return ", ".join(filter(None, notes))

    def fits(self, shape: Shape) -> bool:
        """Whether the texts of a shape are written in one of the layouts."""
        return any(
            known.fits(plain(end), layout, self.zone) for layout in self.layouts for end in (shape.low, shape.high)
        )


def usual(zone: str, layouts: tuple[str, ...] = ()) -> TimeReading:
    """The reading of texts of which no shapes are known: the data set's own layouts, then those that need no proof."""
    return TimeReading((*layouts, *(layout for layout in USUAL if layout not in layouts)), zone)


def asks(shapes: Iterable[Shape], *, zone: str) -> tuple[Shape, ...]:
    """The shapes whose days are three numbers in an order that `extremes` may prove, and those beside them that have
    the year first, which a spreadsheet may have turned.
    """
    spelled = {shape: layout for shape, layout in _spelled(shapes, zone, ()).items() if layout}
    asked = [shape for shape, layout in spelled.items() if spellings.NUMBERS.search(layout)]
    beside = [shape for shape, layout in spelled.items() if _is_year_first(layout)]
    return (*asked, *beside) if asked else ()


def numbers(text: ir.StringValue) -> dict[str, ir.IntegerValue]:
    """The first, second and third number of a text such as 03/04/2024, 03042024 or 2024-03-04, null where they can be
    no day.

    Their least and greatest by shape (of those that `asks` names) make up `Extremes`.
    """
    forms = (
        r"\D*(\d{2})(\d{2})(\d{4})(?:\.0+)?",
        r"\D*(\d{1,2})\D+?(\d{1,2})\D+?(\d{4}|\d{2})(?:\D.*)?",
        r"\D*(\d{4})\D+?(\d{1,2})\D+?(\d{1,2})(?:\D.*)?",
    )
    whole, text = f"(?s)^(?:{'|'.join(forms)}|.*)$", plain_text(text)
    first, second, third = (
        text.re_replace(whole, rf"\{place}\{place + 3}\{place + 6}").try_cast("int64") for place in (1, 2, 3)
    )
    day_and_month = (first <= DAYS) & (second <= MONTHS) | (first <= MONTHS) & (second <= DAYS)
    day = (first > 0) & (second > 0) & day_and_month | (second <= MONTHS) & (third <= DAYS) & (second > 0) & (third > 0)
    named = {"first": first, "second": second, "third": third}
    return {name: ibis.cases((day, number)) for name, number in named.items()}


def decided(
    shapes: Iterable[Shape],
    *,
    zone: str,
    layouts: tuple[str, ...] = (),
    extremes: Mapping[str, Extremes] | None = None,
) -> TimeReading:
    """How the texts of a column are read as times.

    `layouts` are the data set's own and come first; `extremes` are those of the shapes that `asks` names, by text.
    Raises Undecided where days and months are numbers and none of them proves their order, or two prove two, and where
    a spreadsheet seems to have turned some of them.
    """
    shapes = tuple(shapes)
    if shapes and re.search(NO_DAY, plain(shapes[0].text)):
        words = _("{example!r} is a week or a quarter, and no day. Export the day itself, or its month.")
        raise Undecided(words.format(example=shapes[0].low))
    spelled = _spelled(shapes, zone, layouts)
    orders = _orders(spelled, extremes or {}, layouts)
    written = {shape: _in_order(layout, orders) for shape, layout in spelled.items() if layout}
    owned = {shape: layout for shape in shapes if (layout := _own(shape, layouts, zone))}
    if question := _turned(written, {**written, **owned}, extremes or {}):
        raise question
    rows: Counter[str] = Counter()
    for shape, layout in written.items():
        rows[layout] += shape.rows
    own = [layout for layout in layouts if any(_fits(shape, layout, zone) for shape in shapes)]
    read = (*own, *(layout for layout, _ in rows.most_common() if layout not in own))
    sure = not any(_mistaken(shape, layout, zone) for shape in shapes for layout in read)
    return TimeReading(read, zone, sure, wide=any(map(_is_wide, shapes)))


def _spelled(shapes: Iterable[Shape], zone: str, layouts: tuple[str, ...]) -> dict[Shape, str | None]:
    """The layout of each shape that none of the data set's own fits."""
    left = (shape for shape in shapes if not _own(shape, layouts, zone))
    return {shape: spellings.spelled(shape, zone) for shape in left}


def _own(shape: Shape, layouts: tuple[str, ...], zone: str) -> str:
    """The first of the data set's own layouts that fits a shape; empty where none does."""
    return next((layout for layout in layouts if _fits(shape, layout, zone)), "")


def _turned(
    written: Mapping[Shape, str], ordered: Mapping[Shape, str], extremes: Mapping[str, Extremes]
) -> Undecided | None:
    """What is asked where days with the year first look as if a spreadsheet had turned them; None where none do."""
    first = {shape: layout for shape, layout in written.items() if _is_year_first(layout) and shape.text in extremes}
    least, greatest = ({shape: getattr(extremes[shape.text], end)[2] for shape in first} for end in Extremes._fields)
    places = {shape: TEXTS.get(_order(layout) or "") for shape, layout in ordered.items() if shape.text in extremes}
    left = {shape: extremes[shape.text].least[place] for shape, place in places.items() if place is not None}
    return turned(first, least, greatest, left)


def _is_year_first(layout: str) -> bool:
    return layout == known.ISO or bool(re.match("%Y[^%]+%m[^%]+%d", layout))


def _fits(shape: Shape, layout: str, zone: str) -> bool:
    return known.fits(plain(shape.low), layout, zone) or known.fits(plain(shape.high), layout, zone)


def _is_wide(shape: Shape) -> bool:
    return any(plain(text) != text for text in (shape.text, shape.low, shape.high))


def _mistaken(shape: Shape, layout: str, zone: str) -> bool:
    """Whether the engine's own cast for `layout` may read texts of a shape that are not written in it."""
    if layout not in (known.ISO, known.ISO_OFFSET) or known.fits(plain(shape.text), layout, zone):
        return False
    return bool(re.match(r"\s*([-+]?\d|epoch|[-+]?inf)", plain(shape.low), re.IGNORECASE))


def _order(layout: str) -> str | None:
    """In what order a layout has day and month, where they are numbers and no word parts them."""
    order = "".join(re.findall("%([Yymd])", layout))
    return None if re.search("[年月]", layout) or order.startswith("Y") else ORDERS.get(order.lower())


def _in_order(layout: str, orders: Mapping[str, str]) -> str:
    numbered = spellings.NUMBERS.search(layout)
    return spellings.ordered(layout, orders[numbered[0]]) if numbered else layout


def _orders(
    spelled: Mapping[Shape, str | None], extremes: Mapping[str, Extremes], layouts: tuple[str, ...]
) -> dict[str, str]:
    """The order of numbers of each spelling of a day: proved by its own values, by another's, or by layouts."""
    days: dict[str, dict[Shape, str]] = {}
    for shape, layout in spelled.items():
        if layout and (numbered := spellings.NUMBERS.search(layout)):
            days.setdefault(numbered[0], {})[shape] = layout
    possible = {day: _possible(day, tuple(_seen(tuple(of), extremes))) for day, of in days.items()}
    for day, orders in possible.items():
        if not orders:
            raise _contradiction(days[day], extremes)
    proved = {orders[0] for orders in possible.values() if len(orders) == 1}
    proved |= {order for order, told in ORDERS.items() if told in map(_order, layouts)}
    for day, orders in possible.items():
        left = [order for order in orders if order in proved] if len(orders) > 1 else orders
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
    solid = re.search(r"^\D*(\d{2})(\d{2})(\d{4})(?!\d)", text)
    first, second, third = map(int, solid.groups() if solid else re.findall(r"\d+", text)[:3])
    return first, second, third


def _is_day(three: tuple[int, int, int]) -> bool:
    first, second, _ = three
    return any(_names_day(three, order) for order in ORDERS) and min(first, second) > 0


def _names_day(three: tuple[int, int, int], order: str) -> bool:
    return three[order.index("m")] <= MONTHS and three[order.index("d")] <= DAYS


def _possible(day: str, seen: tuple[tuple[int, int, int], ...]) -> tuple[str, ...]:
    """The orders that no value of a spelling speaks against.

    Where the year has two digits it may be the first or the last number. If one of them runs through the days of a
    whole month and the other through a few years, as in 01/02/23 to 31/12/24, that is no proof of either, but
    no table has few days of the month and many years: the short run is the year's.
    """
    orders = [order for order in ORDERS if order != "ymd" or "%3" in day]
    if not seen:
        return tuple(orders[:1])  # no value is a day in any order: all will be null
    greatest = tuple(max(numbers) for numbers in zip(*seen, strict=True))
    least = tuple(min(numbers) for numbers in zip(*seen, strict=True))
    orders = [order for order in orders if _names_day((greatest[0], greatest[1], greatest[2]), order)]
    spans = {order: greatest[order.index("y")] - least[order.index("y")] for order in orders}
    if spans and min(spans.values()) < A_DECADE:
        orders = [order for order in orders if spans[order] < A_MONTH]
    return tuple(orders)


def _contradiction(of: Mapping[Shape, str], extremes: Mapping[str, Extremes]) -> Undecided:
    seen = tuple(_seen(tuple(of), extremes))
    first, second = max(three[0] for three in seen), max(three[1] for three in seen)
    example = max(of, key=lambda shape: shape.rows).high
    ways = [f'"{spellings.ordered(next(iter(of.values())), order)}"' for order in ("dmy", "mdy")]
    told = _(
        "days are written in two orders, as in {example!r}: the first number goes to {first}, the second to {second}, "
        "and neither can be the month. Write time_layouts = {ways}."
    ).format(example=example, first=first, second=second, ways=_either(ways))
    return Undecided(told, settings=tuple(map(_setting, ways)))


def _either(several: Sequence[str]) -> str:
    """A or B, or a longer choice."""
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), several)


def _setting(way: str) -> str:
    return f"time_layouts = {way}"


def _undecided(of: Mapping[Shape, str], orders: tuple[str, ...]) -> Undecided:
    """What asks for the order of numbers of which no value is above 12."""
    texts = {text: layout for shape, layout in of.items() for text in (plain(shape.low), plain(shape.high))}
    days = {text: tuple(_day(_three(text), order) for order in orders) for text in texts}
    telling = [text for text, read in days.items() if len(set(read)) == len(orders)]
    example = (telling or list(texts))[0]
    readings = days[example] if telling else tuple(ORDERS[order] for order in orders)  # 01/01/2024 is one day in any
    ways = [f'"{spellings.ordered(texts[example], order)}"' for order in orders]
    told = _("{example!r} may be {readings}. Write time_layouts = {ways}.").format(
        example=example, readings=_either(readings), ways=_either(ways)
    )
    return Undecided(told, readings, tuple(map(_setting, ways)))


def _day(three: tuple[int, int, int], order: str) -> str:
    """The day that three numbers are in an order: 3 April 2024."""
    year, month, day = (three[order.index(part)] for part in "ymd")
    year += 0 if year > 99 else 1900 if year >= 69 else 2000
    try:
        return f"{day} {date(year, month, day):%B} {year}"
    except ValueError:
        return ORDERS[order]
