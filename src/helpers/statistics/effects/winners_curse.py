"""How much too large an effect looks that is told only because it was found: the winner's curse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm


class Exaggeration(NamedTuple):
    """The shrunken effect, and how many times as large effects look that are found where it is the true one."""

    shrunken: float
    factor: float  # infinite where the shrunken effect is 0


def exaggeration(effect: float, std_error: float, threshold: float) -> Exaggeration:
    """What is left of an effect that is told because it lies above `threshold`; all three in one unit, above 0.

    The shrunken effect is the truth under which half of the effects above the threshold are smaller than this one
    (median-unbiased given the selection; never below 0); the factor is the mean of effects above the threshold over it
    (type M error: Gelman & Carlin 2014). Assumes a normal estimate. NaN where the effect or its error is not known.
    Source: Zhong & Prentice (2008), whose conditional maximum likelihood is more biased here.
    """
    if np.isnan(effect + std_error + threshold):
        return Exaggeration(np.nan, np.nan)
    z, least = effect / std_error, threshold / std_error
    if z < least:
        raise ValueError(f"effect = {effect}: above the threshold ({threshold}). Ask only for effects that were found.")

    def beyond(truth: float) -> float:
        """Above 0 where more than half of the effects above the threshold are larger than this one."""
        return float(norm.logsf(z - truth) - norm.logsf(least - truth) + np.log(2))

    if beyond(0.0) >= 0:
        return Exaggeration(0.0, np.inf)
    truth = brentq(beyond, 0.0, z + 1)
    mean = truth + np.exp(norm.logpdf(least - truth) - norm.logsf(least - truth))
    return Exaggeration(truth * std_error, float(mean / truth))
