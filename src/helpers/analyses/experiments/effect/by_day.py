"""An effect as customers came, day by day: what may be said at any look, what peeking would have said, and trends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.experiments.effect.daily_looks import daily_effects, looks_of, pairs_of, trend
from helpers.analyses.experiments.effect.sizes import limits, size, told
from helpers.analyses.experiments.effect.vocabulary import (
    ASSIGNED_UP_TO,
    BAND_LOWER,
    BAND_P_VALUE,
    BAND_UPPER,
    CALLED,
    DAY,
    NAIVE_LOWER,
    NAIVE_P_VALUE,
    NAIVE_UPPER,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, in_groups, nothing_to_compare
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.arrivals import planned_size
from helpers.analyses.experiments.validity.faults import distrust, not_to_be_trusted
from helpers.analyses.experiments.vocabulary import ARM, EFFECT, EFFECT_STD_ERROR, KIND
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.drawing.ink import SOFT_INK
from helpers.findings.vocabulary import CUSTOMERS
from helpers.statistics.designs import naive_error
from helpers.statistics.effects import Kind
from helpers.statistics.inference import adjust

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
    shown = (ARM, ASSIGNED_UP_TO, CUSTOMERS, EFFECT, BAND_LOWER, BAND_UPPER, NAIVE_P_VALUE, KIND)
    columns = (
        ARM,
        DAY,
        CUSTOMERS,
        KIND,
        EFFECT,
        BAND_LOWER,
        BAND_UPPER,
        EFFECT_STD_ERROR,
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
        whole = self.table.groupby("arm")["customers"].transform("max")
        drawn = self.table[self.table["customers"] >= DRAWN_FROM * whole]
        group, effect = "arm" if drawn["arm"].nunique() > 1 else "", EFFECT.of_kind(self.kind)
        ax = charts.line(drawn, x=DAY, y=effect, group=group, band=(BAND_LOWER, BAND_UPPER), ax=ax)
        ax.axhline(0, color=SOFT_INK, linewidth=1, linestyle="--")
        return ax

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Does the effect of {experiment} hold whenever one looks?", experiment=facts.Name(self.experiment))

    def headline(self) -> Sentence:
        """Whether an effect holds at any look, or at one; below it each arm, what peeking would do, and trends."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        count = int(self.table.groupby("arm")["day"].size().max())
        by_arm = [(arm, looks) for arm, looks in self.table.groupby("arm", sort=False)]
        return self._claim().resting_on(
            *(each for arm, looks in by_arm for each in self._arm_words(arm, looks)),
            say(
                "A look after each of {days} days by the usual bar finds something in {share} of the tests in which "
                "nothing works.",
                days=facts.Count(count),
                share=facts.Share(naive_error(min(count, MOST_LOOKS), self.rules.alpha)),
            ),
            *self._trend_words(),
            say("{customers} customers without a day of assignment are left out.", customers=facts.Count(self.undated))
            if self.undated
            else None,
        )

    def _claim(self) -> Sentence:
        """The surest thing that can be said of any arm as of the last day."""
        last = self.table.groupby("arm", sort=False).tail(1).sort_values("band_p_value", kind="stable")
        experiment = facts.Name(self.experiment)
        held = last[(last["band_lower"] > 0) | (last["band_upper"] < 0)]
        if len(held):
            row = held.iloc[0]
            least = row["band_lower"] if row["effect"] > 0 else row["band_upper"]
            return say(
                "{experiment} · {arm}: the effect holds whenever one looks, at least {effect}.",
                experiment=experiment,
                arm=facts.Name(row["arm"]),
                effect=size(least, self.kind),
            )
        once = last[last["naive_p_value"] < self.rules.alpha]
        if len(once):
            row = once.sort_values("naive_p_value", kind="stable").iloc[0]
            return say(
                "{experiment} · {arm}: {effect}, if one looks only once, at the end.",
                experiment=experiment,
                arm=facts.Name(row["arm"]),
                effect=size(row["effect"], self.kind),
            )
        return say("No evidence of an effect of {experiment}, whenever one looks.", experiment=experiment)

    def _arm_words(self, arm: str, looks: pd.DataFrame) -> list[Sentence]:
        """The effect of an arm at the last look, its band, and what peeking would have called."""
        today = looks.iloc[-1]
        out = (looks["band_lower"] > 0) | (looks["band_upper"] < 0)
        names = {
            "arm": facts.Name(arm),
            "effect": size(today["effect"], self.kind),
            "level": facts.Name(self.rules.level),
            "interval": limits(today["naive_lower"], today["naive_upper"], self.kind),
            "band": limits(today["band_lower"], today["band_upper"], self.kind),
        }
        if out.iloc[-1]:
            now = say(
                "{arm}: {effect} at the end ({level} interval {interval}); at any look {band}, which leaves 0 out.",
                **names,
            )
        elif out.any():
            now = say(
                "{arm}: {effect} at the end ({level} interval {interval}); at any look {band}, which holds 0 but left "
                "it out on {day}.",
                **names,
                day=facts.Day(looks.loc[out.idxmax(), "day"]),
            )
        else:
            now = say(
                "{arm}: {effect} at the end ({level} interval {interval}); at any look {band}, which holds 0.", **names
            )
        return [now, peeking(looks, self.rules.alpha, self.better)]

    def _trend_words(self) -> list[Sentence]:
        """Whether the effect changes with the day of assignment."""
        tested = self.trends.dropna(subset="adjusted_p_value")
        if tested.empty:
            return [say("Too few days to tell whether the effect changes with the day of assignment.")]
        sure = tested[tested["adjusted_p_value"] < self.rules.alpha]
        if sure.empty:
            smallest = facts.PValue(tested["adjusted_p_value"].min())
            return [say("No evidence that the effect grows or fades with the day of assignment ({p}).", p=smallest)]
        slopes = sure.rename(columns={"change_per_day": "effect"}).assign(kind=self.kind)
        changes = [
            say(
                "Each day of assignment changes the effect of {arm} by {effect} ({level} interval {interval}), {p}.",
                arm=facts.Name(row.arm),
                p=facts.PValue(row.adjusted_p_value),
                **told(row, self.rules.level),
            )
            for row in slopes.itertuples()
        ]
        causes = say(
            "Novelty does that, so do later customers who had less time to respond, and in {share} of experiments "
            "chance does.",
            share=facts.Name(f"{100 * self.rules.alpha:g}%"),
        )
        return [*changes, causes]


def peeking(looks: pd.DataFrame, alpha: float, better: str) -> Sentence:
    """When daily looks without a correction would have called a result, and whether it lasted.

    `looks` are those of one arm, `better` says which way the metric is.
    """
    called = looks["naive_p_value"] < alpha
    if not called.any():
        return say("Daily peeking would have called nothing.")
    first = called.idxmax()
    gained = (looks.loc[first, "effect"] > 0) == (better == "higher")
    names = {"way": facts.Word("better" if gained else "worse", CALLED), "day": facts.Day(looks.loc[first, "day"])}
    if called.loc[first:].all():
        return say("Daily peeking would have called it {way} on {day} and stayed with it.", **names)
    if called.iloc[-1]:
        return say("Daily peeking would have called it {way} on {day} and taken it back on some later days.", **names)
    return say("Daily peeking would have called it {way} on {day} and lost it again later.", **names)


@analysis
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
        return nothing_to_compare(trial, metric)
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    experiment, known = facts.Name(trial.name), trial.cells.table["day"].notna()
    dated = replace(trial.cells, table=trial.cells.table[known])
    days = sorted(dated.table["day"].unique())
    if not days:
        return NotApplicable(
            say("{experiment} does not say when customers were assigned: no effect by day.", experiment=experiment)
        )
    if len(days) == 1:
        return NotApplicable(
            say(
                "all customers of {experiment} were assigned on {day}: no effect by day.",
                experiment=experiment,
                day=facts.Day(days[0]),
            )
        )
    extra = trial.metrics[metric]
    so_far, alone = dated.cumulative(metric, "day"), dated.moments(metric, ("variant", "day"))
    looks = [
        looks_of(pairs_of(so_far, trial.control, arm, days), extra.kind, rules, planned).assign(arm=arm)
        for arm in trial.treatments
    ]
    looks = pd.concat([table for table in looks if len(table) > 1] or looks[:1], ignore_index=True)
    if len(looks) < 2:
        return NotApplicable(
            say(
                "{experiment} has not two days on which both arms had {customers} customers and varied.",
                experiment=experiment,
                customers=facts.Count(rules.smallest_arm),
            )
        )
    arms = looks["arm"].unique()
    daily = {arm: daily_effects(pairs_of(alone, trial.control, arm, days), extra.kind) for arm in arms}
    trends = pd.DataFrame([{"arm": arm, **trend(daily[arm], rules.alpha)} for arm in arms])
    trends["adjusted_p_value"] = adjust(trends["p_value"], rules.correction)
    return OverTime(
        looks.assign(kind=extra.kind)[list(OverTime.columns)],
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
