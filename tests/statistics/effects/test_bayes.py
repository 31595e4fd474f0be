from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from helpers.statistics.effects.bayes import FLAT, Prior, posterior
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments


def rate(count: float, n: int) -> Moments:
    return Moments.from_sums(n, {"converted": count}, {"converted": count})


def test_a_flat_prior_from_summary_statistics():
    """Experiment cases: 49/100 against 51/100, lift .04082, (-.24779, .32943), win .60918, risk [.0814, .04058].

    GrowthBook's convention: the relative lift, its error by the delta method from variances p (1 - p) / n.
    """
    lift = compare(rate(49, 100), rate(51, 100), kind="proportion", relative=True)
    belief = posterior(lift.effect, lift.std_error)
    assert belief.effect == pytest.approx(0.04082, abs=5e-6)
    assert (belief.lower, belief.upper) == pytest.approx((-0.24779, 0.32943), abs=5e-6)
    assert belief.chance_to_win == pytest.approx(0.60918, abs=5e-6)
    assert (belief.loss_if_kept, belief.loss_if_shipped) == pytest.approx((0.0814, 0.04058), abs=5e-6)
    assert str(belief.prior) == "flat prior"


def test_halving_a_loss_is_a_gain_of_one_half():
    """Experiment cases: a baseline of -10 going to -5 is +0.5; it is then likely to win."""
    loss, half = (Moments.from_variances(100, {"margin": mean}, {"margin": 400.0}) for mean in (-10, -5))
    lift = compare(loss, half, kind="mean", relative=True)
    belief = posterior(lift.effect, lift.std_error)
    assert belief.effect == 0.5 and belief.chance_to_win > 0.9


@pytest.mark.parametrize("effect", [-1.2, 0, 0.4])
def test_a_flat_prior_believes_what_the_data_say(effect):
    belief = posterior(effect, 0.5, alpha=0.1)
    assert (belief.effect, belief.std_dev) == (effect, 0.5)
    assert (belief.lower, belief.upper) == pytest.approx(stats.norm(effect, 0.5).interval(0.9))
    assert belief.chance_to_win == pytest.approx(1 - stats.norm.sf(effect / 0.5))


@pytest.mark.parametrize(("mean", "std_dev"), [(0, 0.3), (-0.2, 1), (0.1, 0.05)])
def test_a_normal_prior_gives_bayes_theorem_and_losses_are_means_of_what_is_lost(mean, std_dev):
    effect, std_error = 0.25, 0.4
    belief = posterior(effect, std_error, prior=Prior(mean, std_dev))

    def weight(theta: float) -> float:
        return stats.norm.pdf(theta, mean, std_dev) * stats.norm.pdf(effect, theta, std_error)

    def integral(of) -> float:
        return sum(quad(of, *ends, epsabs=1e-13)[0] for ends in ((-5, 0), (0, 5)))

    total = integral(weight)
    assert belief.effect == pytest.approx(integral(lambda t: t * weight(t)) / total)
    assert belief.std_dev**2 == pytest.approx(integral(lambda t: (t - belief.effect) ** 2 * weight(t)) / total)
    assert belief.chance_to_win == pytest.approx(quad(weight, 0, 5, epsabs=1e-13)[0] / total)
    assert belief.loss_if_shipped == pytest.approx(integral(lambda t: max(-t, 0) * weight(t)) / total)
    assert belief.loss_if_kept == pytest.approx(integral(lambda t: max(t, 0) * weight(t)) / total)
    assert belief.std_dev < min(std_error, std_dev)


def test_a_wide_prior_tends_to_the_flat_one_and_a_narrow_one_to_itself():
    wide, narrow = posterior(2, 1, prior=Prior(0, 1e6)), posterior(2, 1, prior=Prior(0.3, 1e-4))
    assert (wide.effect, wide.std_dev) == pytest.approx((2, 1))
    assert (narrow.effect, narrow.std_dev) == pytest.approx((0.3, 1e-4), rel=1e-6)


@pytest.mark.parametrize("std_dev", [np.inf, 0.7])
def test_swapping_the_arms_flips_the_belief(std_dev):
    there, back = (posterior(sign * 0.3, 0.2, prior=Prior(0, std_dev)) for sign in (1, -1))
    assert (there.effect, there.lower) == pytest.approx((-back.effect, -back.upper))
    assert there.chance_to_win == pytest.approx(1 - back.chance_to_win)
    assert (there.loss_if_shipped, there.loss_if_kept) == pytest.approx((back.loss_if_kept, back.loss_if_shipped))


def test_the_losses_differ_by_the_effect_and_never_fall_below_0():
    for effect in np.linspace(-40, 40, 161):
        belief = posterior(effect, 1)
        assert belief.loss_if_kept - belief.loss_if_shipped == pytest.approx(effect)
        assert min(belief.loss_if_kept, belief.loss_if_shipped) >= 0


def test_beliefs_are_right_as_often_as_they_say_when_the_prior_is_true():
    rng = np.random.default_rng(2)
    prior = Prior(0.1, 0.5)
    truth = rng.normal(prior.mean, prior.std_dev, 2000)
    beliefs = [posterior(effect, 0.6, prior=prior) for effect in truth + rng.normal(0, 0.6, 2000)]
    covered = sum(b.lower <= theta <= b.upper for b, theta in zip(beliefs, truth, strict=True))
    low, high = stats.binom.interval(0.999, 2000, 0.95)
    assert low <= covered <= high
    wins = np.array([b.chance_to_win for b in beliefs])
    likely = wins > 0.8
    spread = np.sqrt((wins * (1 - wins))[likely].sum())
    assert abs((truth[likely] > 0).sum() - wins[likely].sum()) < 3.3 * spread


def test_the_prior_is_stated():
    assert str(Prior(0, 0.3)) == "normal prior, mean 0, standard deviation 0.3"
    assert posterior(1, 1).prior == FLAT


def test_an_effect_that_could_not_be_estimated_stays_missing():
    belief = posterior(np.nan, np.nan, prior=Prior(0, 0.3))
    assert np.isnan([belief.effect, belief.chance_to_win, belief.loss_if_kept, belief.lower]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: posterior(1, 0), "std_error = 0"),
        (lambda: posterior(1, 1, alpha=95), "alpha = 95"),
        (lambda: Prior(0, 0), "std_dev = 0"),
        (lambda: Prior(np.nan), "mean = nan"),
    ],
)
def test_impossible_beliefs_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
