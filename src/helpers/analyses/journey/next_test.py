"""The experiment that would prove what the journey only suggests: customers and days that it takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.message.campaigns import Responses
from helpers.analyses.journey.message.pressure import Fatigue
from helpers.analyses.journey.message.sent import Messages
from helpers.data.days import night
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.designs import sample_sizes

ARMS = 2
PACE_DAYS = 91  # before the data's end, over which customers who get messages are counted
LEAST = 30  # customers whose response a plan is made from
SET_OFF = 0.5  # share of messages soon after an order from which on the order seems to set the campaign off
LEAST_SHOWN = f"least_in_{PACE_DAYS}_days_rate"
LONGEST_DAYS = 730  # of a test; beyond it is none


@dataclass(frozen=True)
class Proof:
    """What a test of each difference takes, were the difference true and caused by what it is named after."""

    # question, base_rate, difference_rate (as seen), customers_an_arm and days to show it (infinite where two years
    # would not do), least_in_91_days_rate (the smallest difference that a quarter would show)
    table: pd.DataFrame
    customers_a_day: float  # different customers who got a message, by day, lately

    def summary(self) -> pd.DataFrame:
        """One row a question."""
        return self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers that each arm needs."""
        return charts.bars(self.table, value="customers_an_arm", label="question", ax=ax)

    def headline(self) -> str:
        """The test that is shortest, and what it would take."""
        first = self.table.iloc[0]
        days = formats.days(first["days"]) if np.isfinite(first["days"]) else "more than two years"
        return (
            f"None of this is proof; a test is: “{first['question']}”, for a random half. To show the difference seen, "
            f"{_points(first['difference_rate'])} from {formats.percent(first['base_rate'])}, four times in five takes "
            f"{first['customers_an_arm']:,.0f} customers an arm, {days} at today's pace; a quarter would show one of "
            f"{_points(first[LEAST_SHOWN])}. Differences picked from past data are often larger than the truth."
        )


def proof(
    sent: Messages | NotApplicable,
    by_campaign: Responses | NotApplicable,
    by_channel: Responses | NotApplicable,
    found: Fatigue | NotApplicable,
) -> Proof | NotApplicable:
    """Customers an arm (5 % two-sided, power 80 %) and days for a test of each difference that was seen.

    Questions: does the message bring orders (order rate after it, less that before it, of campaigns that no order sets
    off); does the best channel do more than the worst; does a message after fewer others do more than one after many.
    Two equal arms; days are whole weeks at the pace at which different customers got messages in the last quarter.
    Source: `statistics.power`.
    """
    if isinstance(sent, NotApplicable):
        return sent
    pace = _pace(sent)
    seen = [*_message(by_campaign), *_channels(by_channel), *_contacts(found)]
    lines = [_line(question, base, difference, pace) for question, base, difference in seen
             if 0 < base < 1 and 0 < base + difference < 1 and abs(difference) > 1e-6] if pace else []  # fmt: skip
    if not lines:
        return NotApplicable("no difference between messages was seen that a test could prove.")
    return Proof(pd.DataFrame(lines), pace)


def _line(question: str, base: float, difference: float, pace: float) -> dict[str, object]:
    customers = np.ceil(sample_sizes.sample_size(difference, rate=base))
    days = sample_sizes.days_to_run(ARMS * customers, pace)
    quarter = max(pace * PACE_DAYS / ARMS, sample_sizes.SMALLEST_ARM)
    return {"question": question, "base_rate": base, "difference_rate": difference, "customers_an_arm": int(customers),
            "days": days if days <= LONGEST_DAYS else np.inf,
            LEAST_SHOWN: sample_sizes.minimum_effect(quarter, rate=base)}  # fmt: skip


def _message(found: Responses | NotApplicable) -> list[tuple[str, float, float]]:
    """Order rates before and after the messages of campaigns that mostly reach customers without a recent order."""
    if isinstance(found, NotApplicable) or "ordered" not in found.responses:
        return []
    rates = found.cells.pivot(index="group", columns="outcome", values="share")
    rates = rates.assign(rows=found.cells.groupby("group")["rows"].first())
    free = rates[rates["ordered_before"] < SET_OFF]
    if free.empty:
        return []
    before, after = (float(np.average(free[name], weights=free["rows"])) for name in ("ordered_before", "ordered"))
    return [("hold the message back", before, after - before)]


def _channels(found: Responses | NotApplicable) -> list[tuple[str, float, float]]:
    if isinstance(found, NotApplicable):
        return []
    last = found.responses[-1]
    rows = found.cells[(found.cells["outcome"] == last) & (found.cells["group"] != SMALL_GROUPS)]
    rows = rows[rows["customers"] >= LEAST]
    if len(rows) < 2:
        return []
    high, low = rows.loc[rows["share"].idxmax()], rows.loc[rows["share"].idxmin()]
    return [(f"{high['group']} instead of {low['group']} ({last})", low["share"], high["share"] - low["share"])]


def _contacts(found: Fatigue | NotApplicable) -> list[tuple[str, float, float]]:
    if isinstance(found, NotApplicable):
        return []
    outcome = found.cells["outcome"].iloc[0]
    rows = found.cells[(found.cells["outcome"] == outcome) & (found.cells["customers"] >= LEAST)]
    if len(rows) < 2:
        return []
    few, many = rows.iloc[0], rows.iloc[-1]
    question = f"after {few['contacts']} instead of {many['contacts']} messages ({outcome})"
    return [(question, many["share"], few["share"] - many["share"])]


def _pace(sent: Messages) -> float:
    """Different customers a day who got a message in the last quarter of what is followed."""
    start = night(sent.as_of - dt.timedelta(days=sent.days + PACE_DAYS))
    recent = sent.rows.filter(sent.rows.sent_at >= start)
    return int(recent.select("customer_id").distinct().count().execute()) / PACE_DAYS


def _points(difference: float) -> str:
    return f"{100 * difference:.2f} percentage points"
