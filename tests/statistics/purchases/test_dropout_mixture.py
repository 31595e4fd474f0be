"""Purchases before dropout: value.md's formula with digits to spare, and the places where that formula has no value."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from helpers.statistics.purchases.dropout_mixture import purchases_before_dropout

NUDGE, LAST = Decimal("1e-20"), Decimal("1e-40")


def in_many_digits(horizon, r, alpha, a, b) -> float:
    """c/(a−1) · [1 − (α/(α+t))^(a−1) · ₂F₁(a+b−1−r, a−1; c; t/(α+t))], c = a+b−1, term by term.

    In 220 digits, of which terms of either sign take up to 150. Where it is 0 ÷ 0, a or b are moved by a little.
    """
    with localcontext(prec=220):
        t, r, alpha, a, b = (Decimal(repr(float(value))) for value in (horizon, r, alpha, a, b))
        a += NUDGE if a == 1 else 0
        b += NUDGE if a + b == 1 else 0
        c, z = a + b - 1, t / (alpha + t)
        term = series = Decimal(1)
        k = 0
        while k <= abs(c - r) or abs(term) > LAST:
            term *= (c - r + k) * (a - 1 + k) / ((c + k) * (k + 1)) * z
            series += term
            k += 1
        return float(c / (a - 1) * (1 - (1 - z) ** (a - 1) * series))


def test_the_expectation_of_a_very_frequent_buyer():
    """Known answer "robustness" of value.md but for P(alive), which is 1 to 16 digits at recency 38 of 39."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    given = 520, r + 500, alpha + 39, a, b + 500
    assert purchases_before_dropout(*given) == pytest.approx(in_many_digits(*given), rel=1e-13)


@pytest.mark.parametrize("r", [0.243, 3, 500.243])
@pytest.mark.parametrize("a", [0.02, 0.5, 1, 1.0000001, 5])
@pytest.mark.parametrize("b", [0.02, 0.5, 2.426, 502.426])
def test_the_expectation_has_ten_digits_anywhere(r, a, b):
    """A spread of all shapes; with them a = 1, nearly 1, a + b = 1 and a + b < 1, where c is 0 or negative."""
    horizons = np.array([1e-6, 0.5, 8.0])
    expected = [in_many_digits(horizon, r, 1, a, b) for horizon in horizons]
    assert purchases_before_dropout(horizons, r, 1, a, b) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("r", "a"), [(0.243, 0.793), (3, 5)])
def test_a_horizon_of_300_times_alpha_keeps_its_digits(r, a):
    given = 300, r, 1, a, 2.426
    assert purchases_before_dropout(*given) == pytest.approx(in_many_digits(*given), rel=1e-10)


@pytest.mark.parametrize("x", [0, 1, 500, 100_000])
def test_no_number_of_purchases_is_too_many(x):
    found = purchases_before_dropout([1.0, 52.0, 520.0], 0.243 + x, 4.414 + 39, 0.793, 2.426 + x)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()
    assert (found <= (0.243 + x) * np.array([1, 52, 520]) / (4.414 + 39)).all()  # what would be bought without dropout


def test_nearly_loyal_customers_buy_at_their_rate():
    """With p near 0, E[(1 − (1+pt/α)^−r)/p] is r·t/α."""
    assert purchases_before_dropout(10, 3, 2, 1e-9, 5) == pytest.approx(15, rel=1e-7)


def test_nothing_is_bought_in_no_time_and_shapes_broadcast():
    found = purchases_before_dropout([[0.0], [1.0]], [0.5, 1.5, 2.5], 2, 0.8, 2.4)
    assert found.shape == (2, 3)
    assert found[0].tolist() == [0, 0, 0]
    alone = purchases_before_dropout(1, 1.5, 2, 0.8, 2.4)
    assert alone.shape == ()
    assert found[1, 1] == alone
