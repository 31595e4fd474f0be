"""The demo's true answers, by hand."""

import numpy as np
import pytest

from helpers.data.days import MONTH_DAYS
from helpers.data.synthetic.truth import TRUTH


def test_truth_keeps_ninety_two_percent_of_monthly_members_after_a_month():
    assert TRUTH.stay_share("月付", "微信", MONTH_DAYS) == pytest.approx(0.92)
    assert TRUTH.stay_share("月付", "抖音", MONTH_DAYS) == pytest.approx(0.92**1.6)


def test_a_hazard_is_constant_so_that_stays_multiply():
    one, two = (TRUTH.stay_share("季付", "天猫", days) for days in (100, 200))
    assert two == pytest.approx(one**2) and TRUTH.stay_share("季付", "天猫", 0) == 1
    assert TRUTH.daily_hazard("年付", "抖音") == pytest.approx(-np.log(0.985) / MONTH_DAYS * 1.6)


def test_an_effect_is_the_arm_less_the_control():
    assert TRUTH.conversion_effect("push_copy", "story_copy") == pytest.approx(0.04)
    assert TRUTH.spend_effect("push_copy", "story_copy") == pytest.approx(6.0)
    assert TRUTH.conversion_effect("checkout_aa", "treatment") == 0
    assert all(TRUTH.conversion_effect(experiment, "control") == 0 for experiment in TRUTH.conversions)


def test_reasons_of_leaving_are_all_of_them():
    assert sum(TRUTH.reason_shares.values()) == pytest.approx(1)
