"""Years that are counted from another beginning: 民國113年3月5日, 113/03/05, 令和6年3月5日, R6.3.5, 05/03/2568.

Their texts become those of the usual calendar, and are read as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.characters import plain, plain_text
from helpers.data.intake.readings.shapes import Shape

NAMED_ERA, MINGUO, BUDDHIST = "years of eras", "years of 民國", "Buddhist years"
BEFORE = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_ERA = r"^(?:中華|中华)?(民國|民国|令和|平成|昭和|[RHS]) ?(\d{1,3}|元)([年./-].*)$"
_LONG_YEAR = r"^()(1[0-3]\d|0[1-9]\d)([-/.]\d{1,2}(?:[-/.]\d{1,2}(?:\D.*)?)?|(?:0[1-9]|1[0-2])[0-3]\d)$"


@dataclass(frozen=True)
class Era:
    """A way to count years: what its texts look like, with what stands before the year, the year and the rest.

    `before` are the years before its first; `proof` is a narrower form, which some text of the column must have.
    """

    pattern: str
    before: int
    proof: str = ""


ERAS = {
    NAMED_ERA: Era(_ERA, BEFORE["民國"]),
    # Years of three digits are of no other calendar, and beside them 99/12/31 is of this one.
    MINGUO: Era(
        r"^()(1[0-3]\d|0?[1-9]\d)([-/.]\d{1,2}(?:[-/.]\d{1,2}(?:\D.*)?)?|(?:0[1-9]|1[0-2])[0-3]\d)$", 1911, _LONG_YEAR
    ),
    BUDDHIST: Era(r"^((?:.*\D)?)(25\d\d)((?:\D.*)?)$", -543),
}
LIKE = (
    r"(?:中華|中华)?(?:民國|民国|令和|平成|昭和|[RHS]) ?(?:\d{1,3}|元)[年./-] ?\d{1,2}(?:\D.*)?"
    r"|1[0-3]\d(?:[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?|(?:0[1-9]|1[0-2])[0-3]\d)"
)
_FOREIGN = re.compile(r"(?:.*\D)?1[34]\d\d(?:\D.*)?")


def found(shapes: Sequence[Shape]) -> tuple[str, ...]:
    """The eras by which the texts of a column count; Buddhist years where no other year is in it."""
    return tuple(name for name, era in ERAS.items() if _counts_by(name, era, shapes))


def is_foreign(shapes: Sequence[Shape]) -> bool:
    """Whether all days of a column have years such as 1403 or 1446, of the Iranian or the Islamic calendar."""
    dated = [shape for shape in shapes if _has_days(shape)]
    return bool(dated) and all(_FOREIGN.fullmatch(plain(end)) for shape in dated for end in (shape.low, shape.high))


def rewritten(shape: Shape, eras: Sequence[str]) -> Shape:
    """A shape whose texts have the years of the usual calendar."""
    low, high = (usual(text, eras) for text in (shape.low, shape.high))
    same = (low, high) == (shape.low, shape.high)
    return shape if same else replace(shape, text=re.sub(r"\d", "9", low), low=low, high=high)


def usual(text: str, eras: Sequence[str]) -> str:
    """A text with the year of the usual calendar in place of one of the eras."""
    for name in eras:
        if parts := re.match(ERAS[name].pattern, plain(text)):
            era, year, rest = parts.groups()
            lead = "" if name == NAMED_ERA else era
            return f"{lead}{int(year.replace('元', '1')) + BEFORE.get(era, ERAS[name].before):04}{rest}"
    return text


def usual_text(text: ir.StringValue, eras: Sequence[str]) -> ir.StringValue:
    """The same of a column of texts."""
    text = plain_text(text)
    return ibis.cases(*((text.re_search(ERAS[name].pattern), _year_replaced(text, name)) for name in eras), else_=text)


def _year_replaced(text: ir.StringValue, name: str) -> ir.StringValue:
    pattern = ERAS[name].pattern
    known = ibis.cases((text.re_search(pattern), text))
    era, year, rest = (known.re_replace(pattern, rf"\{place}") for place in (1, 2, 3))
    before = ERAS[name].before
    if name != NAMED_ERA:
        return era + (year.try_cast("int64") + before).cast("string") + rest
    years = ibis.cases(*((era == each, count) for each, count in BEFORE.items()), else_=before)
    return (year.replace("元", "1").try_cast("int64") + years).cast("string") + rest


def _counts_by(name: str, era: Era, shapes: Sequence[Shape]) -> bool:
    ends = [(plain(shape.low), plain(shape.high)) for shape in shapes if _has_days(shape)]
    fitting = [all(re.match(era.proof or era.pattern, end) for end in pair) for pair in ends]
    return bool(ends) and (all(fitting) if name == BUDDHIST else any(fitting))


def _has_days(shape: Shape) -> bool:
    """Whether the texts of a shape may have a day: digits with something between them, or seven."""
    text = plain(shape.text)
    return bool(re.search(r"9\D+9|元|^9{7}$", text))
