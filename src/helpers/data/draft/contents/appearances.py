"""What looks like a time or a number, though it takes the whole column to tell which: 03/04/2025, 1.234,50 €."""

from __future__ import annotations

from functools import cache

from helpers.data.intake.readings.amounts import numerals
from helpers.data.intake.readings.dates import eras, months, weeks, wrappings

LIKE_NUMBER = (
    r"(?i)^([a-z]{0,3}[$¥￥€£₩₽₹₫฿\\]?\s?)[-+(]?\d[\d.,'’\s]*\)?-?\s?"
    r"(万?[%€$£₩₽₹₫฿元円원]|[万w]|[a-z]{3}|kr\.?|zł|kč|ft|tl|rm|rp)?$"
)
LIKE_SPELLED = (
    rf"^(?:人民[币幣]|[¥￥₩])?[-负負]?(?:[0-9,]*[{numerals.SPELLED}{numerals.UNITS}][0-9, ]*)+"
    rf"(?:{'|'.join(numerals.WHOLE)})?(?:[0-9{numerals.SPELLED}][角毛分])*[整正]?$|^[0-9]+元[0-9元角毛分]+$"
)


@cache
def like_time() -> str:
    """A pattern of what looks like a time."""
    named = months.pattern() + months.END
    return (
        r"(?i)^(\d{1,4}[-/. 年년]\s?\d{1,2}[-/. 月월]\s?\d{1,4}(\D|$)"
        rf"|\d{{1,4}}([-/ ]|\. ?| de )?{named}(,? ?[-/.]?| de )\d{{1,4}}(\D|$)|{named} \d{{1,2}},? \d{{4}}(\D|$)"
        r"|(19|20)\d\d[-/年년]? ?(0?[1-9]|1[0-2])[月월]?$|(0?[1-9]|1[0-2])[-/](19|20)\d\d$"  # a month alone
        rf"|{named}([-/., ]{{0,2}}| de )((19|20)?\d\d)$|({eras.LIKE})$"
        rf"|{wrappings.LIKE}|({weeks.PATTERN})$|(19|20)\d\d[-/ ]?[WQ]\d|\d{{4}}年第?\d{{1,2}}[周週])"
    )
