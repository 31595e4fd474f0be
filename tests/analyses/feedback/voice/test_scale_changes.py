"""Scales that move are seen in their month; a steady one is not."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.feedback.voice.scale_changes import scales
from helpers.findings import NotApplicable
from shops import shop
from survey_rows import answers


def test_a_scale_that_grew_or_shrank_is_found_in_its_month_and_a_steady_one_is_not():
    old = answers("csat", [1, 2, 3, 4, 5] * 20, np.repeat([150, 120, 90, 70, 65], 20))
    new = answers("csat", [2, 4, 6, 8, 10] * 20, np.repeat([40, 35, 20, 10, 5], 20))
    found = scales(shop(surveys=pd.concat([old, new]))).table
    assert found[["before", "after"]].to_numpy().tolist() == [[5, 10]]
    assert str(found["month"].iloc[0])[:7] == "2025-05"
    assert scales(shop(surveys=old)).table.empty
    back = pd.concat([new.assign(answered_at=old["answered_at"]), old.assign(answered_at=new["answered_at"])])
    assert scales(shop(surveys=back)).table[["before", "after"]].to_numpy().tolist() == [[10, 5]]


def test_the_figure_draws_the_highest_score_of_each_month_and_the_headline_says_where_it_moved():
    old = answers("csat", [1, 2, 3, 4, 5] * 20, np.repeat([150, 120, 90, 70, 65], 20))
    new = answers("csat", [2, 4, 6, 8, 10] * 20, np.repeat([40, 35, 20, 10, 5], 20))
    found = scales(shop(surveys=pd.concat([old, new])))
    assert found.plot().lines[0].get_ydata().tolist() == found.months["highest_score"].tolist() == [5] * 3 + [10] * 2
    assert str(found.headline()) == "The scale of “csat” seems to have changed in 2025-05."
    assert "Scores went up to 5 before, and up to 10 since" in words_of(found)
    assert words_of(scales(shop(surveys=old))) == "No question changed its scale in 3 months."
    plt.close("all")


def test_months_of_few_answers_tell_no_scale():
    assert isinstance(scales(shop(surveys=answers("csat", [1, 2, 3] * 3, 5))), NotApplicable)
    assert isinstance(scales(shop()), NotApplicable)
