"""An effect as customers came, day by day: what may be said at any look, what peeking would have said, and trends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers import parameters
from helpers.analyses.experiments.effect.lifts import in_words
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, in_groups
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Group
from helpers.analyses.experiments.validity.arrivals import planned_size
from helpers.analyses.experiments.validity.faults import distrust
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ASSIGNED_UP_TO,
    BAND_LOWER,
    BAND_P_VALUE,
    BAND_UPPER,
    DAY,
    EFFECT,
    EFFECT_POINTS,
    NAIVE_LOWER,
    NAIVE_P_VALUE,
    NAIVE_UPPER,
)
from helpers.findings import Finding, NotApplicable, Sentence, charts, formats
from helpers.findings.ink import SOFT_INK
from helpers.findings.vocabulary import CUSTOMERS, STD_ERROR
from helpers.statistics.designs import always_valid_p_value, band_reach, confidence_sequence, naive_error
from helpers.statistics.effects import Kind, Moments, Sample, compare, level, limits, tails
from helpers.statistics.inference import adjust

LEAST_TREND_DAYS = 3
MOST_ROWS = 8  # of the table, for one arm
MOST_LOOKS = 365  # for which the error of peeking is worked out; more add little to it
DRAWN_FROM = 0.2  # share of all customers: bands before that are too wide to draw


@dataclass(frozen=True)
class OverTime(Finding):
    """The effect on one metric of everybody assigned up to each day, and of those assigned on each day.

    Outcomes are those known today: this is what daily looks would have shown had each been known at once. `table` has
    a row an arm and look, with the customers of both arms; its band holds at any time, what is naive at a single look
    fixed beforehand: the last. `daily` has arm, day, days (since the first), effect, variance, weight. `trends` has
    arm, change_per_day, lower, upper, p_value, adjusted_p_value (over arms). Intervals are of level 1 - alpha for one
    arm, not for all together.
    """

    table: pd.DataFrame
    experiment: str
    label: str
    kind: Kind
    better: str  # higher or lower
    daily: pd.DataFrame
    trends: pd.DataFrame
    undated: int  # customers whose day of assignment is not known, left out
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    rules: Rules
    shown = (ARM, ASSIGNED_UP_TO, CUSTOMERS, EFFECT, BAND_LOWER, BAND_UPPER, NAIVE_P_VALUE)
    columns = (
        ARM,
        DAY,
        CUSTOMERS,
        EFFECT,
        STD_ERROR,
        BAND_LOWER,
        BAND_UPPER,
        BAND_P_VALUE,
        NAIVE_LOWER,
        NAIVE_UPPER,
        NAIVE_P_VALUE,
    )

    def summary(self) -> pd.DataFrame:
        """Every week, or every few, and the last day, with the band that holds at any time."""
        since = (self.table["day"] - self.table["day"].min()).dt.days
        weeks = 1 + since.max() // 7
        block = since // (7 * -(-weeks // MOST_ROWS))
        kept = ~self.table.assign(block=block).duplicated(["arm", "block"], keep="last")
        looks = self.table[kept].rename(columns={DAY: str(ASSIGNED_UP_TO)})
        return looks[list(self.shown)].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The cumulative effect within the band that holds at any time, around 0."""
        drawn_as, times = (EFFECT_POINTS, 100) if self.kind == "proportion" else (EFFECT, 1)
        whole = self.table.groupby("arm")["customers"].transform("max")
        drawn = self.table[self.table["customers"] >= DRAWN_FROM * whole]
        scaled = drawn.assign(**{column: times * drawn[column] for column in (EFFECT, BAND_LOWER, BAND_UPPER)})
        group = "arm" if drawn["arm"].nunique() > 1 else ""
        scaled = scaled.rename(columns={EFFECT: str(drawn_as)})
        ax = charts.line(scaled, x=DAY, y=drawn_as, group=group, band=(BAND_LOWER, BAND_UPPER), ax=ax)
        ax.axhline(0, color=SOFT_INK, linewidth=1, linestyle="--")
        return ax

    def headline(self) -> str:
        """What one look says, what daily peeking would have done, the band for any time, and whether a trend shows."""
        if self.distrust:
            return f"{self.experiment}: no day of it can be trusted. {self.distrust}"
        count = int(self.table.groupby("arm")["day"].size().max())
        error = naive_error(min(count, MOST_LOOKS), self.rules.alpha)
        regime = (
            f"{self.experiment}, {self.label}: a look after each of {count} days, each at p < {self.rules.alpha:g}, "
            f"would find something in {formats.percent(error)} of the tests in which nothing works; the decision "
            "rests on a band for any look while customers are assigned, and on one look after that."
        )
        undated = f"{self.undated:,} customers without a day of assignment are left out." if self.undated else ""
        arms = [self._arm_words(arm, looks) for arm, looks in self.table.groupby("arm", sort=False)]
        return " ".join(filter(None, [regime, *arms, self._trend_words(), undated]))

    def _arm_words(self, arm: str, looks: pd.DataFrame) -> str:
        today = looks.assign(kind=self.kind).iloc[-1]
        once = in_words(today.rename({"naive_lower": "lower", "naive_upper": "upper"}), self.rules.level)
        times = 100 if self.kind == "proportion" else 1
        band = formats.interval(times * today["band_lower"], times * today["band_upper"])
        peeking = _peeking(looks, self.rules.alpha, self.better)
        return f"{arm}: {once}; the band that holds at any look is {band}, {_at_any_time(looks)}. {peeking}"

    def _trend_words(self) -> str:
        tested = self.trends.dropna(subset="adjusted_p_value")
        if tested.empty:
            return "Too few days to tell whether the effect changes with the day of assignment."
        sure = tested[tested["adjusted_p_value"] < self.rules.alpha]
        if sure.empty:
            smallest = formats.p_value(tested["adjusted_p_value"].min())
            return f"No evidence that the effect grows or fades with the day of assignment ({smallest})."
        slopes = sure.rename(columns={"change_per_day": "effect"}).assign(kind=self.kind)
        changes = "; ".join(
            f"{row.arm} {in_words(row, self.rules.level)}, {formats.p_value(row.adjusted_p_value)}"
            for row in slopes.itertuples()
        )
        return (
            f"Each day of assignment changes the effect: {changes}. Novelty does that, so do later customers who had "
            f"less time to respond, and in {formats.percent(self.rules.alpha)} of experiments chance does."
        )


def over_time(
    trials: Sequence[Trial], rules: Rules = Rules(), metric: str = "", planned_customers: float | None = None
) -> tuple[OverTime | NotApplicable, ...]:
    """One finding an experiment: the effect on its primary metric, or on `metric`, by day of assignment.

    The band is an asymptotic confidence sequence (see `designs.confidence_sequence`), narrowest at
    `planned_customers` in all arms: a number declared before the first look, not today's; where none is, the customers
    of four weeks at the pace of the first. Of skewed means it allows for unequal arms, as the effects do. Looks begin
    with the rules' smallest arm. The trend is that of the daily effects by days since the first, weighted by
    n₁n₂/(n₁ + n₂), which does not depend on outcomes, with each day's own variances: the arm × day coefficient of a
    least-squares model with an effect for each day. Raises ValueError for a metric that no experiment has.
    """
    if metric and trials:
        parameters.one_of("metric", metric, sorted({name for trial in trials for name in trial.metrics}))
    answers = (
        _over_time(trial, metric or trial.primary, rules, planned_customers or planned_size(trial)) for trial in trials
    )
    return tuple(answers) or (NO_EXPERIMENTS,)


def _over_time(trial: Trial, metric: str, rules: Rules, planned: float) -> OverTime | NotApplicable:
    if metric not in trial.metrics or not trial.treatments:
        lacking = "second arm" if metric in trial.metrics else "value of the metric"
        return NotApplicable(f"experiment {trial.name} has no {lacking} up to this day.")
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    known = trial.cells.table["day"].notna()
    dated = replace(trial.cells, table=trial.cells.table[known])
    days = sorted(dated.table["day"].unique())
    if not days:
        return NotApplicable(f"{trial.name} does not say when customers were assigned: no effect by day.")
    if len(days) == 1:
        return NotApplicable(f"all customers of {trial.name} were assigned on {days[0]:%Y-%m-%d}: no effect by day.")
    extra = trial.metrics[metric]
    so_far, alone = dated.cumulative(metric, "day"), dated.moments(metric, ("variant", "day"))
    looks = [
        _looks(_pairs(so_far, trial.control, arm, days), extra.kind, rules, planned).assign(arm=arm)
        for arm in trial.treatments
    ]
    looks = pd.concat([table for table in looks if len(table) > 1] or looks[:1], ignore_index=True)
    if len(looks) < 2:
        least = rules.smallest_arm
        return NotApplicable(f"{trial.name} has not two days on which both arms had {least} customers and varied.")
    arms = looks["arm"].unique()
    daily = {arm: daily_effects(_pairs(alone, trial.control, arm, days), extra.kind) for arm in arms}
    trends = pd.DataFrame([{"arm": arm, **trend(daily[arm], rules.alpha)} for arm in arms])
    trends["adjusted_p_value"] = adjust(trends["p_value"], rules.correction)
    return OverTime(
        looks[list(OverTime.columns)],
        trial.name,
        extra.label,
        extra.kind,
        extra.better,
        pd.concat(daily, names=["arm"]).reset_index("arm").reset_index(drop=True),
        trends,
        undated=int(trial.cells.table.loc[~known, "rows"].sum()),
        distrust=distrust(trial, rules),
        rules=rules,
    )


Pair = tuple[pd.Timestamp, Moments, Moments]  # day, control, treatment


def _pairs(moments: Mapping[Group, Moments], control: str, arm: str, days: Sequence[Any]) -> Iterator[Pair]:
    """Control and treatment of every day on which both have a customer."""
    for day in days:
        untreated, treated = moments.get((control, day)), moments.get((arm, day))
        if untreated and treated and untreated.n and treated.n:
            yield day, untreated, treated


def _looks(pairs: Iterator[Pair], kind: Kind, rules: Rules, planned: float) -> pd.DataFrame:
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


def _at_any_time(looks: pd.DataFrame) -> str:
    """What the band says of 0, today and before."""
    out = (looks["band_lower"] > 0) | (looks["band_upper"] < 0)
    if out.iloc[-1]:
        return "which leaves 0 out"
    if out.any():
        return f"which holds 0 but left it out on {looks.loc[out.idxmax(), 'day']:%Y-%m-%d}"
    return "which holds 0"


def _peeking(looks: pd.DataFrame, alpha: float, better: str) -> str:
    """When daily looks without a correction would have called a result, and whether it lasted."""
    called = looks["naive_p_value"] < alpha
    if not called.any():
        return "Daily peeking would have called nothing."
    first = called.idxmax()
    way = "better" if (looks.loc[first, "effect"] > 0) == (better == "higher") else "worse"
    if called.loc[first:].all():
        lasted = "and stayed with it"
    else:
        lasted = "and taken it back on some later days" if called.iloc[-1] else "and lost it again later"
    return f"Daily peeking would have called it {way} on {looks.loc[first, 'day']:%Y-%m-%d} {lasted}."
