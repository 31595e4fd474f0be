"""Newcomers: when each customer came, and how long after that each step of the road was taken for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.journey.road.steps import ROAD
from helpers.analyses.journey.road.touches import ONCE, Step, Touchpoints
from helpers.analyses.journey.vocabulary import ANOTHER_ORDER
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, facts, say
from helpers.findings.folding import SMALLEST_GROUP

DAY = pd.Timedelta(days=1)
UNSURE_DAYS = 90  # of the data's first days, in which a first order may be none


class Arrival(StrEnum):
    """What tells when a customer came, the surest first."""

    JOINED = "joined_on"
    SUBSCRIBED = "subscribed_on"
    FIRST_ORDER = "first_order_on"


@dataclass(frozen=True)
class Newcomers:
    """Customers by the day on which they came, with the days until each of the `steps`."""

    came_on: pd.Series  # customer_id → day
    waits: pd.DataFrame  # customer_id → days until each step was first taken; missing where it was not
    arrival: Arrival
    steps: tuple[Step, ...]
    begins: dict[str, pd.Timestamp]  # step → the first day on which it could be seen
    until: pd.Timestamp  # the midnight after the last day on which all steps could be seen

    def seen(self, step: str, days: int) -> pd.Series:
        """Whether the first `days` days of each customer lie within the days on which a step could be seen."""
        return (self.came_on >= self.begins[step]) & (self.came_on + days * DAY <= self.until)


def newcomers(data: Dataset, points: Touchpoints) -> Newcomers | NotApplicable:
    """Who came when, and when each took the steps of events and orders for the first time, or else all own steps.

    A customer came on the day of registration; where none is known, with the first contract, or else with the first
    order. Then only what follows that day counts, and who came in the data's first 90 days is left out: they may have
    ordered before. A step counts from the first day on which its table has rows.
    """
    own = [step for step in points.steps if step.by_customer and step.table in data.spans]
    road = [step for step in own if step.table in ROAD] or own
    if not road:
        return NotApplicable(say("this data set dates nothing that customers do: export events or orders."))
    arrival = next((each for each in Arrival if data.customers.get(each, pd.Series()).count() >= SMALLEST_GROUP), None)
    if arrival is None:
        unknown = say("nothing says when customers came: export the day of registration (`customers.joined_at`).")
        return NotApplicable(unknown)
    came_on = data.customers.set_index("customer_id")[arrival].dropna().astype("datetime64[ns]").dt.normalize()
    by_order = arrival is Arrival.FIRST_ORDER
    if by_order:
        came_on = came_on[came_on >= came_on.min() + UNSURE_DAYS * DAY]
        if len(came_on) < SMALLEST_GROUP:
            unsure = say("too few customers came after the data's first {days}.", days=facts.Days(UNSURE_DAYS))
            return NotApplicable(unsure)
    waits = _waits(points, came_on, road, 1 if by_order else 0)
    if by_order:
        again = {step.name: ANOTHER_ORDER for step in road if step.name == ONCE["orders"]}
        road, waits = (
            [replace(step, name=again.get(step.name, step.name)) for step in road],
            waits.rename(columns=again),
        )
    begins = {step.name: pd.Timestamp(data.spans[step.table].first) for step in road}
    until = min(data.spans[step.table].told_until(data.as_of) for step in road)
    return Newcomers(came_on, waits, arrival, tuple(road), begins, pd.Timestamp(until) + DAY)


def _waits(points: Touchpoints, came_on: pd.Series, road: Sequence[Step], from_day: int) -> pd.DataFrame:
    """Days from the day of coming to the first touchpoint of each step, from that day or a later one on."""
    came = ibis.memtable(came_on.rename("came_on").rename_axis("customer_id").reset_index())
    names = [step.name for step in road]
    rows = points.rows.filter(points.rows.step.isin(names)).join(came, "customer_id")
    rows = rows.filter(rows["at"] >= rows.came_on + ibis.interval(days=from_day))
    first = rows.group_by("customer_id", "step").agg(first=rows["at"].min()).execute()
    wide = first.pivot(index="customer_id", columns="step", values="first").reindex(came_on.index, columns=names)
    wide = wide.astype("datetime64[ns]")  # a step that nobody took has no type of its own
    return wide.sub(came_on, axis=0).astype("timedelta64[ns]") / np.timedelta64(1, "D")
