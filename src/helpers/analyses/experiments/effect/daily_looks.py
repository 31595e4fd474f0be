"""The arithmetic of an effect by day: cumulative looks with a band that holds at any of them, and daily trends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Group
from helpers.statistics.designs import always_valid_p_value, band_reach, confidence_sequence
from helpers.statistics.effects import Kind, Moments, Sample, compare, level, limits, tails

LEAST_TREND_DAYS = 3

Pair = tuple[pd.Timestamp, Moments, Moments]  # day, control, treatment


def pairs_of(moments: Mapping[Group, Moments], control: str, arm: str, days: Sequence[Any]) -> Iterator[Pair]:
    """Control and treatment of every day on which both have a customer."""
    for day in days:
        untreated, treated = moments.get((control, day)), moments.get((arm, day))
        if untreated and treated and untreated.n and treated.n:
            yield day, untreated, treated


def looks_of(pairs: Iterator[Pair], kind: Kind, rules: Rules, planned: float) -> pd.DataFrame:
    """The cumulative effect at every day from which it can be tested; the arm is not among the columns of `looks`."""
    large = [pair for pair in pairs if min(arm.n for arm in pair[1:]) >= rules.smallest_arm]
    met = [compare(control, treatment, kind=kind, alpha=rules.alpha) for _, control, treatment in large]
    rows = [
        (day, control.n + treatment.n, each.effect, each.std_error, each.lower, each.upper, each.p_value)
        for (day, control, treatment), each in zip(large, met, strict=True)
    ]
    names = ["day", "customers", "effect", "std_error", "naive_lower", "naive_upper", "naive_p_value"]
    table = pd.DataFrame(rows, columns=names)
    varies = table["std_error"].notna()
    table, large = table[varies].reset_index(drop=True), [large[place] for place in np.flatnonzero(varies)]
    if table.empty:
        return table
    effects = table["effect"], table["std_error"], table["customers"]
    band = confidence_sequence(*effects, alpha=rules.alpha, tuning=planned)
    table = table.join(band[["lower", "upper", "p_value"]].add_prefix("band_"))
    return _allowing_for_skewness(table, large, rules.alpha, planned) if kind in ("mean", "count") else table


def _allowing_for_skewness(table: pd.DataFrame, pairs: Sequence[Pair], alpha: float, planned: float) -> pd.DataFrame:
    """The looks with p-values, intervals and band that hold for skewed values in unequal arms too."""
    control, treatment = (Sample.of_each(pair[place] for pair in pairs) for place in (1, 2))
    p_value = np.minimum(2 * np.minimum(*tails(control, treatment)), 1)
    lower, upper = limits(
        lambda supposed: tails(control.plus(supposed), treatment), table["effect"], table["std_error"], alpha
    )
    reach = band_reach(table["customers"], alpha=alpha, tuning=planned) / norm.isf(alpha / 2)
    at_any = always_valid_p_value(p_value, table["customers"], alpha=alpha, tuning=planned)
    return table.assign(
        naive_lower=lower,
        naive_upper=upper,
        naive_p_value=p_value,
        band_lower=table["effect"] + reach * (lower - table["effect"]),
        band_upper=table["effect"] + reach * (upper - table["effect"]),
        band_p_value=np.fmin.accumulate(at_any),
    )


def daily_effects(pairs: Iterator[Pair], kind: Kind) -> pd.DataFrame:
    """Effect of each day's own customers, with a variance that is unbiased however few they are, and its weight.

    Returns day, days (since the first), effect, variance, weight; days with one customer in an arm are left out, for
    which no variance is known.
    """
    rows = []
    for day, *both in pairs:
        # s²/n, also of shares: p(1 − p)/n is too small where few come
        control, treatment = (level(arm, "ratio" if kind == "ratio" else "mean") for arm in both)
        n, m = (arm.n for arm in both)
        rows.append((day, treatment.value - control.value, control.variance + treatment.variance, n * m / (n + m)))
    table = pd.DataFrame(rows, columns=["day", "effect", "variance", "weight"])
    table.insert(1, "days", (table["day"] - table["day"].min()) / pd.Timedelta(days=1))
    return table.dropna().reset_index(drop=True)


def trend(daily: pd.DataFrame, alpha: float = 0.05) -> dict[str, float]:
    """Weighted slope of daily effects over days: change_per_day, lower, upper, p_value; NaN for too few days."""
    if len(daily) < LEAST_TREND_DAYS or not daily["variance"].any():
        return dict.fromkeys(["change_per_day", "lower", "upper", "p_value"], np.nan)
    days, effect, variance, weight = (daily[name].to_numpy() for name in ("days", "effect", "variance", "weight"))
    lever = weight * (days - np.average(days, weights=weight))
    slope, std_error = lever @ effect / (lever @ days), np.sqrt(lever**2 @ variance) / (lever @ days)
    reach = norm.isf(alpha / 2) * std_error
    p_value = 2 * norm.sf(abs(slope / std_error))
    return {"change_per_day": slope, "lower": slope - reach, "upper": slope + reach, "p_value": p_value}
