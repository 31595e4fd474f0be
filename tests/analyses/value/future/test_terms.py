"""How the future is counted, within limits."""

import pytest

from helpers.analyses.value.future.terms import Terms


def test_without_a_margin_value_is_revenue():
    assert (Terms().part, Terms(margin=0.4).part) == (1, 0.4)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"horizon_months": 0}, "horizon_months = 0: give a number from 1 to 60"),
        ({"discount_rate": 10}, "discount_rate = 10: give a number from 0 to 1"),
        ({"margin": 0}, "margin = 0: give a number from 0.001 to 1"),
    ],
)
def test_terms_out_of_range_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Terms(**wrong)
