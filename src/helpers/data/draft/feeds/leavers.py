"""Which headers of one file say who had left, and how long each had been there."""

from __future__ import annotations

import re

from helpers.data import headers
from helpers.data.draft.contents.columns import FLAG, NUMBER, Column
from helpers.data.draft.contents.holdings import Holding

# Parts of headers that say who had left, and how long a customer had been there; Chinese has no blanks between words.
CHURN = "churn churned exited attrition attrited left 流失 离网 退网"
STATUS = "status 状态"
MOST_STATES = 12
TENURE = "tenure months_on_book account_length membership_length 在网 入网 网龄 会龄 在会"
LEFT = re.compile(
    r"churn|attrit|exited|\bleft\b|cancel|terminat|disconnect|流失|离网|退网|销户|销号|拆机|注销|退订", re.I
)
STAYED = re.compile(r"\b(not|no|non|un)\b|existing|stay|retain|active|未|没|非|在网", re.I)
UNITS = {"days": "day days 天 日", "weeks": "week weeks 周", "months": "month months 月", "years": "year years 年"}
MOST_YEARS = 12  # a tenure that never exceeds it, and has no unit, is taken for years


def churn(holding: Holding) -> tuple[str, tuple[str, ...]]:
    """The header that says who had left, and which of its values do where it is no yes or no; empty where none does.

    A status, beside a tenure, may have several more values.
    """
    states = [each for each in holding.columns if headers.speaks(each.name, STATUS)] if tenure(holding)[0] else []
    for column in [*sorted(of_churn(holding), key=lambda column: not column.is_a(FLAG)), *states]:
        if column.is_a(FLAG) and column.distinct == 2:
            return column.name, ()
        left = tuple(value for value in column.values if LEFT.search(value) and not STAYED.search(value))
        most = MOST_STATES if headers.speaks(column.name, STATUS) else 3
        if column.distinct <= most and left and len(left) < column.distinct:
            return column.name, left
    return "", ()


def of_churn(holding: Holding) -> list[Column]:
    """The columns whose headers speak of leaving: what they say was written when it was known who had."""
    return [each for each in holding.columns if headers.speaks(each.name, f"{CHURN} customer_status")]


def tenure(holding: Holding) -> tuple[str, str]:
    """The header that says how long a customer had been there, and in which unit; empty where there is none."""
    numbers = [each for each in holding.columns if each.is_a(NUMBER) and each.distinct > 2]
    numbers = [each for each in numbers if headers.speaks(each.name, TENURE)]
    if not numbers:
        return "", ""
    header = numbers[0].name
    named = next(
        (unit for unit, words in UNITS.items() if headers.speaks(header.replace("months_on_book", "month"), words)), ""
    )
    longest = holding.table[header].try_cast("float64").max().execute() or 0
    return header, named or ("years" if longest <= MOST_YEARS else "months")
