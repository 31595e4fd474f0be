"""A layout of times, such as %d/%m/%Y %H:%M: what it may hold, the texts that fit it, and the times they name.

Texts are rewritten and cast: DuckDB's strptime reads past the end of a short text, and now and then kills the process.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Callable
from functools import cache

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.intake.readings.dates import counts, months, weeks
from helpers.language import _

CODES = (
    "%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%T", "%y", "%b", "%B", "%j", "%I", "%p", "%a", "%A", "%z", "%Z",
)  # fmt: skip
ASIAN_WEEKDAY = (
    r"(?:星期|[周週]|礼拜|禮拜)[一二三四五六日天]|\([一二三四五六日月火水木金土월화수목금토일]\)|[월화수목금토일]요일"
)
AM, PM = r"ص|a\.? ?m\.?|上午|午前|凌晨|清晨|早[上晨]|오전", r"م|p\.? ?m\.?|下午|午[後后]|傍晚|오후"
NOON, EVENING = "中午", "晚[上间]"
HALF = rf"{AM}|{PM}|{NOON}|{EVENING}"
ORDINAL = "st|nd|rd|th|er|[ºª]"
OFFSET = r"(?:UTC|GMT|\((?:UTC|GMT)\)|Z|(?:UTC|GMT)? ?([+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?))"

ISO, ISO_OFFSET = "ISO", "ISO with an offset"  # what the engine's own cast reads
EXCEL, EXCEL_TURNED = "Excel days", "Excel days, turned"  # since 1899-12-30; with day and month exchanged
EPOCHS = {
    "epoch seconds": (10, 1_000_000),  # digits, and microseconds to one
    "epoch milliseconds": (13, 1_000),
    "epoch microseconds": (16, 1),
    "epoch nanoseconds": (19, 1),  # once their last three digits are cut
}
_DATE = r"\d{4}(?:-\d\d?-|/\d\d?/)\d\d?"
_CLOCK = r"\d\d?:\d\d(?::\d\d(?:\.\d{1,9})?)?"
NAMED = {
    ISO: rf"{_DATE}(?:(?:T| +){_CLOCK})?",
    ISO_OFFSET: rf"{_DATE}[T ]\d\d?:\d\d:\d\d(?:\.\d{{1,9}})?(?:Z|[+-]\d\d(?::?\d\d)?)",
    EXCEL: r"\d{5}(?:[.,]\d+)?",
    EXCEL_TURNED: r"\d{5}(?:[.,]\d+)?",
    weeks.ISO_WEEKS: weeks.PATTERN,
    **{name: rf"\d{{{digits}}}(?:\.\d+)?" for name, (digits, _) in EPOCHS.items()},
    **{name: count.pattern for name, count in counts.COUNTS.items()},
}
EXCEL_FIRST, EXCEL_LAST = 18_264, 73_415  # 1950 to 2100


def checked(layout: str) -> str:
    """`layout` itself; ValueError where it has parts that are not known, or does not name a whole day."""
    if layout in NAMED:
        return layout
    codes = re.findall("%.?", layout)
    once = {code.replace("B", "b").replace("I", "H").replace("A", "a") for code in codes}
    day = "%d" in once or "%j" in once or is_month(layout)
    whole = day and len(once & {"%Y", "%y"}) == 1 and len(once & {"%m", "%b", "%j"}) == 1
    halves = ("%I" in codes) <= ("%p" in codes) and not {"%T", "%H"} <= once
    if not (whole and halves and len(once) == len(codes) and once <= set(CODES)):
        raise ValueError(
            _(
                "write it with {codes}, each once: a year and a month always, and a day where there is a clock "
                "(or %j), %I beside %p."
            ).format(codes=", ".join(CODES))
        )
    return layout


def is_month(layout: str) -> bool:
    """Whether a layout names a month and no day of it: that is read as the first."""
    return layout not in NAMED and set(re.findall("%.", layout)) < {"%Y", "%y", "%m", "%b", "%B"}


@cache
def pattern(layout: str, zone: str) -> str:
    """What a whole text in `layout` looks like: a regular expression for the engine and for Python alike."""
    return NAMED[layout] if layout in NAMED else _unnamed(_named_pattern(layout, zone))


def is_english(text: str, layout: str, zone: str) -> bool:
    """Whether `text` is written in `layout` with the English name of its month, or with none."""
    if layout in NAMED or not re.search("%[bB]", layout):
        return True
    return bool(re.fullmatch(_named_pattern(layout, zone, months.ENGLISH), text, re.IGNORECASE))


def fits(text: str, layout: str, zone: str) -> bool:
    """Whether `text` is written in `layout`, be it a day that exists or not."""
    if not re.fullmatch(pattern(layout, zone), text, re.IGNORECASE):
        return False
    return layout not in (EXCEL, EXCEL_TURNED) or EXCEL_FIRST <= float(text.replace(",", ".")) < EXCEL_LAST


def short_year(text: str, layout: str, zone: str) -> int | None:
    """The two digits of the year of a text written in `layout`; None where it has no such year."""
    match = re.fullmatch(_named_pattern(layout, zone), text, re.IGNORECASE) if "%y" in layout else None
    return int(match["y"]) if match else None


def times(
    text: ir.StringValue,
    layout: str,
    zone: str,
    sure: bool = False,
    languages: tuple[str, ...] = months.LANGUAGES,
) -> ir.TimestampValue:
    """The wall-clock times of `zone` that texts in `layout` name; null for other texts and for days that are none.

    `sure` says that no text that is not in `layout` can be mistaken for one, which spares a look at each; `languages`
    are those of the months, as few names are found faster than many.
    """
    if layout not in NAMED:
        return _rewritten(text, layout, zone, languages)
    if layout == weeks.ISO_WEEKS:
        return weeks.times(text)
    if layout in counts.COUNTS:
        return counts.times(text, layout)
    known = text if sure else ibis.cases((text.re_search(f"^{NAMED[layout]}$"), text))
    if layout == ISO:
        return known.try_cast("timestamp")
    if layout == ISO_OFFSET:
        return engine.local_time(known.try_cast("timestamp('UTC')"), zone)
    if layout in (EXCEL, EXCEL_TURNED):
        return _of_excel(text, turned=layout == EXCEL_TURNED)
    digits, factor = EPOCHS[layout]
    number = ibis.cases((text.re_search(f"^{NAMED[layout]}$"), text.left(16) if digits > 16 else text))
    whole = ibis.cases((~number.contains("."), number)).try_cast("int64") * factor
    split = (
        ibis.cases((number.contains("."), number)).try_cast("decimal(25, 6)") * factor
    )  # exact, and 300 times slower
    passed = ibis.coalesce(whole, split.round().cast("int64")).as_interval("us")
    return engine.on_clocks(ibis.timestamp("1970-01-01") + passed, zone)


def _of_excel(text: ir.StringValue, turned: bool) -> ir.TimestampValue:
    """The times that a spreadsheet counts in days; `turned` ones with what it took for the month as the day."""
    days = ibis.cases((text.re_search(f"^{NAMED[EXCEL]}$"), text.replace(",", ".").try_cast("float64")))
    days = ibis.cases(((days >= EXCEL_FIRST) & (days < EXCEL_LAST), days))
    time = ((days - 25_569) * 86_400_000).round().cast("int64").as_timestamp("ms").cast("timestamp")
    return time.strftime("%Y-%d-%m %H:%M:%S.%f").try_cast("timestamp") if turned else time


def _rewritten(text: ir.StringValue, layout: str, zone: str, languages: tuple[str, ...]) -> ir.TimestampValue:
    """The times of texts that fit a layout made of codes, with months in some languages, by way of ISO texts."""
    named = _named_pattern(layout, zone, languages)
    places = re.compile(named).groupindex
    whole = f"(?i)^{_unnamed(named)}$"
    known = ibis.cases((text.re_search(whole), text))

    def part(made_of: str) -> ir.StringValue:
        return known.re_replace(whole, re.sub(r"\\(\w)", lambda code: rf"\{places[code[1]]}", made_of))

    year = r"\Y" if "Y" in places else r"\y"
    month, day = ("01", "01") if "j" in places else (r"\m" if "m" in places else "@", r"\d" if "d" in places else "01")
    clock = r"\T" if "T" in places else ":".join(rf"\{code}" if code in places else "00" for code in "HMS")
    iso = part(f"{year}-{month}-{day} {clock}" + (r".\f" if "f" in places else ""))
    if "b" in places:
        iso = iso.replace("@", months.number(part(r"\b").lower(), languages))
    if "y" in places:
        iso = (part(r"\y") >= "69").ifelse("19", "20") + iso
    time = iso.try_cast("timestamp")
    if "j" in places:
        later = time + (part(r"\j").try_cast("int64") - 1).as_interval("D")
        time = ibis.cases((later.year() == time.year(), later))
    if "p" in places:
        time = _of_half_days(time, part(r"\p"))
    return _at_home(time, part(r"\z"), zone) if "z" in places else time


def _of_half_days(time: ir.TimestampValue, half: ir.StringValue) -> ir.TimestampValue:
    """Times whose hours were counted to twelve, moved into the half of the day that `half` says."""
    hour, none = time.hour(), ibis.null("int64")
    morning, noon, evening = (half.re_search(f"(?i)^(?:{words})$") for words in (AM, NOON, EVENING))
    hours = ibis.cases(
        (morning, ibis.cases((hour == 12, -12), (hour < 12, 0), else_=none)),
        (noon, ibis.cases((hour < 10, 12), else_=0)),
        (evening & (hour == 12), none),  # is midnight to some and noon to nobody, but of which day?
        (hour < 12, 12),
        else_=0,
    )
    return time + hours.as_interval("h")


def _at_home(time: ir.TimestampValue, offset: ir.StringValue, zone: str) -> ir.TimestampValue:
    """Times on clocks that are `offset` ahead of UTC (empty: UTC's own), on the clocks of `zone`."""
    padded = offset.re_replace(r"^([+-])(\d)(:\d\d)?$", r"\10\2\3")
    written = time.cast("string") + (padded == "").ifelse("Z", padded)
    return engine.local_time(written.try_cast("timestamp('UTC')"), zone)


@cache
def weekday() -> str:
    """A pattern of weekdays in many languages."""
    return rf"(?:{months.weekdays()}\.?|{ASIAN_WEEKDAY})"


@cache
def zone_words(zone: str) -> str:
    """A pattern of the words by which the clocks of `zone` call themselves: CST, Asia/Shanghai."""
    here = zoneinfo.ZoneInfo(zone)
    names = {str(datetime.datetime(2020, month, 1, tzinfo=here).tzname()) for month in (1, 7)}
    words = {zone, *names, *(f"{name[0]}T" for name in names if re.fullmatch("[ECMP]DT", name))}  # ET is EST or EDT
    return "|".join(re.escape(word) for word in sorted(words) if word[0].isalpha())


def _unnamed(named: str) -> str:
    return re.sub(r"\?P<\w>", "", named)


@cache
def _named_pattern(layout: str, zone: str, languages: tuple[str, ...] = months.LANGUAGES) -> str:
    pieces = [piece for piece in re.split("(%.)", checked(layout)) if piece]
    around = zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False)
    return "".join(_piece(before, piece, after, zone, languages) for before, piece, after in around)


def _piece(before: str, piece: str, after: str, zone: str, languages: tuple[str, ...]) -> str:
    """The pattern of one piece of a layout: numbers side by side have a fixed width."""
    if not piece.startswith("%"):
        return re.escape(piece).replace(r"\ ", " +")
    if piece in ("%b", "%B"):
        return rf"(?P<b>{months.pattern(languages)}){months.END}"
    fixed = {before[:2], after[:2]} & set("%Y %y %m %d %H %I %M %S %f %j".split())
    width = "{2}" if fixed or (piece in {"%M", "%S"} and after[:1] not in set("分秒분초")) else "{1,2}"
    return _PATTERNS.get(piece, lambda width, zone: rf"(?P<{piece[1]}>\d{width})")(width, zone)


_PATTERNS: dict[str, Callable[[str, str], str]] = {
    "%Y": lambda width, zone: r"(?P<Y>\d{4})",
    "%y": lambda width, zone: r"(?P<y>\d{2})",
    "%d": lambda width, zone: rf"(?P<d>\d{width})(?:{ORDINAL})?",
    "%I": lambda width, zone: rf"(?P<H>\d{width})",
    "%j": lambda width, zone: r"(?P<j>\d{3})" if width == "{2}" else r"(?P<j>\d{1,3})",
    "%f": lambda width, zone: r"(?P<f>\d{1,6})\d{0,3}",
    "%T": lambda width, zone: rf"(?P<T>{_CLOCK})",
    "%p": lambda width, zone: rf"(?P<p>{HALF})",
    "%a": lambda width, zone: weekday(),
    "%A": lambda width, zone: weekday(),
    "%z": lambda width, zone: OFFSET.replace("([", "(?P<z>["),
    "%Z": lambda width, zone: rf"(?:\[[^\]]*\]|\([^)]*\)|{zone_words(zone)})",
}
