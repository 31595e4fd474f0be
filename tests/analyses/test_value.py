"""Value as a whole: what its rooms say by code, readers see in words."""

from __future__ import annotations

from helpers.analyses.value import Model, Rule
from helpers.analyses.value.future.spend import CODES
from helpers.analyses.value.future.trial_of_models import BOUGHT
from helpers.analyses.value.vocabulary import LINE, MODEL


def test_every_code_of_a_model_or_a_rule_of_thumb_has_its_words_and_no_other():
    assert set(MODEL.words) == {*Model, *Rule, *CODES.values()}
    assert set(LINE.words) == {*MODEL.words, BOUGHT}
    assert len(set(MODEL.words.values())) == len(MODEL.words)
