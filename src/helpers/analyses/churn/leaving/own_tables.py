"""Stays of a table of one's own: one row a stay, with how long it lasted, whether it ended, and what describes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.beginnings_and_ends import LEAST_CUSTOMERS
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.descriptions import not_telling
from helpers.analyses.churn.leaving.vocabulary import BEGAN_OR_LEFT, DURATION_DAYS
from helpers.analyses.churn.vocabulary import STAYS
from helpers.data.days import MONTH_DAYS
from helpers.findings import NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.language import _

NO_DAY = dt.date(1970, 1, 1)  # the day of a table that has only lengths


@dataclass(frozen=True, eq=False)
class OwnStays(Stays):
    """Stays of a table that says itself what leaving is."""

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stays that ended, and that were last seen, by how long they were."""
        length = (self.table["duration_days"] // MONTH_DAYS * MONTH_DAYS).astype(int)
        what = self.table["left"].map({True: _("left"), False: _("still there")})
        counts = pd.crosstab(length, what).reindex(range(0, length.max() + 1, int(MONTH_DAYS)), fill_value=0)
        tidy = counts.rename_axis(index=DURATION_DAYS, columns=BEGAN_OR_LEFT).stack().rename(STAYS).reset_index()
        return charts.line(tidy, x=DURATION_DAYS, y=STAYS, group=BEGAN_OR_LEFT, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("After how many days did they leave, or were last seen?")

    def headline(self) -> Sentence:
        """How many of the table have left."""
        left, stays = facts.Count(self.table["left"].sum()), facts.Count(len(self.table))
        return say("{left} of {stays} stays of this table have ended.", left=left, stays=stays).resting_on(
            say("That is {share}.", share=facts.Share(self.left_share))
        )

    def _contract_words(self) -> list[tuple[str, object]]:
        return [(_("Leaving is"), _("what the table says"))]


@analysis
def stays_from(
    frame: pd.DataFrame, duration: str = "duration_days", left: str = "left", entry: str = ""
) -> Stays | NotApplicable:
    """The stays of a table of one's own, for every answer that starts from stays: curves, tests, hazard ratios.

    `frame` has one row a stay. Its column `duration` says how many whole days the stay lasted, or was seen to last;
    `left` whether its end was seen (True or False, 1 or 0); `entry`, where one is named, from which day of the stay on
    it was watched. `customer_id` tells who stays twice; without it each row is a customer. All other columns are
    attributes. Answers that need calendar days (cohorts, chances) need a data set. Raises ValueError for a column that
    there is not, or that does not hold such values.
    """
    columns = [str(name) for name in frame.columns]
    for name, asked in (("duration", duration), ("left", left), *((("entry", entry),) if entry else ())):
        parameters.one_of(name, asked, columns)
    table = pd.DataFrame(
        {
            "customer_id": frame["customer_id"] if "customer_id" in frame else frame.index.astype(str),
            "started_on": pd.NaT,
            "ended_on": pd.NaT,
            "entry_days": _days(frame[entry], "entry").astype(float) if entry else 0.0,
            "duration_days": _days(frame[duration], "duration"),
            "left": _flags(frame[left]),
            "reason": None,
        },
        index=frame.index,
    ).reset_index(drop=True)
    if (late := table["entry_days"] >= table["duration_days"])[table["entry_days"] > 0].any():
        raise ValueError(f"entry = {entry!r}: {int(late.sum())} stays were over by then. Leave these rows out.")
    own = frame.drop(columns=[name for name in ("customer_id", duration, left, entry) if name in columns])
    own = own.drop(columns=[name for name in own if name in table.columns]).reset_index(drop=True)
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(say("{stays} stays: too few to tell when customers leave.", stays=facts.Count(len(table))))
    left_out = not_telling(own, list(own))
    told = own.drop(columns=list(left_out))
    return OwnStays(table.join(told), tuple(told), Definition.CONTRACT, NO_DAY, NO_DAY, left_out=left_out)


def _days(values: pd.Series, name: str) -> pd.Series:
    """The values as whole days."""
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = numbers.isna() | (numbers < 0) | (numbers % 1 != 0)
    if wrong.any():
        example = values[wrong].iloc[0]
        raise ValueError(f"{name} = {example}: {int(wrong.sum())} rows have no whole days from 0 on. Correct them.")
    return numbers.astype("int64")


def _flags(values: pd.Series) -> pd.Series:
    """The values as True or False."""
    wrong = ~values.isin([True, False])
    if wrong.any():
        example = values[wrong].iloc[0]
        raise ValueError(f"left = {example}: {int(wrong.sum())} rows say neither True nor False. Correct them.")
    return values.astype(bool)
