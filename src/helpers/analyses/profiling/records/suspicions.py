"""One suspicion about a column, and the patterns that are looked for."""

from __future__ import annotations

from typing import NamedTuple

SPREADSHEET_ID, DIGITS_LOST, PLACEHOLDER_ID = "identifier as a number", "digits lost", "placeholder identifier"
COMMON_ID = "one customer for many"
SENTINEL, IMPOSSIBLE_AGE, USUAL_YEAR = "sentinel value", "impossible age", "year filled in by habit"
STRAY_TIME, LATER = "stray dates", "later than the report"
CONSTANT, NEW_UNIT, NEW_SCALE = "constant", "change of unit", "change of scale"
SPELLINGS, PLACEHOLDER = "several spellings", "words for nothing"

MEANINGS = {
    SPREADSHEET_ID: "identifiers written as a spreadsheet writes numbers: 17850.0, 1.2E+17",
    DIGITS_LOST: "long identifiers that end in zeros after the 15th digit, which is all a spreadsheet keeps",
    PLACEHOLDER_ID: "identifiers such as 0, 9999 or unknown, that stand for nobody",
    COMMON_ID: "one customer has a tenth of the rows or more, as an anonymous account does",
    SENTINEL: "a repeated number far from all others, such as 999 or -1",
    IMPOSSIBLE_AGE: "born after the report's day, or more than 110 years before it",
    USUAL_YEAR: "a year of birth or an age many times as frequent as those beside it",
    STRAY_TIME: "a few dates a year or more away from all others",
    LATER: "a few rows later than the report's day",
    CONSTANT: "the same value in every row",
    NEW_UNIT: "all medians from some month on at least 5 times those before, or a fifth of them",
    NEW_SCALE: "all highest scores from some month on above the end of the scale before",
    SPELLINGS: "values that differ only in case, spaces or width of letters",
    PLACEHOLDER: "texts such as unknown, N/A or 未知, which count as values",
}


class Suspicion(NamedTuple):
    """One pattern in one column, what shows it, and the rows that it concerns."""

    column: str
    pattern: str
    evidence: str
    rows: int
