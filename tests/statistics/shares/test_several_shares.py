"""Many shares at once, where customers have several rows in several groups."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from helpers.statistics.shares.several_shares import alike_means, alike_shares, shrunken


def p_value(x: np.ndarray, n: np.ndarray) -> float:
    """Of rows `n` with the outcome `x` by customer (rows) and group (columns)."""
    adds = x - x.sum() / n.sum() * n
    return alike_shares(x.sum(axis=0), n.sum(axis=0), adds.T @ adds)


def test_of_one_row_a_customer_it_is_pearsons_test():
    """Up to the covariance, which is that of the rows as they came: equal where the shares are."""
    count, size = np.array([30, 40, 35]), np.array([200, 210, 190])
    group = np.repeat(np.arange(3), size)
    x = np.concatenate([np.arange(n) < k for k, n in zip(count, size)])
    n = np.eye(3)[group]
    pearson = chi2_contingency([count, size - count], correction=False).pvalue
    assert p_value(n * x[:, None], n) == pytest.approx(pearson, abs=0.03)


def test_thirteen_equal_campaigns_to_the_same_customers_differ_as_seldom_as_said():
    """300 customers, of whom some open nearly everything: 5 % nominal; one better campaign is found."""
    rng = np.random.default_rng(1)
    found = []
    for better in (0, 0.16):
        p_values = []
        for _ in range(150):
            n = rng.binomial(1, 0.7, (300, 13))
            chance = rng.beta(0.6, 1.8, 300)[:, None] + better * (np.arange(13) == 0)
            p_values.append(p_value(n * (rng.random((300, 13)) < chance), n))
        found.append(np.mean(np.array(p_values) < 0.05))
    assert 0.02 <= found[0] <= 0.085 and found[1] > 0.9


def test_shares_that_cannot_differ_have_no_p_value():
    assert np.isnan(alike_shares([3], [5], [[1]]))
    assert np.isnan(alike_shares([0, 0], [5, 9], np.zeros((2, 2))))
    assert np.isnan(alike_shares([5, 9], [5, 9], np.zeros((2, 2))))


def test_means_of_one_value_differ_as_seldom_as_said():
    rng = np.random.default_rng(5)
    variances = np.array([1.0, 2, 0.5, 4, 1])
    found = [alike_means(3 + rng.normal(size=5) * variances**0.5, variances) < 0.05 for _ in range(1_000)]
    assert np.mean(found) == pytest.approx(0.05, abs=0.02)
    assert alike_means([1, 3, 9], [0.25, 0.25, 0]) == pytest.approx(0.00468, abs=1e-4)  # (3 − 1)² / 0.5 = 8
    assert np.isnan(alike_means([1, 2], [1, np.nan]))


def test_the_highest_of_equal_groups_is_not_told_too_high():
    """Ten groups of 50 at 20 %: the highest is 29 % on average, and 20 % shrunken; real differences stay."""
    rng = np.random.default_rng(2)
    raw, drawn = [], []
    for _ in range(400):
        share = rng.binomial(50, 0.2, 10) / 50
        raw.append(share.max())
        drawn.append(shrunken(share, share * (1 - share) / 50).max())
    assert np.mean(raw) > 0.28 and np.mean(drawn) < 0.225
    assert shrunken([0.1, 0.5], [1e-5, 1e-5]) == pytest.approx([0.1, 0.5], abs=1e-3)
    assert shrunken([0.2, 0.2, 0.2], [0.01, 0.01, 0.0]) == pytest.approx([0.2] * 3)
    assert shrunken([0.3], [0.01]).tolist() == [0.3] and shrunken([0.0, 1.0], [0, 0]).tolist() == [0, 1]


def test_shrunken_truths_are_right_on_average():
    """Shares that differ by chance and in truth: the highest shrunken one meets its own truth on average."""
    rng = np.random.default_rng(3)
    gaps = []
    for _ in range(400):
        truth = rng.normal(0, 1, 12)
        seen = truth + rng.normal(0, 1.0, 12)
        top = np.argmax(told := shrunken(seen, np.ones(12)))
        gaps.append((seen[top] - truth[top], told[top] - truth[top]))
    raw, drawn = np.mean(gaps, axis=0)
    assert raw > 0.6 and abs(drawn) < 0.15
