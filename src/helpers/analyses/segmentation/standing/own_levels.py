"""The level that the shop itself gave each customer, to stand beside the bands that are reckoned from money."""

from __future__ import annotations

from helpers.analyses.segmentation.groups import Groups, group, unfit
from helpers.analyses.segmentation.vocabulary import LEVEL
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, analysis, say
from helpers.findings.folding import MOST_GROUPS, folded_groups


@analysis
def own_levels(data: Dataset) -> Groups | NotApplicable:
    """The level of every customer as the data have it, those whose customers brought most in the mean first.

    Rare levels are one group, and so are customers without a level. NotApplicable where the data have no level.
    """
    missing = unfit(data)
    if missing:
        return missing
    known = data.customers.set_index("customer_id")
    if LEVEL not in known or known[LEVEL].nunique() < 2:
        return NotApplicable(say("this data set has no levels of customers of its own."))
    labels = folded_groups(known[LEVEL], MOST_GROUPS).rename(str(LEVEL))
    best = known["monetary"].groupby(labels, observed=True).mean().sort_values(ascending=False, kind="stable").index
    rule = say("as the shop's own data say")
    return group(data, labels, dict.fromkeys(best, rule), others=best[-1])
