"""One suspicion about a column, and the patterns that are looked for."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from helpers.findings import Sentence, facts, say


class Pattern(StrEnum):
    """What may be wrong with a column though every value is well formed, in the order in which it is told."""

    SPREADSHEET_ID = "spreadsheet_id"
    DIGITS_LOST = "digits_lost"
    PLACEHOLDER_ID = "placeholder_id"
    COMMON_ID = "common_id"
    SENTINEL = "sentinel"
    IMPOSSIBLE_AGE = "impossible_age"
    USUAL_YEAR = "usual_year"
    STRAY_TIME = "stray_time"
    LATER = "later"
    CONSTANT = "constant"
    NEW_UNIT = "new_unit"
    NEW_SCALE = "new_scale"
    SPELLINGS = "spellings"
    PLACEHOLDER = "placeholder"


class Suspicion(NamedTuple):
    """One pattern in one column, what shows it, and the rows that it concerns."""

    column: str
    pattern: Pattern
    evidence: Sentence
    rows_concerned: int


def rows_of(number: int) -> Sentence:
    """How many rows show it."""
    return say("{rows} rows", rows=facts.Count(number))
