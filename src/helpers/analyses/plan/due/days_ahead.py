"""What is coming: birthdays, anniversaries, tiers and goods due by week, and feasts, shopping days and days off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.due.portraits import Portraits
from helpers.analyses.plan.vocabulary import DUE_DAYS, OCCASION, TIER_DAYS, WEEK
from helpers.data import lunar
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, DAY

FEASTS = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}  # lunar
SHOPPING = {"618": (6, 18), "双11": (11, 11), "双12": (12, 12)}
AHEAD = {
    "birthday": "birthday_in_days", "joining": "joining_anniversary_in_days",
    "contract": "contract_anniversary_in_days", "tier": TIER_DAYS, "due": DUE_DAYS,
}  # fmt: skip


@dataclass(frozen=True)
class Calendar(Finding):
    """One row a week and occasion of customers, and one a feast, shopping day or time off, which is everybody's."""

    table: pd.DataFrame
    days: int
    columns = (WEEK, OCCASION, CUSTOMERS, DAY)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many customers have an occasion in each week."""
        rows = self.table.dropna(subset=CUSTOMERS)
        rows = rows.assign(week=rows[WEEK].dt.strftime("%m-%d"), occasion=rows[OCCASION].map(OCCASION.write))
        return charts.stacked_bars(rows, value=CUSTOMERS, label=WEEK, part=OCCASION, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What is coming, week by week?")

    def headline(self) -> Sentence:
        """The next feast, shopping day or day off, and how many birthdays fall into the time."""
        feasts = self.table.dropna(subset=DAY).sort_values(DAY, kind="stable")
        births = self.table.loc[self.table[OCCASION] == "birthday", CUSTOMERS].sum()
        told = say("Birthdays within {days}: {births}.", days=facts.Days(self.days), births=facts.Count(births))
        basis = (told,) if births else ()
        if feasts.empty:
            return say(
                "No feast, no shopping day and no day off comes within {days}.", days=facts.Days(self.days)
            ).resting_on(*basis)
        first = feasts.iloc[0]
        feast, day = facts.Word(first[OCCASION], OCCASION), facts.Day(first[DAY].date())
        return say("Next comes {feast}, on {day}.", feast=feast, day=day).resting_on(*basis)


@analysis
def calendar(known: Portraits, data: Dataset, days: int = 60) -> Calendar | NotApplicable:
    """Occasions of the `days` after `data`'s day: of customers by week, small counts left out; others by their day.

    Feasts are those of the Chinese calendar. Days off, which are announced each November, are those of the settings
    ([plan] days_off and workdays), each run of them by its first day; they are not guessed.
    """
    as_of, words = data.as_of, data.settings.plan
    coming = []
    for occasion, name in AHEAD.items():
        ahead = known.column(name).astype(float).dropna()
        on = pd.Timestamp(as_of) + pd.to_timedelta(ahead[(ahead >= 1) & (ahead <= days)], unit="D")
        weeks = (on - pd.to_timedelta(on.dt.weekday, unit="D")).value_counts().sort_index() if len(on) else pd.Series()
        coming += [(week, occasion, float(count), pd.NaT) for week, count in weeks.items() if count >= SMALLEST_GROUP]
    coming += [(_monday(day), name, float("nan"), pd.Timestamp(day)) for name, day in _feasts(as_of, days)]
    for occasion, whole in (("day_off", words.days_off), ("workday", words.workdays)):
        ahead_days = [day for day in whole if 1 <= (day - as_of).days <= days]
        coming += [(_monday(day), occasion, float("nan"), pd.Timestamp(day)) for day in _first_of_runs(ahead_days)]
    if not coming:
        return NotApplicable(say("nothing is known of what comes: no day of birth, of joining, or of a contract."))
    table = pd.DataFrame(coming, columns=[str(column) for column in Calendar.columns])
    table = table.astype({WEEK: "datetime64[us]", DAY: "datetime64[us]"})
    return Calendar(table.sort_values([WEEK, OCCASION], kind="stable", ignore_index=True), days)


def _feasts(as_of: dt.date, days: int) -> list[tuple[str, dt.date]]:
    years = [year for year in range(as_of.year - 1, as_of.year + 2) if lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR]
    lunar_ones = [(name, lunar.day(year, *date)) for year in years for name, date in FEASTS.items()]
    solar = [(name, dt.date(year, *date)) for year in (as_of.year, as_of.year + 1) for name, date in SHOPPING.items()]
    last = as_of + dt.timedelta(days=days)
    return [(name, day) for name, day in lunar_ones + solar if as_of < day <= last]


def _first_of_runs(days: list[dt.date]) -> list[dt.date]:
    """The days whose day before is not among them."""
    return sorted(day for day in days if day - dt.timedelta(days=1) not in days)


def _monday(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day - dt.timedelta(days=day.weekday()))
