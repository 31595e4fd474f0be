"""Years that are counted from the beginning of an era: 民國113年3月5日, 113/03/05, 令和6年3月5日, R6.3.5."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

NAMED_ERA, MINGUO = "years of eras", "years of 民國"
BEFORE = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
# An era's first year is 元; years of three digits are of no other calendar.
PATTERNS = {
    NAMED_ERA: r"(?:中華|中华)?(民國|民国|令和|平成|昭和|[RHS]) ?(\d{1,3}|元)[年./-] ?(\d{1,2})[月./-] ?(\d{1,2})日?",
    MINGUO: r"()(1[0-3]\d)(?:[-/.](\d{1,2})[-/.](\d{1,2})|(0[1-9]|1[0-2])([0-3]\d))",
}
DAY = {NAMED_ERA: r"-\3-\4", MINGUO: r"-\3\5-\4\6"}


def times(text: ir.StringValue, layout: str) -> ir.TimestampValue:
    """The days that texts in a layout of eras name; null for other texts and for days that are none."""
    whole = f"^(?:{PATTERNS[layout]})$"
    known = ibis.cases((text.re_search(whole), text))
    era, year = (known.re_replace(whole, rf"\{place}") for place in (1, 2))
    before = ibis.cases(*((era == name, years) for name, years in BEFORE.items()), else_=BEFORE["民國"])
    passed = year.replace("元", "1").try_cast("int64")
    return ((passed + before).cast("string") + known.re_replace(whole, DAY[layout])).try_cast("timestamp")
