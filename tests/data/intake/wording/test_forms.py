"""A key that is no setting is told with the nearest one."""

import pytest

from helpers.data.intake.wording.forms import described, known


def test_what_is_no_setting_is_told():
    known("budget", ["budget"])
    with pytest.raises(ValueError, match="'budgt' is not a setting. Did you mean 'budget'"):
        known("budgt", ["budget", "caps"])


def test_a_class_of_settings_is_described():
    from helpers.data.intake.wording.plans import Plan

    assert described(Plan)["budget"].startswith("what a cycle may cost")
