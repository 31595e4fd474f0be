"""Onboarding: how many newcomers take each step within their first 7 and 30 days, by the time when they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.beginning.newcomers import Arrival, Newcomers, newcomers
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import (
    CAME_IN,
    NEWCOMERS,
    REACHED_7D_SHARE,
    REACHED_30D_SHARE,
    STEP,
    TREND_P_VALUE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, Direction, News, Topic, sureness
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.inference import adjust
from helpers.statistics.shares import trend_in_shares, wilson_interval

SOON, LATER = 7, 30  # days in which a step is early
LAYOUTS = {"M": "%Y-%m", "Q": "%Y Q%q", "Y": "%Y"}
MOST_DRAWN = 12  # cohorts, the latest
NEWEST = 3  # months that count as the newest, where there is money at stake
COUNTS = {SOON: REACHED_7D_SHARE, LATER: REACHED_30D_SHARE}


@dataclass(frozen=True)
class Onboarding(Finding):
    """Share of newcomers who took each step early, by cohort."""

    table: pd.DataFrame  # a row a cohort and step, in order of both; blank where its days are not over
    steps: pd.DataFrame  # a row a step, of all cohorts whose days are over, with `z` and p-value of the trend
    newcomers: Newcomers = field(repr=False)
    order_value: float = np.nan  # mean money of an order
    currency: str = ""
    columns = (CAME_IN, STEP, NEWCOMERS, REACHED_7D_SHARE, REACHED_30D_SHARE, LOWER, UPPER)
    shown = (STEP, NEWCOMERS, REACHED_7D_SHARE, REACHED_30D_SHARE, LOWER, UPPER, TREND_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a step: all newcomers whose days are over, and whether newer ones take it more or less often."""
        return self.steps[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share that took each step within 30 days, of the latest cohorts whose days are over."""
        known = self.table.dropna(subset=REACHED_30D_SHARE)
        drawn = known[known[CAME_IN].isin(known[CAME_IN].unique()[-MOST_DRAWN:])]
        named = drawn.assign(**{STEP: drawn[STEP].map(STEP.write)})
        return charts.heat_map(named, row=CAME_IN, column=STEP, value=REACHED_30D_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many take each step in their first 30 days, by when they came?")

    def headline(self) -> Sentence:
        """The step that newer customers take more, or less often; else the share that takes the last step."""
        moved = self._moved
        if moved is None:
            last = self.steps.iloc[-1]
            told = say(
                "{share} of newcomers reach “{step}” within {days}; no evidence that newer ones differ.",
                share=facts.Share(last[REACHED_30D_SHARE]),
                step=facts.Word(last[STEP], STEP),
                days=facts.Days(LATER),
            )
            return told.resting_on(*self._basis(last))
        return self._told(moved).resting_on(*self._basis(moved))

    def brief(self) -> Brief:
        """That newer customers order sooner or less, by the orders that this makes in a quarter."""
        moved = self._moved
        if moved is None:
            return Brief()
        before, now, people = self._newest(moved[STEP])
        if not (now - before) * moved["z"] > 0:  # the newest do not go the way of the trend
            return Brief()
        ordered = {step.name for step in self.newcomers.steps if step.table == "orders"}
        stake = (now - before) * people * self.order_value if moved[STEP] in ordered else np.nan
        direction = Direction.BETTER if now > before else Direction.WORSE
        told = self._told(moved).resting_on(*self._basis(moved))
        return Brief([News(Topic.CHANGE, "onboarding", told, stake, sureness(moved["z"], 1), direction, now - before)])

    @property
    def _moved(self) -> pd.Series | None:
        """The step whose share moved most surely from cohort to cohort; None where none did."""
        clear = self.steps[self.steps[TREND_P_VALUE] < SIGNIFICANCE]
        return None if clear.empty else clear.loc[clear["z"].abs().idxmax()]

    def _told(self, row: pd.Series) -> Sentence:
        cohorts = self.table[(self.table[STEP] == row[STEP]) & self.table[REACHED_30D_SHARE].notna()]
        known = {
            "step": facts.Word(row[STEP], STEP),
            "last": facts.Share(cohorts[REACHED_30D_SHARE].iloc[-1]),
            "cohort": _cohort(cohorts[CAME_IN].iloc[-1]),
            "share": facts.Share(row[REACHED_30D_SHARE]),
        }
        if row["z"] > 0:
            return say(
                "More of the newer customers soon reach “{step}”: {last} of those of {cohort}, {share} of all.",
                **known,
            )
        return say(
            "Newer customers reach “{step}” early less often: {last} of those who came in {cohort}, {share} of all.",
            **known,
        )

    def _newest(self, step: str) -> tuple[float, float, int]:
        """The share of all cohorts but the newest three, that of these, and how many came in them."""
        cohorts = self.table[(self.table[STEP] == step) & self.table[REACHED_30D_SHARE].notna()]
        reached = cohorts[REACHED_30D_SHARE] * cohorts[NEWCOMERS]
        old, new = slice(None, -NEWEST), slice(-NEWEST, None)
        people = [cohorts[NEWCOMERS].iloc[part].sum() for part in (old, new)]
        shares = [reached.iloc[part].sum() / max(1, n) for part, n in zip((old, new), people, strict=True)]
        return shares[0], shares[1], int(people[1])

    def _basis(self, row: pd.Series) -> Iterator[Sentence]:
        yield say(
            "“{step}”: {soon} within {soon_days}, {later} within {later_days} ({interval}) of {customers} newcomers "
            "whose days are over.",
            step=facts.Word(row[STEP], STEP),
            soon=facts.Share(row[REACHED_7D_SHARE]),
            soon_days=facts.Days(SOON),
            later=facts.Share(row[REACHED_30D_SHARE]),
            later_days=facts.Days(LATER),
            interval=facts.limits(row),
            customers=facts.Count(row[NEWCOMERS]),
        )
        yield came_with(self.newcomers.arrival)
        moved = (self.steps[TREND_P_VALUE] < SIGNIFICANCE).sum()
        yield say(
            "{moved} of {steps} steps rise or fall from cohort to cohort beyond chance, tested together.",
            moved=facts.Count(moved),
            steps=facts.Count(len(self.steps)),
        )


def came_with(arrival: Arrival) -> Sentence:
    """From which day on a newcomer is watched."""
    if arrival is Arrival.JOINED:
        return say("Days count from registration.")
    if arrival is Arrival.SUBSCRIBED:
        return say("Days count from the first contract.")
    return say("Days count from the first order, which is no step itself; who came as the data begin is left out.")


@analysis
def onboarding(data: Dataset, points: Touchpoints | NotApplicable) -> Onboarding | NotApplicable:
    """Share of newcomers who took each early step within 7 and within 30 days, by cohort, and its trend over cohorts.

    A cohort stands in a column when the days of all its customers are over, so that the newest do not look slow. Months
    are put together to quarters or years where most have fewer than 20 newcomers. Trends are Cochran–Armitage tests
    over the cohorts, corrected for the number of steps (Holm); customers are taken for independent. Intervals are
    Wilson's. See `newcomers` for who came when, and which steps count.
    """
    if isinstance(points, NotApplicable):
        return points
    came = newcomers(data, points)
    if isinstance(came, NotApplicable):
        return came
    cohorts = _cohorts(came.came_on)
    table = pd.concat([_by_cohort(came, step.name, cohorts) for step in came.steps], ignore_index=True)
    table = table.sort_values(CAME_IN, kind="stable", ignore_index=True)
    known = table.dropna(subset=REACHED_30D_SHARE)
    if known.empty:
        few = say("no month of newcomers is followed for {days} yet.", days=facts.Days(LATER))
        return NotApplicable(few)
    orders = data.customers[["monetary", "orders"]].sum() if "orders" in data.tables else pd.Series(dtype=float)
    value = orders["monetary"] / orders["orders"] if orders.get("orders", 0) > 0 else np.nan
    return Onboarding(table, trends(known), came, float(value), data.settings.currency)


def _cohort(name: str) -> facts.Fact:
    """A period as a sentence says it: October 2025, or 2025 Q4."""
    month = pd.to_datetime(name, format=LAYOUTS["M"], errors="coerce")
    return facts.Name(name) if pd.isna(month) else facts.Month(month.date())


def _cohorts(came_on: pd.Series) -> pd.Series:
    """The period in which each customer came: months, or longer ones where most months have few newcomers."""
    layouts = [came_on.dt.to_period(freq) for freq in LAYOUTS]
    return next((each for each in layouts if each.value_counts().median() >= LEAST_AT_RISK), layouts[-1])


def _by_cohort(came: Newcomers, step: str, cohorts: pd.Series) -> pd.DataFrame:
    """The share of each cohort that took one step early; of those who came since it can be seen."""
    there = came.came_on >= came.begins[step]
    cohorts, waits = cohorts[there], came.waits.loc[there, step]
    sizes = cohorts.value_counts().sort_index()
    sizes = sizes[sizes >= SMALLEST_GROUP]
    lines: dict[str, object] = {CAME_IN: sizes.index.strftime(LAYOUTS[sizes.index.freqstr[0]]), STEP: step,
                                NEWCOMERS: sizes.to_numpy()}  # fmt: skip
    for days, name in COUNTS.items():
        over = sizes.index.end_time.normalize() + pd.Timedelta(days=days) <= came.until
        reached = (waits < days).groupby(cohorts).sum().reindex(sizes.index)
        lines[name] = (reached / sizes).where(over).to_numpy()
    table = pd.DataFrame(lines)
    lower, upper = wilson_interval((table[REACHED_30D_SHARE] * table[NEWCOMERS]).fillna(0), table[NEWCOMERS])
    over = table[REACHED_30D_SHARE].notna()
    return table.assign(**{LOWER: np.where(over, lower, np.nan), UPPER: np.where(over, upper, np.nan)})


def trends(known: pd.DataFrame) -> pd.DataFrame:
    """One row a step of `known`, cohorts whose days are over in order of time: its shares, and how they move."""
    lines = []
    for step, rows in known.groupby(STEP, sort=False):
        people = rows[NEWCOMERS].to_numpy()
        soon, later = (np.round(rows[name].to_numpy() * people) for name in COUNTS.values())
        trend = trend_in_shares(later, people)
        whole = int(people.sum())
        lower, upper = wilson_interval(later.sum(), whole)
        shares = soon.sum() / whole, later.sum() / whole, float(lower), float(upper)
        lines.append((step, whole, *shares, trend.p_value, trend.z))
    table = pd.DataFrame(lines, columns=[*Onboarding.shown, "z"])
    return table.assign(**{TREND_P_VALUE: adjust(table[TREND_P_VALUE], "holm")})
