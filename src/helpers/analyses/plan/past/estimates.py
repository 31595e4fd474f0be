"""Differences of the arms of a plan: of shares, and of money; and what one would claim without arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.plan.vocabulary import ARM, HOLDOUT_SHARE, PLAN_ON
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.findings.evidence import LEAST_AT_RISK, Z
from helpers.statistics.effects import (
    Differences,
    EffectOnReached,
    Moments,
    anderson_rubin,
    differences,
    equal_effects,
    skewed_difference,
    wald,
)
from helpers.statistics.shares import wilson_interval

CAPPED_AT = 0.99  # quantile of the money of those who spent, beyond which it counts as the quantile
LEAST_REACHED = 0.05  # lower end of the share done, below which the effect on those reached is not told
ONE_SIDED = 0.02  # share of those held out who got it, up to which nobody held out counts as reached
LEFT, SPEND = "left", "spend"
# Reports of growing plans, at any of which a verdict holds: the first has half of the 5 %, the others the rest.
LOOKS = 12
FIRST_REACH, LATER_REACH = 2.24, 2.75  # standard errors
FIRST_LEVEL, LATER_LEVEL = (float(2 * norm.sf(reach)) for reach in (FIRST_REACH, LATER_REACH))  # of a test at each


@dataclass(frozen=True)
class ArmDifference:
    """The difference as assigned over all plans, with limits and p-value that hold for money and few held out."""

    effect: float
    lower: float
    upper: float
    p_value: float
    both: Differences  # of the outcome and of the share done
    alike: float  # how often chance would make plans differ so much; NaN for fewer than two large ones
    plans: int  # that were combined

    @property
    def at_any_look(self) -> tuple[float, float]:
        """Limits that hold at whichever of twelve reports one decides by, a plan more in each (see `LOOKS`)."""
        wider = (LATER_REACH if self.plans > 1 else FIRST_REACH) / Z
        return self.effect - wider * (self.effect - self.lower), self.effect + wider * (self.upper - self.effect)

    @property
    def chance_positive(self) -> float:
        """How sure it is that the difference is above 0, by the limit on the side of 0."""
        reach = (self.effect - self.lower if self.effect > 0 else self.upper - self.effect) / Z
        return float(norm.cdf(self.effect / reach)) if reach > 0 else np.nan


def arm_difference(rows: pd.DataFrame, value: pd.Series) -> ArmDifference:
    """The difference of a value between the arms, each plan's customers beside those held out of the same plan.

    Plans count by their customers, n·m ÷ (n + m) of n held out and m others (Mantel & Haenszel 1959). By the variances
    they seem to have, as one might, a plan whose few held out bought nothing would count most. Limits and p-value
    allow for skewed money in unequal arms (see `skewed_difference`).
    """
    held = pd.DataFrame({"value": value, "done": rows["done"].astype(float)}).dropna()
    known = rows.loc[held.index]
    plan, is_held_out = known.groupby([PLAN_ON, HOLDOUT_SHARE]).ngroup().to_numpy(), (known[ARM] == HOLDOUT).to_numpy()
    arms = [Moments.of(each) for each in _evened(held, plan, is_held_out)]
    found = skewed_difference(*(arm.select("value") for arm in arms), kind="mean")
    return ArmDifference(
        found.effect,
        found.lower,
        found.upper,
        found.p_value,
        differences(*arms),
        _alike(held, plan, is_held_out),
        len(np.unique(plan)),
    )


def _evened(held: pd.DataFrame, plan: np.ndarray, is_held_out: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those held out and the others, less the mean of their plan, weighted so that plans count alike in both arms."""
    sizes = np.array([np.bincount(plan[arm], minlength=plan.max(initial=0) + 1) for arm in (is_held_out, ~is_held_out)])
    weights = sizes.prod(axis=0) / np.maximum(sizes.sum(axis=0), 1)
    arm = np.where(is_held_out, 0, 1)
    factor = weights[plan] / max(weights.sum(), 1e-9) * sizes.sum(axis=1)[arm] / sizes[arm, plan]
    evened = (held - held.groupby(plan).transform("mean")).mul(factor, axis="index")
    return evened[is_held_out], evened[~is_held_out]


def _alike(held: pd.DataFrame, plan: np.ndarray, is_held_out: np.ndarray) -> float:
    """p-value of the test that all plans with enough customers in both arms changed as much."""
    each = [(held[is_held_out & (plan == place)], held[~is_held_out & (plan == place)]) for place in np.unique(plan)]
    large = [differences(*map(Moments.of, arms)) for arms in each if min(map(len, arms)) >= LEAST_AT_RISK]
    known = [(found.outcome, found.covariance[0, 0] ** 0.5) for found in large if found.covariance[0, 0] > 0]
    return equal_effects(*np.reshape(known, (-1, 2)).T).p_value


def money(rows: pd.DataFrame) -> pd.Series:
    """Spend of each, capped, less what the spend before explains of it."""
    after, before = (_capped(rows[name].fillna(0.0)) for name in (SPEND, f"{SPEND}_before"))
    by_arm = rows[ARM]
    centred = [each - each.groupby(by_arm).transform("mean") for each in (after, before)]
    varies = float(centred[1] @ centred[1])
    slope = float(centred[0] @ centred[1]) / varies if varies > 0 else 0.0
    return after - slope * (before - before.mean())


def _capped(money: pd.Series) -> pd.Series:
    spent = money[money != 0]
    return money.clip(upper=spent.quantile(CAPPED_AT)) if len(spent) else money


def on_reached(found: Differences, assigned: pd.DataFrame, contaminated: float) -> EffectOnReached:
    """The effect on those reached; nothing where too few were for it to be told."""
    least, _ = wilson_interval(int(assigned["done"].sum()), len(assigned))
    if least < LEAST_REACHED:
        return EffectOnReached(np.nan, np.nan, np.nan)
    return wald(found) if contaminated > ONE_SIDED else anderson_rubin(found)


def claim(rows: pd.DataFrame, outcome: str) -> float:
    """What one would claim with nobody held out: those who got it beside their days before, or who did not get it."""
    got = rows[(rows[ARM] == TREAT) & rows["done"]]
    if outcome != LEFT:
        return float((got[outcome] - got[f"{outcome}_before"]).mean())
    missed = rows[(rows[ARM] == TREAT) & ~rows["done"]]
    return float(got[outcome].mean() - missed[outcome].mean())
