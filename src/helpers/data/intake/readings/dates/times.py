"""How the texts of a column are read as times: decided from their shapes, told, and applied by the engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings import nulls
from helpers.data.intake.readings.characters import plain, plain_text
from helpers.data.intake.readings.dates import counts, day_order, eras, months, spellings, weeks, wrappings, zones
from helpers.data.intake.readings.dates import layouts as known
from helpers.data.intake.readings.dates.day_order import Extremes
from helpers.data.intake.readings.dates.periods import Period, Span
from helpers.data.intake.readings.dates.turned import turned
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.language import _

FIRST, LAST = datetime(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)
LEFT_AS_TEXT = {"day first": 0, "month first": 1}  # where the day stands among the numbers that no spreadsheet turned
AHEAD = frozenset(range(50, 69))  # of two digits, read as 2050 to 2068
ROUNDED = r"9[.,]9{1,5}[eE]\+?9{1,2}"  # a number of a second or a day, as a spreadsheet shows it
TOLD = (*known.EPOCHS, *counts.COUNTS, known.EXCEL, weeks.ISO_WEEKS)  # layouts whose names say what they are
USUAL = (
    known.ISO, known.ISO_OFFSET, "%Y.%m.%d", "%Y.%m.%d %T", "%Y年%m月%d日", "%Y年%m月%d日 %T", "%Y%m%d",
    "epoch milliseconds", "epoch seconds", known.EXCEL,
)  # fmt: skip


@dataclass(frozen=True)
class TimeReading:
    """The layouts in which a column's times are written, the most frequent first, on the clocks of `zone`."""

    layouts: tuple[str, ...]
    zone: str
    sure: bool = False  # no text of the column can be mistaken for one that the engine's own cast reads
    wide: bool = False  # full-width forms and blanks of other kinds occur
    wrapped: bool = False  # some texts wrap a time
    eras: tuple[str, ...] = ()  # by which the years of some texts count
    clocks: tuple[zones.Clock, ...] = ()  # that some texts name, with their offsets
    languages: tuple[str, ...] = months.LANGUAGES  # of the names of months

    def value(self, text: ir.StringValue) -> ir.TimestampValue:
        """The wall-clock time that a text names; null where it fits no layout, or names no day from 1900 to 9999."""
        if not self.layouts:
            return ibis.null("timestamp")
        text = wrappings.bare_text(text) if self.wrapped else text
        text = eras.usual_text(text, self.eras) if self.eras else plain_text(text) if self.wide else text
        text = zones.usual_text(text, self.clocks)
        read = [known.times(text, layout, self.zone, self.sure, self.languages) for layout in self.layouts]
        time = ibis.coalesce(*read) if len(read) > 1 else read[0]
        return ibis.cases((time.between(FIRST, LAST), time))

    @property
    def ordered(self) -> tuple[str, ...]:
        """The layouts in which day and month are numbers whose order had to be proved."""
        return tuple(filter(day_order.of, self.layouts))

    def told(self) -> str:
        """What is not plain about the reading, in a few words; empty for ISO texts."""
        notes = dict.fromkeys((*self.eras, *map(day_order.of, self.layouts)))
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
        bare = [eras.usual(wrappings.bare(end), self.eras) for end in (shape.low, shape.high)]
        ends = [plain(zones.usual(end, self.clocks)) for end in bare]
        return any(known.fits(end, layout, self.zone) for layout in self.layouts for end in ends)


def usual(zone: str, layouts: tuple[str, ...] = ()) -> TimeReading:
    """The reading of texts of which no shapes are known: the data set's own layouts, then those that need no proof."""
    return TimeReading((*layouts, *(layout for layout in USUAL if layout not in layouts)), zone)


def asks(shapes: Iterable[Shape], *, zone: str) -> tuple[Shape, ...]:
    """The shapes whose days are three numbers in an order that `extremes` may prove, and those beside them that have
    the year first, which a spreadsheet may have turned.
    """
    texts = tuple(shapes)
    clocks = zones.found(texts, zone)
    ways = {shape: spellings.spelled(zones.rewritten(shape, clocks), zone) for shape in texts}
    spelled = {shape: layout for shape, layout in ways.items() if layout}
    asked = [shape for shape, layout in spelled.items() if spellings.NUMBERS.search(layout)]
    beside = [shape for shape, layout in spelled.items() if _is_year_first(layout)]
    return (*asked, *beside) if asked else ()


def decided(
    shapes: Iterable[Shape],
    *,
    zone: str,
    layouts: tuple[str, ...] = (),
    extremes: Mapping[str, Extremes] | None = None,
    within: Sequence[Period] = (),
    fact: bool = False,
) -> TimeReading:
    """How the texts of a column are read as times.

    `layouts` are the data set's own and come first; `extremes` are those of the shapes that `asks` names, by text;
    `within` are periods in which the days lie; a `fact` lies neither ahead nor before there were shops' programs.
    Raises Undecided where days and months are numbers and none of them proves their order, or two prove two, and where
    a spreadsheet seems to have turned some of them.
    """
    texts, known_ends = tuple(shapes), extremes or {}
    wrapped = wrappings.occur(texts)
    given = tuple(map(wrappings.unwrapped, texts)) if wrapped else texts
    counted, clocks = eras.found(given), zones.found(given, zone)
    if question := zones.question(clocks, given):
        raise question
    shapes = tuple(zones.rewritten(eras.rewritten(shape, counted), clocks) for shape in given)
    ends = {new.text: known_ends[old.text] for new, old in zip(shapes, given, strict=True) if old.text in known_ends}
    if question := _no_days(shapes):
        raise question
    spelled = _spelled(shapes, zone, layouts)
    orders = day_order.proved(spelled, ends, layouts, within)
    spelled = _counted(spelled, within) if fact else spelled
    written = _without_short({shape: day_order.in_order(way, orders) for shape, way in spelled.items() if way})
    owned = {shape: layout for shape in shapes if (layout := _own(shape, layouts, zone))}
    if question := _turned(written, {**written, **owned}, ends):
        raise question
    if fact and (question := _ahead(written, zone)):
        raise question
    rows: Counter[str] = Counter()
    for shape, layout in written.items():
        rows[layout] += shape.rows
    own = [layout for layout in layouts if any(_fits(shape, layout, zone) for shape in shapes)]
    read = (*own, *(layout for layout, _ in rows.most_common() if layout not in own))
    sure = not any(_mistaken(shape, layout, zone) for shape in shapes for layout in read)
    english = all(known.is_english(plain(shape.low), layout, zone) for shape, layout in {**written, **owned}.items())
    languages = months.ENGLISH if english else months.LANGUAGES
    return TimeReading(read, zone, sure, any(map(_is_wide, given)), wrapped, counted, clocks, languages)


def span(reading: TimeReading, shapes: Iterable[Shape], extremes: Mapping[str, Extremes]) -> Span | None:
    """From the first to the last day of texts read so; None where a layout is neither year first nor three numbers."""
    spans: list[Span | None] = []
    for shape in shapes:
        layout = next((each for each in reading.layouts if _fits(shape, each, reading.zone)), "")
        if order := day_order.order_of(layout):
            spans.append(day_order.span([shape], extremes, order))
        elif layout == known.ISO_OFFSET or (_is_year_first(layout) and layout != known.EXCEL):
            spans.append(day_order.span([shape], {}, "ymd"))
        elif layout:
            return None
    known_spans = [each for each in spans if each]
    if not known_spans:
        return None
    return Span(min(each.first for each in known_spans), max(each.last for each in known_spans))


def _counted(spelled: dict[Shape, str | None], within: Sequence[Period]) -> dict[Shape, str | None]:
    """The layouts of facts whose days or seconds another program may have counted, by the period in which these lie.

    Raises Undecided where they can hardly be what such numbers usually are, and nothing tells what else.
    """
    shapes = [shape for shape, way in spelled.items() if way]
    ways = {way for way in spelled.values() if way}
    ends = [end for shape in shapes for end in (shape.low, shape.high)]
    possible = list(counts.readings(ways.pop(), ends)) if len(ways) == 1 else []
    if not possible:
        return spelled
    fitting = [name for name, *span in possible if any(period.has(Span(*span)) for period in within)]
    if len(fitting) == 1:
        return spelled | dict.fromkeys(shapes, fitting[0])
    days = tuple(day_order.in_words(last) for _, _, last in possible)
    raise day_order.undecided(max(ends), days, [f'"{name}"' for name, *_ in possible])


def _without_short(written: dict[Shape, str]) -> dict[Shape, str]:
    """The layouts without Excel's days beside 250324: there five digits are a day that lost its first zero."""
    short = {"%d%m%y", "%m%d%y"} & set(written.values())
    return {shape: layout for shape, layout in written.items() if not (short and layout == known.EXCEL)}


def _ahead(written: Mapping[Shape, str], zone: str) -> Undecided | None:
    """What is asked of facts whose years of two digits would lie decades ahead, as 67 of the Buddhist 2567 does."""
    words = _("{example!r} would be of 20{year}. Export years of four digits: these seem to be Buddhist.")
    for shape, layout in written.items():
        years = {known.short_year(plain(end), layout, zone) for end in (shape.low, shape.high)}
        if years <= AHEAD:
            return Undecided(words.format(example=shape.high, year=max(filter(None, years))))
    return None


def _no_days(shapes: tuple[Shape, ...]) -> Undecided | None:
    """What is asked of a column whose most frequent texts name no day, or one of another calendar."""
    if not shapes:
        return None
    if weeks.is_no_day(shapes[0]):
        words = _("{example!r} names no day. Export the day itself with its year, or its month.")
    elif re.fullmatch(ROUNDED, shapes[0].text):
        words = _("{example!r} was rounded by a spreadsheet. Export the times anew, as text.")
    elif eras.is_foreign(shapes):
        words = _("{example!r} is of the Iranian or the Islamic calendar. Export days of the Gregorian one.")
    else:
        return None
    return Undecided(words.format(example=shapes[0].low))


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
    orders = {shape: day_order.of(layout) or "" for shape, layout in ordered.items() if shape.text in extremes}
    left = {
        shape: extremes[shape.text].least[LEFT_AS_TEXT[order]]
        for shape, order in orders.items()
        if order in LEFT_AS_TEXT and not _is_no_day(extremes[shape.text].least[2])
    }
    return turned(first, least, greatest, left)


def _is_no_day(year: int) -> bool:
    """Whether a year of four digits is one of days that stand for none, or for never."""
    return not (year < 100 or FIRST.year < year < nulls.NEVER)


def _is_year_first(layout: str) -> bool:
    return layout in (known.ISO, known.EXCEL) or bool(re.match("%Y[^%]+%m[^%]+%d", layout))


def _fits(shape: Shape, layout: str, zone: str) -> bool:
    return known.fits(plain(shape.low), layout, zone) or known.fits(plain(shape.high), layout, zone)


def _is_wide(shape: Shape) -> bool:
    return any(plain(text) != text for text in (shape.text, shape.low, shape.high))


def _mistaken(shape: Shape, layout: str, zone: str) -> bool:
    """Whether the engine's own cast for `layout` may read texts of a shape that are not written in it."""
    if layout not in (known.ISO, known.ISO_OFFSET) or known.fits(plain(shape.text), layout, zone):
        return False
    return bool(re.match(r"\s*([-+]?\d|epoch|[-+]?inf)", plain(shape.low), re.IGNORECASE))
