"""Value tiers: customers by what they brought of late, from thresholds, quantiles or shares of revenue, with benefits.

A tier by money ever spent could only rise. So tiers count a window: who stops ordering falls as orders leave it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import ibis
import numpy as np
import pandas as pd

from helpers import parameters
from helpers.analyses.segmentation.groups import FEWEST_BUYERS, Groups, group, spans, unfit, unsorted_buyers
from helpers.analyses.segmentation.vocabulary import BENEFITS, TIER
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.snapshot import order_days
from helpers.findings import NotApplicable, Sentence, facts, say
from helpers.statistics.distributions import scoring

BANDS = ("Band 1 一档", "Band 2 二档", "Band 3 三档", "Band 4 四档", "Band 5 五档")  # no card bears these names
METALS = ("Bronze 普通会员", "Silver 银卡会员", "Gold 金卡会员", "Platinum 白金会员", "Diamond 钻石会员")
MEMBERSHIP = ("普通", "银", "金", "白金", "VIP")
LEVELS = ("low", "mid", "high")
NAMES: Mapping[str, tuple[str, ...]] = {"bands": BANDS, "metals": METALS, "membership": MEMBERSHIP, "levels": LEVELS}

USUAL = (0.50, 0.80, 0.95, 0.99)  # quantiles or shares where none are said, the first as many as there are cuts
WAYS = ("thresholds", "quantiles", "shares")
USUAL_MONTHS, LONGEST_MONTHS = 12, 120


@dataclass(frozen=True)
class TierPlan:
    """How tiers are made: their names, lowest first, where they begin, and what each gives its members.

    `at` holds one number fewer than there are names, in rising order. By thresholds: money from which each tier but
    the lowest begins. By quantiles: the share of buyers below each of these. By shares: the part of revenue that the
    highest tier brings, the highest two together, and so on. Empty stands for `USUAL`. Money is that of the last
    `months`, for 0 all money so far; buyers are those who brought some in that time. Raises ValueError for a plan that
    cannot be.
    """

    names: Sequence[str] = BANDS
    by: str = "quantiles"
    at: Sequence[float] = ()
    benefits: Mapping[str, str] = field(default_factory=dict)  # name of the tier → what its members get
    months: int = USUAL_MONTHS

    def __post_init__(self) -> None:
        parameters.one_of("tiers.by", self.by, WAYS)
        parameters.between("tiers.months", self.months, 0, LONGEST_MONTHS)
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
    def window(self) -> Sentence:
        """The time whose money counts."""
        if not self.months:
            return say("all time")
        return say("the last {months} months", months=facts.Count(self.months))

    @property
    def begins(self) -> tuple[float, ...]:
        """`at`, or what is usual for this many tiers."""
        return tuple(self.at) or (() if self.by == "thresholds" else USUAL[: len(self.names) - 1])

    def frozen(self, cuts: Sequence[float]) -> TierPlan:
        """The same tiers from the thresholds of an earlier report; as it is where there are none."""
        return replace(self, by="thresholds", at=tuple(cuts)) if len(cuts) else self


def plan_from(words: Mapping[str, Any]) -> TierPlan:
    """The plan that a setting such as {"names": "levels", "by": "shares", "at": [0.5, 0.8]} makes.

    `names` is one of bands, metals, membership and levels, or a list; left out, those that the benefits are of, else
    bands. Raises ValueError for another key or what `TierPlan` refuses.
    """
    for key in words:
        parameters.one_of("tiers", key, [each.name for each in fields(TierPlan)])
    names = words.get("names", _names_of(words.get("benefits", {})))
    if isinstance(names, str):
        names = NAMES[parameters.one_of("tiers.names", names, NAMES)]
    return TierPlan(**{**words, "names": tuple(names)})


def _names_of(benefits: Mapping[str, str]) -> tuple[str, ...]:
    """The names among which all those that have benefits are; bands where no names have them all."""
    return next((names for names in NAMES.values() if benefits.keys() <= set(names)), BANDS)


def tiers(data: Dataset, plan: TierPlan = TierPlan()) -> Groups | NotApplicable:
    """The value tier of every customer by net revenue within the plan's window.

    A tier begins at its cut, in the data set's currency; equal customers are never parted. Who brought nothing in that
    time is in the lowest tier. The cuts are those of the result: `plan.frozen(cuts)` keeps them.
    """
    missing = unfit(data)
    if missing:
        return missing
    money = _money(data, plan.months)
    spent = money["spent"]
    brought = int(spent.gt(0).sum())
    if plan.by != "thresholds" and brought < FEWEST_BUYERS:
        few = say(
            "{brought} customers brought revenue in {window}, and tiers need at least {least}.",
            brought=facts.Count(brought),
            window=plan.window,
            least=facts.Count(FEWEST_BUYERS),
        )
        return NotApplicable(few)
    cuts = tier_cuts(spent, plan)
    rules = dict(
        reversed(list(zip(plan.names, spans(cuts, say("revenue of {window}", window=plan.window)), strict=True)))
    )
    labels = tier_labels(spent, plan.names, cuts)
    groups = group(data, labels, rules, others=plan.names[0])
    remarks = (*_beginnings(data, plan, cuts), outlook(data, plan, labels, cuts, money["kept"]))
    return replace(groups, table=_with_benefits(groups.table, plan), cuts=cuts, remarks=remarks)


def spent_within(data: Dataset, months: int) -> pd.Series:
    """customer_id → net revenue of each buyer in the last `months` before the report's day; for 0 so far."""
    return _money(data, months)["spent"]


def _money(data: Dataset, months: int) -> pd.DataFrame:
    """`spent_within` of each buyer, and `kept`: what of it will count a month later too."""
    bought = unsorted_buyers(data, ["monetary"])
    if not months:
        return bought.set_axis(["spent"], axis="columns").assign(kept=bought["monetary"])
    since, later = (ibis.date(_months_before(data.as_of, counted)) for counted in (months, months - 1))
    days = order_days(data.tables["orders"], data.settings.policy)
    recent = days.filter(days.day > since)
    sums = {"spent": engine.total(recent.net), "kept": engine.total(recent.net, where=recent.day > later)}
    spent = recent.group_by("customer_id").agg(**sums).execute().set_index("customer_id")
    return spent.astype(float).reindex(bought.index).fillna(0.0)


def outlook(data: Dataset, plan: TierPlan, labels: pd.Series, cuts: Sequence[float], kept: pd.Series) -> Sentence:
    """What tiers can do: whether they fall, from when on, and how many would within a month without an order.

    `kept` is the money that will count then.
    """
    if not plan.months:
        return say("They count all money so far: a tier can rise, and falls only by money given back.")
    first = data.customers["first_order_on"].min().date()
    oldest = _months_before(data.as_of, plan.months)
    if first > oldest:
        falls = facts.Day((pd.Timestamp(first) + pd.DateOffset(months=plan.months)).date())
        return say(
            "Tiers rise with orders, and fall as these leave {window}: from {day} on.", window=plan.window, day=falls
        )
    next_month = tier_labels(kept, plan.names, cuts)
    falling = int((next_month.cat.codes > labels.cat.codes.reindex(next_month.index)).sum())
    return say(
        "Tiers fall as orders leave {window}: without another order {falling} customers would fall within a month.",
        window=plan.window,
        falling=facts.Count(falling),
    )


def _months_before(day: dt.date, months: int) -> dt.date:
    return (pd.Timestamp(day) - pd.DateOffset(months=months)).date()


def tier_cuts(spent: pd.Series, plan: TierPlan) -> tuple[float, ...]:
    """The revenue at which each tier but the lowest begins, for buyers who spent `spent`; it is above 0."""
    if plan.by == "thresholds":
        return plan.begins
    if plan.by == "quantiles":
        return tuple(float(cut) for cut in np.quantile(spent[spent > 0], plan.begins))
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


def _beginnings(data: Dataset, plan: TierPlan, cuts: Sequence[float]) -> tuple[Sentence, Sentence]:
    """Where tiers begin, and why there."""
    begins = facts.Listed(tuple(facts.Price(cut, data.settings.currency) for cut in cuts))
    if plan.by == "thresholds":
        origin = say("These thresholds are given.")
    elif plan.by == "quantiles":
        origin = say("They are quantiles of the buyers' revenue in {window}.", window=plan.window)
    else:
        origin = say(
            "From the top down the tiers bring {shares} of revenue in {window} together.",
            shares=facts.Listed(tuple(map(facts.Share, plan.begins))),
            window=plan.window,
        )
    return say("Tiers begin at {begins}.", begins=begins), origin
