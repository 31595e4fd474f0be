"""Texts that mean the same but are written apart, and texts that mean nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from helpers.analyses.profiling.records.common_values import units_at_least
from helpers.analyses.profiling.records.suspicions import Pattern, Suspicion, rows_of
from helpers.data import contracts
from helpers.data.intake.readings import nulls
from helpers.findings import Sentence, facts, say
from helpers.findings.folding import SMALLEST_GROUP

EXAMPLE_SPELLINGS = 3
NOT_YET = ("not known", "tbd", "test", "*", "**", "***", "未填", "待定", "测试")  # beside what says nothing when read


def says_nothing(texts: pd.Series) -> pd.Series:
    """Whether each text stands for a missing value: unknown, N/A, -, 未知 …; False where there is no text."""
    return texts.map(lambda text: isinstance(text, str) and bool(text.strip()) and _is_nothing(text)).astype(bool)


def _is_nothing(text: str) -> bool:
    return nulls.clean(text, contracts.ID, NOT_YET) is None


def spellings(counted: pd.DataFrame) -> Iterator[Suspicion]:
    """What the levels of a table's text columns, as `counted_levels` gives them, suggest.

    Levels are one when NFKC, case folding and the removal of spaces make them equal. An example names only levels
    that enough customers share.
    """
    for column, levels in counted.groupby("column", sort=False):
        yield from _variants(column, levels.assign(meant=levels["level"].map(_folded)))
        empty = levels[says_nothing(levels["level"])]
        if len(empty):
            rows = int(empty["rows"].sum())
            yield Suspicion(column, Pattern.PLACEHOLDER, _with_example(rows_of(rows), empty), rows)


def _variants(column: str, levels: pd.DataFrame) -> Iterator[Suspicion]:
    several = levels[levels.duplicated("meant", keep=False)]
    if several.empty:
        return
    rarer = several[several.duplicated("meant")]  # levels come by frequency, so the first is the usual spelling
    meant = several["meant"].nunique()
    shown = several[several["meant"] == several["meant"].iloc[0]]
    written = facts.Count(len(several))
    evidence = say("{spellings} spellings of one value", spellings=written)
    if meant > 1:
        evidence = say("{spellings} spellings of {values} values", spellings=written, values=facts.Count(meant))
    yield Suspicion(column, Pattern.SPELLINGS, _with_example(evidence, shown), int(rarer["rows"].sum()))


def _with_example(evidence: Sentence, levels: pd.DataFrame) -> Sentence:
    """The evidence with the first of the levels that enough customers share, where there are any."""
    shared = levels[units_at_least(levels["unit_bits"]) >= SMALLEST_GROUP]["level"].head(EXAMPLE_SPELLINGS)
    if shared.empty:
        return evidence
    quoted = facts.Listed(tuple(say("“{name}”", name=facts.Name(level)) for level in shared))
    return say("{evidence}, such as {examples}", evidence=evidence, examples=quoted)


def _folded(level: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", level)).casefold()
