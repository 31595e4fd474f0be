"""What crosses the rooms of feedback: every code that logic decides by has words for readers, and no others have."""

from __future__ import annotations

import pytest

from helpers.analyses.feedback import vocabulary
from helpers.analyses.feedback.complaint.consequences import Outcome
from helpers.analyses.feedback.complaint.pareto import Repetition
from helpers.analyses.feedback.service.loop import FULL, STAGES
from helpers.analyses.feedback.service.reopening import ONE_TOUCH, REOPENED
from helpers.analyses.feedback.voice.answers import Measure
from helpers.analyses.feedback.voice.associations import DOUBLED
from helpers.data.counterparts import BANDS
from helpers.findings import Column


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        (vocabulary.MEASURE, Measure),
        (vocabulary.STAGE, [*STAGES, FULL]),
        (vocabulary.RATE, [REOPENED, ONE_TOUCH]),
        (vocabulary.REPETITION, Repetition),
        (vocabulary.OUTCOME, Outcome),
    ],
)
def test_every_code_has_words_and_no_words_are_of_no_code(column, codes):
    assert list(column.words) == [str(code) for code in codes]


def test_what_logic_picks_among_codes_is_one_of_them():
    assert set(DOUBLED) < vocabulary.DRIVER.words.keys()
    assert BANDS.keys() < vocabulary.TRAIT.words.keys()


def test_a_name_stands_for_one_column_alone():
    columns = [value for value in vars(vocabulary).values() if isinstance(value, Column)]
    assert len({str(column) for column in columns}) == len(columns)
    assert all(column.meaning for column in columns)
