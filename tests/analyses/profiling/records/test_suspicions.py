"""The patterns that are looked for: each has a name and a meaning for readers."""

from __future__ import annotations

from helpers.analyses.profiling.records.suspicions import Pattern
from helpers.analyses.profiling.records.vocabulary import PATTERN, PATTERN_MEANING


def test_every_pattern_has_words_of_its_own_and_a_meaning():
    assert list(PATTERN.words) == list(PATTERN_MEANING.words) == list(Pattern)
    assert len(set(PATTERN.words.values())) == len(set(PATTERN_MEANING.words.values())) == len(Pattern)
