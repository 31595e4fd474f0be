"""How often silence is wrongly called leaving: the share that still comes back, against the days waited."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.silence import GAP_SHARE, no_column, order_days, segment_silences, usual_silence
from helpers.analyses.churn.leaving.vocabulary import RETURNED_SO_FAR_RATE, SILENCE_DAYS, SILENCES, WRONG_RATE
from helpers.analyses.churn.vocabulary import EVERYBODY
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import LOWER, SEGMENT, UPPER
from helpers.statistics import survival
from helpers.statistics.survival import limits

FACTORS = (0.25, 0.5, 0.7, 1.0, 1.3, 1.5)  # of the usual silence, in the table
FOLLOWED = 1.3  # times the usual silence: as far as follow-up must reach, at the cost of its length
SHORTEST_DRAWN_DAYS = 7  # of silence, where the curve begins
FOLLOW_UP_DAYS = 365
LEAST_FOLLOW_UP_DAYS = 30
LEAST_SILENT = 50  # gaps as long as the longest that is read
POINTS = 60


@dataclass(frozen=True)
class SilenceErrors(Finding):
    """The share of silences that an order follows, by how long they have lasted."""

    table: pd.DataFrame
    curve: pd.DataFrame  # segment, silence_days, wrong_rate, lower, upper
    silence_days: int  # the one in use
    follow_up_days: int  # an order counts when it comes within so many days more
    by: str = ""  # the column of segments
    halved_days: float = math.nan  # after which half as many are wrong; NaN when never seen
    renewal_days: int = 0  # by which 95 % of the gaps that ever close have closed, open ones censored
    columns = (SEGMENT, SILENCE_DAYS, SILENCES, RETURNED_SO_FAR_RATE, WRONG_RATE, LOWER, UPPER)

    def summary(self) -> pd.DataFrame:
        """One row a silence, or a segment and its own silence."""
        return self.table if self.by else self.table.drop(columns=SEGMENT)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share wrongly called gone against the days of silence waited."""
        return charts.line(
            self.curve,
            x=SILENCE_DAYS,
            y=WRONG_RATE,
            group=SEGMENT if self.by else "",
            band=(LOWER, UPPER),
            ax=ax,
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many silent customers still order, by how long they were silent?")

    def headline(self) -> Sentence:
        """How many silences of the length in use are wrong; how long to wait for half of that below."""
        if self.by:
            return self._of_segments()
        row = self.table[self.table[SILENCE_DAYS] == self.silence_days].iloc[0]
        known = {"silence": facts.Days(self.silence_days), "share": facts.Share(row[WRONG_RATE])}
        if self.follow_up_days == FOLLOW_UP_DAYS:
            told = say("Of customers silent for {silence}, {share} still order within another year.", **known)
        else:
            told = say(
                "Of customers silent for {silence}, at least {share} still order, {days} later at the latest.",
                days=facts.Days(self.follow_up_days),
                **known,
            )
        return told.resting_on(
            say("Calling them gone would be wrong that often (95% interval {interval}).", interval=_interval(row)),
            say("Waiting until {days} halves that.", days=facts.Days(self.halved_days))
            if np.isfinite(self.halved_days)
            else say("A longer wait, as far as the data reach, does not halve that."),
            say(
                "Of customers who do order again, 95% do so within {days}; silences that still last are allowed for.",
                days=facts.Days(self.renewal_days),
            ),
        )

    def _of_segments(self) -> Sentence:
        """The segments of which silences are wrong most and least often."""
        rows = self.table.dropna(subset=WRONG_RATE).sort_values(WRONG_RATE, ascending=False)
        days = facts.Days(self.follow_up_days)
        if rows.empty:
            return say("In no segment could silences be followed for {days}.", days=days)
        most, least = rows.iloc[0], rows.iloc[-1]
        known = {"segment": facts.Name(most[SEGMENT]), "share": facts.Share(most[WRONG_RATE]), "days": days}
        if len(rows) == 1:
            told = say("Only of “{segment}” it can be told: {share} of silences end within {days}.", **known)
        else:
            told = say(
                "Silence errs most for “{segment}”: {share} still order within {days}; least for “{other}”: {least}.",
                other=facts.Name(least[SEGMENT]),
                least=facts.Share(least[WRONG_RATE]),
                **known,
            )
        return told.resting_on(*(_of_one(row) for _, row in rows.iloc[[0, -1] if len(rows) > 1 else [0]].iterrows()))


def _of_one(row: pd.Series) -> Sentence:
    """How long one segment's silence is, and how sure its share is."""
    return say(
        "“{segment}”: silent for {silence}, 95% interval {interval}.",
        segment=facts.Name(row[SEGMENT]),
        silence=facts.Days(row[SILENCE_DAYS]),
        interval=_interval(row),
    )


def _interval(row: pd.Series) -> facts.Range:
    return facts.Range(facts.Share(row[LOWER]), facts.Share(row[UPPER]))


@analysis
def silence_errors(data: Dataset, silence_days: int = 0, silence_by: str = "") -> SilenceErrors | NotApplicable:
    """Chance of an order within a year (or as far as can be followed) of customers of `data` silent for X days.

    X are many lengths around `silence_days` (0: the usual silence), which is the one in use.

    1 − S(X + F) / S(X), S the Kaplan–Meier curve of the gaps between a customer's order days, open gaps censored at
    `as_of` rather than counted as gone; Greenwood's variance of the ratio, log-log limits. "So far" counts returns
    up to `as_of` and is too low for late silences. Assumes that gaps tell nothing of each other (limits are too narrow
    where a few customers have most of them) and did not change over time. With `silence_by` one curve a segment, which
    is a value of that column of customers. Raises ValueError for a number of days or a column that there is not.
    """
    parameters.between("silence_days", silence_days, 0, parameters.LONGEST_WINDOW_DAYS)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    if silence_by and "customers" not in data.tables:
        return NotApplicable(no_column(silence_by))
    usual = silence_days or usual_silence(order_days(data))
    if isinstance(usual, NotApplicable):
        return usual
    gaps = _gaps(order_days(data).mutate(segment=ibis.literal(EVERYBODY)), data)
    curve = survival.kaplan_meier(gaps["gap"], gaps["closed"], weights=gaps["n"])
    last = curve.loc[curve["at_risk"] >= LEAST_SILENT, "time"].max()
    longest = round(usual * FOLLOWED)
    if not last - longest >= LEAST_FOLLOW_UP_DAYS:  # nor where nobody was silent
        short = say(
            "orders were not followed {days} beyond a silence of {silence}.",
            days=facts.Days(LEAST_FOLLOW_UP_DAYS),
            silence=facts.Days(longest),
        )
        return NotApplicable(short)
    follow_up = int(min(FOLLOW_UP_DAYS, last - longest))
    farthest = int(min(round(usual * FACTORS[-1]), last - follow_up))
    if silence_by:
        return _by_segment(data, usual, silence_by, _drawn(usual, farthest), follow_up)
    lengths = np.unique([min(max(1, round(usual * factor)), farthest) for factor in FACTORS])
    return SilenceErrors(
        _counted(wrong_rates(curve, lengths, follow_up), gaps),
        wrong_rates(curve, _drawn(usual, farthest), follow_up),
        usual,
        follow_up,
        halved_days=_halved_days(wrong_rates(curve, np.arange(usual, last - follow_up + 1), follow_up)),
        renewal_days=_renewal_days(curve),
    )


def _drawn(usual: int, farthest: int) -> np.ndarray:
    """The silences of the drawn curve."""
    return np.unique(np.linspace(min(SHORTEST_DRAWN_DAYS, usual), farthest, POINTS).round())


def wrong_rates(curve: pd.DataFrame, silences: np.ndarray, follow_up_days: int) -> pd.DataFrame:
    """The chance of an order within `follow_up_days` after each silence, from curves of gaps; NaN where not followed.

    Returns segment, silence_days, wrong_rate, lower, upper.
    """
    then, later = (survival.at(curve, silences + ahead) for ahead in (0, follow_up_days))
    stay = later["survival"] / then["survival"]
    until_then, until_later = ((rows["std_error"] / rows["survival"]) ** 2 for rows in (then, later))  # Greenwood sums
    std_error = stay * np.sqrt((until_later - until_then).clip(lower=0))
    lower, upper = limits(stay, std_error, "log-log", 1 - SIGNIFICANCE)
    return pd.DataFrame(
        {
            "segment": then["group"],
            "silence_days": then["time"].astype(int),
            "wrong_rate": 1 - stay,
            "lower": 1 - upper,
            "upper": 1 - lower,
        }
    )


def _halved_days(rates: pd.DataFrame) -> float:
    """The first silence at which the error is half of the first one; NaN when it never is."""
    return float(rates.loc[rates["wrong_rate"] <= rates["wrong_rate"].iloc[0] / 2, "silence_days"].min())


def _renewal_days(curve: pd.DataFrame) -> int:
    """The days by which 95 % of the gaps have closed, of those that close as far as the curve goes."""
    closed = 1 - curve["survival"]
    return int(curve.loc[closed >= GAP_SHARE * closed.max(), "time"].iloc[0])


def _by_segment(data: Dataset, usual: int, silence_by: str, grid: np.ndarray, follow_up: int) -> SilenceErrors:
    silences, days = segment_silences(order_days(data), data.tables["customers"], silence_by, usual)
    gaps = _gaps(days, data)
    named = pd.Categorical(gaps["segment"], silences["segment"])
    curve = survival.kaplan_meier(gaps["gap"], gaps["closed"], weights=gaps["n"], groups=named)
    own = silences.set_index("segment")["silence_days"]
    rates = wrong_rates(curve, np.unique(own), follow_up)
    table = _counted(rates[rates["silence_days"] == rates["segment"].map(own).astype(int)], gaps)
    return SilenceErrors(table, wrong_rates(curve, grid, follow_up).dropna(), usual, follow_up, silence_by)


def _gaps(days: ir.Table, data: Dataset) -> pd.DataFrame:
    """How many gaps there are of each length: segment, gap, closed, n; open gaps reach up to `as_of`."""
    gap = ibis.coalesce(days.next_on, ibis.literal(data.as_of)).delta(days.day, unit="day")
    counts = days.select("segment", gap=gap, closed=days.next_on.notnull().ifelse(1, 0))
    counts = counts.group_by("segment", "gap", "closed").agg(n=ibis._.count())
    return counts.order_by("segment", "gap", "closed").execute()


def _counted(rates: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """The rates with the silences that there were so far, and the share that an order has followed."""
    rows = []
    for rate in rates.itertuples():
        # a gap that is still open has no order on its last day either
        longer = gaps["gap"] >= rate.silence_days + gaps["closed"].astype(int)
        silent = gaps[(gaps["segment"] == rate.segment) & longer]
        silences, returns = silent["n"].sum(), silent.loc[silent["closed"] == 1, "n"].sum()
        rows.append((silences, returns / silences if silences else np.nan))
    counted = pd.DataFrame(rows, columns=["silences", "returned_so_far_rate"], index=rates.index)
    both = pd.concat([rates[["segment", "silence_days"]], counted, rates[["wrong_rate", "lower", "upper"]]], axis=1)
    return both.reset_index(drop=True)
