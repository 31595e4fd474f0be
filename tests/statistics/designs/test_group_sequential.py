from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from scipy import stats

from helpers.statistics.designs.group_sequential import Spending, boundaries, naive_error

UNEQUAL = (0.1, 0.25, 0.3, 0.8, 1.0)


@pytest.mark.parametrize(("looks", "z"), [(2, 2.1783), (3, 2.2895), (4, 2.3613), (5, 2.4132)])
def test_pocock_constants(looks, z):
    """Experiment cases, group sequential: Pocock (1977), K = 2..5."""
    assert boundaries(looks, "pocock")["z"].to_numpy() == pytest.approx(z, abs=5.1e-5)


def test_obrien_fleming_constants():
    """Experiment cases, group sequential: O'Brien & Fleming (1979), K = 5."""
    z = boundaries(5, "obrien-fleming")["z"].to_numpy()
    assert z == pytest.approx([4.5617, 3.2256, 2.6337, 2.2809, 2.0401], abs=5.1e-5)


def test_lan_demets_obrien_fleming_constants():
    """Experiment cases, group sequential: spending per side at t = .2, .4, .6, .8, 1."""
    z = boundaries([0.2, 0.4, 0.6, 0.8, 1.0], "lan-demets-obrien-fleming")["z"].to_numpy()
    assert z == pytest.approx([4.8769, 3.3570, 2.6803, 2.2898, 2.0310], abs=5.1e-5)


@pytest.mark.parametrize(("looks", "error"), [(1, 0.05), (2, 0.0831), (5, 0.1417), (10, 0.1934)])
def test_naive_peeking_errs_more_often_than_stated(looks, error):
    """Experiment cases, group sequential: naive peeking at 1.96 (Armitage, McPherson & Rowe 1969)."""
    assert naive_error(looks) == pytest.approx(error, abs=5.1e-5)


@pytest.mark.parametrize("spending", get_args(Spending))
@pytest.mark.parametrize("looks", [1, 4, UNEQUAL], ids=str)
@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_all_looks_together_spend_alpha(spending, looks, alpha):
    table = boundaries(looks, spending, alpha=alpha)
    assert table["alpha_spent"].iloc[-1] == pytest.approx(alpha, abs=1e-9)
    assert table["nominal_p"].to_numpy() == pytest.approx(2 * stats.norm.sf(table["z"]))
    if looks == 1:
        assert table["z"].iloc[0] == pytest.approx(stats.norm.isf(alpha / 2))


@pytest.mark.parametrize("spending", get_args(Spending))
def test_no_boundary_is_crossed_as_often_as_the_multivariate_normal_says(spending):
    """The statistics of the looks are jointly normal with correlation √(earlier / later): scipy's integral."""
    table = boundaries((0.15, 0.4, 1.0), spending, alpha=0.1)
    t, z = table["information"].to_numpy(), table["z"].to_numpy()
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    for looks in (1, 2, 3):
        joint = stats.multivariate_normal(np.zeros(looks), correlation[:looks, :looks])
        within = joint.cdf(z[:looks], lower_limit=-z[:looks], rng=np.random.default_rng(looks))
        assert table["alpha_spent"][looks - 1] == pytest.approx(1 - within, abs=2e-5)


@pytest.mark.parametrize("fractions", [(0.25, 0.5, 0.75, 1.0), (0.05, 0.6, 0.61, 1.0)], ids=str)
def test_the_recursion_is_that_of_a_fine_grid(fractions):
    """Armitage, McPherson & Rowe (1969): the density between the boundaries, summed on a grid look by look."""
    table = boundaries(fractions, "lan-demets-pocock", alpha=0.05)
    grid, step = np.linspace(-5, 5, 4001, retstep=True)
    density, before, spent = None, 0.0, []
    for t, z in zip(table["information"], table["z"], strict=True):
        if density is None:
            density = stats.norm.pdf(grid, 0, np.sqrt(t))
        else:
            kernel = stats.norm.pdf(np.arange(-4000, 4001) * step, 0, np.sqrt(t - before))
            density = np.convolve(density, kernel)[4000:8001] * step
        reach = z * np.sqrt(t)
        # A cell that the boundary cuts counts with its part inside.
        inside = np.clip((reach - np.abs(grid)) / step + 0.5, 0, 1)
        spent.append((density * (1 - inside)).sum() * step)
        density, before = density * inside, t
    assert table["alpha_spent"].to_numpy() == pytest.approx(np.cumsum(spent), abs=2e-6)


def test_spending_follows_its_function_at_any_information():
    """Lan & DeMets (1983): α ln(1 + (e − 1) t), and for each side 2 − 2 Φ(z / √t) of α/2."""
    pocock = boundaries(UNEQUAL, "lan-demets-pocock")["alpha_spent"]
    obrien_fleming = boundaries(UNEQUAL, "lan-demets-obrien-fleming")["alpha_spent"]
    for look, t in enumerate(UNEQUAL):
        assert pocock[look] == pytest.approx(0.05 * np.log(1 + (np.e - 1) * t), abs=1e-9)
        one_side = 2 - 2 * stats.norm.cdf(stats.norm.ppf(1 - 0.0125) / np.sqrt(t))
        assert obrien_fleming[look] == pytest.approx(2 * one_side, abs=1e-9)


@pytest.mark.parametrize("spending", ["lan-demets-pocock", "lan-demets-obrien-fleming"])
def test_later_looks_do_not_change_earlier_boundaries(spending):
    whole = boundaries(UNEQUAL, spending)["z"].to_numpy()
    assert boundaries(UNEQUAL[:3], spending)["z"].to_numpy() == pytest.approx(whole[:3], abs=1e-7)
    assert boundaries((*UNEQUAL[:3], 0.35, 1.0), spending)["z"].to_numpy()[:3] == pytest.approx(whole[:3], abs=1e-7)


def test_shapes_are_flat_or_fall_with_the_root_of_information():
    assert np.ptp(boundaries(UNEQUAL, "pocock")["z"]) == 0
    table = boundaries(UNEQUAL, "obrien-fleming")
    assert np.ptp(table["z"] * np.sqrt(table["information"])) == pytest.approx(0, abs=1e-12)


def test_a_look_with_next_to_no_information_cannot_stop():
    table = boundaries((0.01, 0.5, 1), "lan-demets-obrien-fleming")
    assert table["z"][0] == np.inf and table["nominal_p"][0] == table["alpha_spent"][0] == 0
    without = boundaries((0.5, 1), "lan-demets-obrien-fleming")
    assert table["z"][1:].to_numpy() == pytest.approx(without["z"].to_numpy(), abs=1e-7)


def test_many_looks_tend_to_the_boundary_that_is_watched_all_the_time():
    """Watched without end, a walk from 0 leaves ± c before time 1 with known probability (the reflection principle).

    Looks at steps of 1 / K see it leave where one watching all the time has the boundary c + .5826 / √K (Siegmund 1985).
    """
    reach = boundaries(100, "obrien-fleming")["z"].iloc[-1] + 0.5826 / np.sqrt(100)
    odd = 2 * np.arange(50) + 1
    stays = 4 / np.pi * ((-1) ** np.arange(50) / odd * np.exp(-(odd**2) * np.pi**2 / (8 * reach**2))).sum()
    assert 1 - stays == pytest.approx(0.05, abs=4e-4)  # up to the order of 1 / K


@pytest.mark.parametrize(
    ("looks", "options", "message"),
    [
        (0, {}, "looks = 0"),
        (2.5, {}, "looks = 2.5"),
        (5000, {}, "looks = 5000"),
        ([], {}, "information fractions"),
        ([0.5, 0.5, 1], {}, "information fractions"),
        ([0.5, 1.1], {}, "up to 1"),
        ([0.2, 0.4], {"spending": "pocock"}, "Use lan-demets-pocock"),
        (3, {"spending": "haybittle"}, "spending = 'haybittle'"),
        (3, {"alpha": 5}, "alpha = 5"),
    ],
)
def test_impossible_plans_are_refused(looks, options, message):
    with pytest.raises(ValueError, match=message):
        boundaries(looks, **{"spending": "lan-demets-pocock", **options})
