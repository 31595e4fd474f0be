"""What all findings mean by "beyond chance": one level of significance, and the intervals that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from helpers.findings import facts
from helpers.findings.sentence import Sentence, say

SIGNIFICANCE = 0.05  # a p-value below it is beyond chance
CI = "95% CI"  # what an interval of 1 - SIGNIFICANCE is called
Z = NormalDist().inv_cdf(1 - SIGNIFICANCE / 2)  # standard errors that it reaches to each side
TAILS = (SIGNIFICANCE / 2, 1 - SIGNIFICANCE / 2)  # the quantiles at which it begins and ends
TOLERATED_BIAS = 0.1  # share of what came: what a forecast may be off in all, as good ones are in published trials
LEAST_AT_RISK = 20  # customers who are watched: of fewer no share, median or rate is told
ASSOCIATION = say("This is an association, not an effect.")
DRAWN_TOGETHER = say("Values are drawn towards the mean of all, the more the less sure they are.")


def undrawn(told: Sequence[facts.Fact], shown: Sequence[facts.Fact]) -> Sentence | None:
    """What figure and table show of two groups of which a headline tells values drawn together; None where the same."""
    if list(map(str, told)) == list(map(str, shown)):
        return None
    return say("Before that, as in figure and table: {most} and {least}.", most=shown[0], least=shown[1])
