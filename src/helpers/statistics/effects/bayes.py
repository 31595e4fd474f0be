"""What to believe of an effect after the test: chance to win, and what a wrong decision is expected to cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Prior:
    """What was believed of the effect before the test: a normal distribution, flat when `std_dev` is infinite."""

    mean: float = 0.0
    std_dev: float = np.inf

    def __post_init__(self) -> None:
        if not np.isfinite(self.mean):
            raise ValueError(f"mean = {self.mean}: a finite effect. Write 0 if none is expected.")
        if not self.std_dev > 0:
            raise ValueError(f"std_dev = {self.std_dev}: above 0. Write how far past effects lay from the mean.")

    def __str__(self) -> str:
        if np.isinf(self.std_dev):
            return "flat prior"
        return f"normal prior, mean {self.mean:g}, standard deviation {self.std_dev:g}"


FLAT = Prior()


@dataclass(frozen=True)
class Posterior:
    """What is believed of an effect, more being better.

    `effect` and `std_dev` are the mean and standard deviation of the belief, `lower` and `upper` its central interval
    of level 1 - alpha, `chance_to_win` the probability that the effect is above 0. `loss_if_shipped` is what shipping
    is expected to lose (the mean of the effect where below 0, of 0 elsewhere), `loss_if_kept` what keeping the
    control forgoes; both in the unit of the effect and 0 or more. `prior` is what was believed before.
    """

    effect: float
    std_dev: float
    lower: float
    upper: float
    chance_to_win: float
    loss_if_shipped: float
    loss_if_kept: float
    alpha: float
    prior: Prior


def posterior(effect: float, std_error: float, *, prior: Prior = FLAT, alpha: float = 0.05) -> Posterior:
    """Belief in an effect that was estimated as `effect` with `std_error`, having started from `prior`.

    The estimate may be absolute or relative; the prior is in the same unit. Normal prior and normal likelihood
    (Gelman et al. 2013, section 2.5); expected losses are those of a normal belief. It does not correct for several
    metrics or arms, nor, under a flat prior, for looking often. An estimate that could not be made (NaN) gives NaN,
    whatever the prior. Assumes an estimate that is close to normal: tens of conversions, not a few.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for an interval of 95 %.")
    if std_error <= 0:
        raise ValueError(f"std_error = {std_error}: above 0, or NaN. Leave out an effect where nothing varies.")
    trust = 1 / (1 + (std_error / prior.std_dev) ** 2)  # the weight of the data; 1 under a flat prior
    mean = prior.mean + trust * (effect - prior.mean)
    std_dev = std_error * np.sqrt(trust)
    z = mean / std_dev
    reach = norm.isf(alpha / 2) * std_dev
    loss_if_shipped, loss_if_kept = (std_dev * (norm.pdf(z) - gain * norm.sf(gain)) for gain in (z, -z))
    return Posterior(
        effect=float(mean),
        std_dev=float(std_dev),
        lower=float(mean - reach),
        upper=float(mean + reach),
        chance_to_win=float(norm.cdf(z)),
        loss_if_shipped=float(loss_if_shipped),
        loss_if_kept=float(loss_if_kept),
        alpha=alpha,
        prior=prior,
    )
