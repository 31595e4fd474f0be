"""From the shape of a text to the layout in which it is written, but for the order of days and months in numbers.

Three numbers in an order that the text does not tell are written %1, %2 and %3 (%Y for a year of four digits).
"""

from __future__ import annotations

import re
from functools import cache

from helpers.data.intake.readings.characters import plain
from helpers.data.intake.readings.dates import layouts, months, weeks
from helpers.data.intake.readings.shapes import Shape

NUMBERS = re.compile(r"(%1)(.*?)%2\2(?:%Y|%3)")  # of a day whose order is not told
YEARS = range(1900, 2101)
LEAP = 366  # days of the longest year
_DIGITS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 17: "%Y%m%d%H%M%S%f"}
_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = "[年년]", "[月월]", "[日号號일]", "[时時点點시]", "[分분]"
_BESIDE_MONTH = r"( de |\. |,? ?[-/.]?)"  # what parts a month's name from a number
_DAYS = (  # the first that occurs is the day
    (r"(?<!9)9999([-/. ]|\. )99?\1 ?99?(?![9年月日])", r"%Y\1%m\1%d"),
    (r"(?<!9)9999:99:99(?= )", "%Y:%m:%d"),
    (rf"(?<!9)9999({_YEAR} ?)99?({_MONTH} ?)99?(?={_DAY})", r"%Y\1%m\2%d"),
    (rf"(?<!9)99({_YEAR} ?)99?({_MONTH} ?)99?(?={_DAY})", r"%y\1%m\2%d"),
    (r"(?<!9)99?-99?月( ?)-99(?!9|[:])", r"%d-%m月\1-%y"),
    (r"(?<!9)99?-99?月( ?)-9999(?!9)", r"%d-%m月\1-%Y"),
    (r"(?<!9)9999([-/. ]?|\. )%b([-/. ]?)99?(?!9|:)", r"%Y\1%b\2%d"),
    (rf"(?<!9)99?{_BESIDE_MONTH}%b{_BESIDE_MONTH}9999(?!9)", r"%d\1%b\2%Y"),
    (r"(?<!9)99?%b99(?=:99:99)", "%d%b%y"),
    (rf"(?<!9)99?{_BESIDE_MONTH}%b{_BESIDE_MONTH}99(?![9:.])", r"%d\1%b\2%y"),
    (r"%b([-/. ]?)99?(,? ?[-/.]?)9999(?!9)", r"%b\1%d\2%Y"),
    (r"%b([-/. ])99?(, ?|[-/. ])99(?![9:.])", r"%b\1%d\2%y"),
    (r"%b( )99?(?= .*(?<!9)9999$)", r"%b\1%d"),
    (r"(?<!9)99?([-/. ]|\. )99?\1 ?9999(?!9)", r"%1\1%2\1%Y"),
    (r"(?<!9)99?([-/. ]|\. )99?\1 ?99(?![9:])", r"%1\1%2\1%3"),
    (r"(?<!9)9{8}(?!9)", "%Y%m%d"),
    (r"(?<!9)9999([-/])999(?!9)", r"%Y\1%j"),  # the day of the year
    (r"^9999([-/])99?$", r"%Y\1%m"),  # a month alone
    (rf"^9999({_YEAR} ?)99?({_MONTH})$", r"%Y\1%m\2"),
    (r"^99?([-/])9999$", r"%m\1%Y"),
    (r"^9999([-/ ])%b$", r"%Y\1%b"),
    (rf"^%b{_BESIDE_MONTH}9999$", r"%b\1%Y"),
    (r"^%b([-/. ])99$", r"%b\1%y"),
)
_CLOCKS = (
    (r"(?<!9)99?:99:99([,:])9{1,9}(?!9)", r"%H:%M:%S\1%f"),
    (r"(?<![9+])(?<! -)99?:99(?::99(?:\.9{1,9})?)?(?!9)", "%T"),
    (rf"(?<!9)99?({_HOUR} ?)99?({_MINUTE} ?)99?([秒초]?)", r"%H\1%M\2%S\3"),
    (rf"(?<!9)99?({_HOUR} ?)99?({_MINUTE})", r"%H\1%M\2"),
    (rf"(?<!9)99?({_HOUR})(?! ?9)", r"%H\1"),
    (r"(?<!9)99? ?h ?99(?!9)", "%Hh%M"),
    (r"(?<=[ T_-])99?([.-])99\1 ?99\.9{1,9}$", r"%H\1%M\1%S.%f"),
    (r"(?<=[ T_-])99?\.99\.99\.9{1,9}(?= |$)", "%H.%M.%S.%f"),
    (r"(?<=[ T_-])99?([.-])99\1 ?99(?= |$)", r"%H\1%M\1%S"),
    (r"(?<=[ T_-])99?\.99(?= |$)", "%H.%M"),
    (r"(?<=[ T_-])9{6}(?!9)", "%H%M%S"),
    (r"(?<=[ T_-])9{4}(?!9)", "%H%M"),
    (r"(?<!9)99?(?= ?%p)", "%H"),
)
_OFFSET = r"(?:(?:UTC|GMT)? ?[+-]99?(?::?99)?|UTC|GMT|\((?:UTC|GMT)\)|Z)"
_SIGNS = "年月日号號时時点點分秒년월일시분초"
_GLUE = rf"(?i)(?:[-/. ,:_h{_SIGNS}]|T| (?:at|um|uhr|de|à|alle(?: ore)?|às|a las|om|kl|г|года)\b)*"
_ENDS = rf"(?i)%.*(?:%.|[.{_SIGNS}]| uhr| г| года)"


def spelled(shape: Shape, zone: str) -> str | None:
    """The layout of a shape's texts, on the clocks of `zone`; None where they are not written as times are."""
    text = re.sub(" +", " ", plain(shape.text))
    ends = plain(shape.low), plain(shape.high)
    for name in (layouts.ISO, layouts.ISO_OFFSET):
        if all(layouts.fits(end, name, zone) for end in (text, *ends)):
            return name
    if all(layouts.fits(end, weeks.ISO_WEEKS, zone) for end in ends):
        return weeks.ISO_WEEKS
    if re.fullmatch(r"9+([.,]9+)?", text):
        return _of_digits(ends, zone)
    layout = _day_and_clock(text, zone)
    if not (layout and re.fullmatch(_ENDS, layout) and re.fullmatch(_GLUE, re.sub("%.", "", layout))):
        return None
    numbered = NUMBERS.search(layout)
    if numbered and not re.fullmatch("(?:%a,? ?)?", layout[: numbered.start()]):
        return None
    try:
        layouts.checked(ordered(layout, "dmy") if numbered else layout)
    except ValueError:
        return None
    return layout


def ordered(layout: str, order: str) -> str:
    """`layout` with its three numbers as what `order` says they are: "dmy", "mdy" or "ymd"."""
    return re.sub("%([123])", lambda place: f"%{order[int(place[1]) - 1]}", layout)


def _of_digits(ends: tuple[str, ...], zone: str) -> str | None:
    """The layout of texts that are nothing but digits, by the least and the greatest of them."""
    whole, _, fraction = ends[0].replace(",", ".").partition(".")
    for name in (layouts.EXCEL, *layouts.EPOCHS):
        if len(whole) != 10 and any(layouts.fits(end, name, zone) for end in ends):
            return name
    if len(whole) == 10 and not all(_names_an_hour(end) for end in ends):
        return "epoch seconds"
    layout = _DIGITS.get(len(whole))
    if len(whole) == 6 and all(int(end[:4]) in YEARS and 1 <= int(end[4:6]) <= 12 for end in ends):
        layout = "%Y%m"
    elif len(whole) == 6:
        layout = "%1%2%3"
    if len(whole) == 7 and all(int(end[:4]) in YEARS and 1 <= int(end[4:7]) <= LEAP for end in ends):
        layout = "%Y%j"
    if len(whole) == 8 and all(int(end[4:8]) in YEARS and int(end[:4]) not in YEARS for end in ends):
        layout = "%1%2%Y"
    if layout is None or not fraction:
        return layout
    return f"{layout}.%f" if len(whole) == 14 else f"{layout}.{fraction}" if set(fraction) == {"0"} else None


def _names_an_hour(digits: str) -> bool:
    year, month, day, hour = int(digits[:4]), int(digits[4:6]), int(digits[6:8]), int(digits[8:10])
    return year in YEARS and 1 <= month <= 12 and 1 <= day <= 31 and hour <= 24


def _day_and_clock(text: str, zone: str) -> str | None:
    """`text` with codes in place of words, day, clock and zone; None where it has no day."""
    for pattern, code in _words() if any(map(str.isalpha, text)) else ():
        text = re.sub(pattern, code, text, flags=re.IGNORECASE)
    text, day = _first(_DAYS, text)
    text, _ = _first(_CLOCKS, text)
    text = re.sub(rf"(%[TSfMHp]秒? ?){_OFFSET}(?![\w:+-])", r"\1%z", text, flags=re.IGNORECASE)
    text = re.sub(r"(%z ?)(?:\[[^\]]*\]|\([^)]*\))", r"\1%Z", text)
    text = re.sub(rf"(%[TSfMp] ?)(?:{layouts.zone_words(zone)})(?!\w)", r"\1%Z", text)
    if "%b" in text and "%Y" not in text and "%y" not in text:
        text = re.sub("(?<!9)9999$", "%Y", text)  # "Fri Jun 14 17:58:34 2024"
    if "%p" in text:
        text = text.replace("%H", "%I")
    return text if day else None


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """The words of a shape, and the code that stands for each."""
    return (
        (rf"^{months.weekdays()}{months.END}{months.REST}|{layouts.ASIAN_WEEKDAY}", "%a"),
        (rf"{months.LEAD}{months.weekdays(months.SHORT + 1)}{months.END}{months.REST}", "%a"),
        (rf"{months.LEAD}{months.pattern()}{months.END}{months.REST}", "%b"),
        (rf"{months.LEAD}(?:{layouts.HALF}){months.REST}", "%p"),
        (rf"(?<=9)(?:{layouts.ORDINAL}){months.REST}", ""),
    )


def _first(forms: tuple[tuple[str, str], ...], text: str) -> tuple[str, bool]:
    """`text` with the first of the forms that occurs in it replaced, and whether one did."""
    for pattern, codes in forms:
        text, hits = re.subn(pattern, codes, text, count=1)
        if hits:
            return text, True
    return text, False
