"""Of debits and credits it is asked which of them is money to the shop."""

import pytest

import columns
from helpers.data.intake.readings.amounts import sides


@pytest.mark.parametrize(
    "texts",
    [["120.00 CR", "50.00 DR"], ["5.00", "3.00Cr."], ["120.00借", "50.00贷"], ["1.250,00借方"], ["12,50 S", "5,00 H"]],
)
def test_debits_and_credits_are_asked_which_is_which(texts):
    assert "debits or credits" in str(sides.question(columns.shaped(texts)))


@pytest.mark.parametrize(
    "texts", [["12 S", "5 S"], ["5 kr", "7 kr"], ["CR"], ["5 crore"], [*(["5.00"] * 30), "3.00 CR"], []]
)
def test_units_and_slips_of_the_pen_are_no_sides(texts):
    assert sides.question(columns.shaped(texts)) is None
