"""Weeks, and what else is no day: 2025-W03-2 is one, 2025-W03, a quarter, a year and a time of day are none."""

from __future__ import annotations

import re
from functools import cache

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.characters import plain
from helpers.data.intake.readings.dates import months
from helpers.data.intake.readings.shapes import Shape

ISO_WEEKS = "ISO weeks"
PATTERN = r"(\d{4})-?W(0[1-9]|[1-4]\d|5[0-3])-?([1-7])"
MOST = 53  # weeks of a year
_YEAR = r"(?:FY ?)?(?:19|20)?\d\d"
_NO_DAY = re.compile(
    r"(?i)(?:19|20)\d\d[-/ ]?(?:W|KW|CW|WK)\d\d?|(?:W|KW|CW|WK|week)[-. ]?\d\d?[-/, ]+(?:19|20)\d\d"
    r"|\d{4}年?第?\d\d?[周週]"
    rf"|{_YEAR}[-/ ]?[QTH]\d|[QTH]\d[-/ ]?{_YEAR}|\d{{4}}年?第?[\d一二三四]季度?|\d{{4}}年?[上下]半年"
    r"|\d{4}年\d\d?月[上中下]旬|(?:19|20)\d\d年?|FY ?(?:19|20)?\d\d|\d\d?月\d\d?[日号]|(?:0\d|1[0-2])-[0-3]\d"
    r"|[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?: ?[AP]M)?"
)
_DAY_AND_WORD = re.compile(r"\d\d?(?:[-/ ]|\. ?)\D")


def is_no_day(shape: Shape) -> bool:
    """Whether the texts of a shape name a week, a quarter, a year or a time of day, and no day."""
    low, high = plain(shape.low), plain(shape.high)
    if re.fullmatch(r"(?:19|20)\d{4}", low) and re.fullmatch(r"(?:19|20)\d{4}", high):
        return int(low[4:]) >= 1 and 12 < int(high[4:]) <= MOST  # of months the last is 12
    return all(_NO_DAY.fullmatch(end) or _has_no_year(end) for end in (low, high))


def _has_no_year(text: str) -> bool:
    """Whether a text is a day and the name of its month; the names of months are loaded for what may be one."""
    return bool(_DAY_AND_WORD.match(text) and _without_year().fullmatch(text))


@cache
def _without_year() -> re.Pattern[str]:
    """A day and the name of its month, as a spreadsheet shows it: 24-Nov."""
    return re.compile(rf"(?i)\d\d?(?:[-/ ]|\. ?){months.pattern()}{months.END}")


def times(text: ir.StringValue) -> ir.TimestampValue:
    """The days that texts such as 2025-W03-2 name; null for others."""
    whole = f"(?i)^{PATTERN}$"
    known = ibis.cases((text.re_search(whole), text))
    week, day = (known.re_replace(whole, rf"\{place}").try_cast("int64") for place in (2, 3))
    fourth = known.re_replace(whole, r"\1-01-04").try_cast("timestamp")  # of January, which is in the first week
    found = fourth.truncate("W") + ((week - 1) * 7 + day - 1).as_interval("D")
    return ibis.cases((found.strftime("%G") == known.re_replace(whole, r"\1"), found))
