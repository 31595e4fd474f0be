"""Value tiers: customers by what they brought, from thresholds, quantiles or shares of revenue, with their benefits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers import parameters
from helpers.analyses.segmentation.groups import Groups, group, spans, unfit, unsorted_buyers
from helpers.analyses.segmentation.vocabulary import BENEFITS, TIER
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, formats
from helpers.statistics.distributions import scoring

METALS = ("Bronze 普通会员", "Silver 银卡会员", "Gold 金卡会员", "Platinum 白金会员", "Diamond 钻石会员")
MEMBERSHIP = ("普通", "银", "金", "白金", "VIP")
LEVELS = ("low", "mid", "high")
NAMES: Mapping[str, tuple[str, ...]] = {"metals": METALS, "membership": MEMBERSHIP, "levels": LEVELS}

USUAL = (0.50, 0.80, 0.95, 0.99)  # quantiles or shares where none are said, the first as many as there are cuts
DECIMALS = 4  # of money: sums that differ only in the order of adding are equal
WAYS = ("thresholds", "quantiles", "shares")


@dataclass(frozen=True)
class TierPlan:
    """How tiers are made: their names, lowest first, where they begin, and what each gives its members.

    `at` holds one number fewer than there are names, in rising order. By thresholds: money from which each tier but
    the lowest begins. By quantiles: the share of buyers below each of these. By shares: the part of revenue that the
    highest tier brings, the highest two together, and so on. Empty stands for `USUAL`. Raises ValueError for a plan
    that cannot be.
    """

    names: Sequence[str] = METALS
    by: str = "quantiles"
    at: Sequence[float] = ()
    benefits: Mapping[str, str] = field(default_factory=dict)  # name of the tier → what its members get

    def __post_init__(self) -> None:
        parameters.one_of("tiers.by", self.by, WAYS)
        if len(set(self.names)) != len(self.names) or len(self.names) < 2:
            raise ValueError(f"tiers.names = {list(self.names)}: give at least two different names, lowest first.")
        for name in self.benefits:
            parameters.one_of("tiers.benefits", name, self.names)
        if len(self.begins) != len(self.names) - 1 or not (np.diff(self.begins) >= 0).all():
            raise ValueError(
                f"tiers.at = {list(self.begins)}: {len(self.names)} tiers need {len(self.names) - 1} "
                "numbers in rising order."
            )
        if self.by != "thresholds" and not all(0 < share < 1 for share in self.begins):
            raise ValueError(f"tiers.at = {list(self.at)}: write shares between 0 and 1.")

    @property
    def begins(self) -> tuple[float, ...]:
        """`at`, or what is usual for this many tiers."""
        return tuple(self.at) or (() if self.by == "thresholds" else USUAL[: len(self.names) - 1])

    def frozen(self, cuts: Sequence[float]) -> TierPlan:
        """The same tiers from the thresholds of an earlier report; as it is where there are none."""
        return replace(self, by="thresholds", at=tuple(cuts)) if len(cuts) else self


def plan_from(words: Mapping[str, Any]) -> TierPlan:
    """The plan that a setting such as {"names": "levels", "by": "shares", "at": [0.5, 0.8]} makes.

    `names` is one of metals, membership and levels, or a list. Raises ValueError for another key or what `TierPlan`
    refuses.
    """
    for key in words:
        parameters.one_of("tiers", key, [each.name for each in fields(TierPlan)])
    names = words.get("names", METALS)
    if isinstance(names, str):
        names = NAMES[parameters.one_of("tiers.names", names, NAMES)]
    return TierPlan(**{**words, "names": tuple(names)})


def tiers(data: Dataset, plan: TierPlan = TierPlan()) -> Groups | NotApplicable:
    """The value tier of every customer by net revenue so far.

    A tier begins at its cut, in the data set's currency; equal customers are never parted. Customers without a
    completed order are in the lowest tier. The cuts are those of the result: `plan.frozen(cuts)` keeps them.
    """
    missing = unfit(data)
    if missing:
        return missing
    spent = unsorted_buyers(data)["monetary"].round(DECIMALS)
    if plan.by == "shares" and not spent.gt(0).any():
        return NotApplicable("no customer brought any revenue, so it has no shares.")
    cuts = tier_cuts(spent, plan)
    rules = dict(reversed(list(zip(plan.names, spans(cuts, "revenue"), strict=True))))
    groups = group(data, tier_labels(spent, plan.names, cuts), rules, others=plan.names[0])
    return replace(groups, table=_with_benefits(groups.table, plan), cuts=cuts, remark=_remark(data, plan, cuts))


def tier_cuts(spent: pd.Series, plan: TierPlan) -> tuple[float, ...]:
    """The revenue at which each tier but the lowest begins, for buyers who spent `spent`."""
    if plan.by == "thresholds":
        return plan.begins
    if plan.by == "quantiles":
        return tuple(float(cut) for cut in np.quantile(spent, plan.begins))
    return _concentration_cuts(spent.to_numpy(dtype=float), plan.begins)


def tier_labels(spent: pd.Series, names: Sequence[str], cuts: Sequence[float]) -> pd.Series:
    """The tier of each of the buyers who spent `spent`; categorical, the best tier first."""
    codes = len(names) - scoring.scores(spent, cuts)
    return pd.Series(pd.Categorical.from_codes(codes, list(reversed(names))), index=spent.index, name="tier")


def _concentration_cuts(spent: np.ndarray, shares: Sequence[float]) -> tuple[float, ...]:
    """What the last customer spent who is needed, from the largest down, to bring each share of positive revenue."""
    largest_first = np.sort(spent[spent > 0])[::-1]
    brought = np.cumsum(largest_first)
    last = np.searchsorted(brought, np.asarray(shares) * brought[-1] * (1 - 1e-12))  # sums of money are not exact
    return tuple(float(cut) for cut in largest_first[last][::-1])


def _with_benefits(profile: pd.DataFrame, plan: TierPlan) -> pd.DataFrame:
    return profile.assign(**{BENEFITS: profile[TIER].map(plan.benefits).fillna("")}) if plan.benefits else profile


def _remark(data: Dataset, plan: TierPlan, cuts: Sequence[float]) -> str:
    shares = ", ".join(formats.percent(share) for share in plan.begins)
    origin = {
        "thresholds": "as given",
        "quantiles": "quantiles of the buyers' revenue",
        "shares": f"the tiers from the top down bring {shares} of revenue together",
    }[plan.by]
    return f"Tiers begin at {', '.join(formats.money(cut, data.settings.currency) for cut in cuts)} ({origin})."
