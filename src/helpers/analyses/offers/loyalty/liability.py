"""What outstanding points will cost: how many of those earned in each month are redeemed in the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.offers.loyalty.vocabulary import (
    EARNED,
    EARNED_FROM,
    EXPECTED_RATE,
    LIABILITY,
    OUTSTANDING,
    REDEEMED,
    REDEEMED_RATE,
)
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.reserves import ChainLadder, chain_ladder

STEP_DAYS = 30
MOST_COHORTS = 36
LEAST_COHORTS = 6


@dataclass(frozen=True)
class Points(Finding):
    """Points by the month in which they were earned: redeemed so far and in the end, and what is still to come."""

    table: pd.DataFrame  # the oldest cohort first
    step_days: int  # of a cohort
    redeemed_rate: float  # of all points that were earned, in the end
    lower: float
    upper: float
    to_come: float  # outstanding points that will be redeemed
    to_come_lower: float
    to_come_upper: float
    point_value: float  # 0: not known
    currency: str = ""
    columns = (EARNED_FROM, EARNED, REDEEMED, OUTSTANDING, REDEEMED_RATE, EXPECTED_RATE, LOWER, UPPER, LIABILITY)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of points redeemed in the end, by when they were earned."""
        return charts.line(self.table, x=EARNED_FROM, y=EXPECTED_RATE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What share of the points earned then is redeemed in the end?")

    def headline(self) -> Sentence:
        """What the outstanding points will cost, or how many will be redeemed where their value is not known."""
        outstanding = self.table[OUTSTANDING].sum()
        basis = (
            say(
                "Of all points {rate} are redeemed in the end (95% interval {interval}); the rest lapses.",
                rate=facts.Share(self.redeemed_rate),
                interval=facts.Range(facts.Share(self.lower), facts.Share(self.upper)),
            ),
            say(
                "To come: {points} points, 95% interval {interval}; chain ladder with Mack's error, the oldest "
                "points taken "
                "to be used first, cohorts of {days}.",
                points=facts.Count(self.to_come),
                interval=facts.Range(facts.Count(self.to_come_lower), facts.Count(self.to_come_upper)),
                days=facts.Days(self.step_days),
            ),
        )
        if not self.point_value:
            return say(
                "Of {outstanding} outstanding points {share} will be redeemed.",
                outstanding=facts.Count(outstanding),
                share=facts.Share(self.to_come / outstanding if outstanding else np.nan),
            ).resting_on(
                *basis,
                say("What a redeemed point costs is not set. Write `point_value` under `[loyalty]` in `dataset.toml`."),
            )
        return say(
            "The {outstanding} outstanding points will cost {money}: {share} of them will be redeemed.",
            outstanding=facts.Count(outstanding),
            money=facts.Money(self.to_come * self.point_value, self.currency),
            share=facts.Share(self.to_come / outstanding if outstanding else np.nan),
        ).resting_on(*basis)


@analysis
def points(data: Dataset) -> Points | NotApplicable:
    """How many points of each month are redeemed in the end, and what the outstanding ones will cost.

    A customer's points are used in the order in which they were earned. Cohorts are blocks of 30 days before the
    report's day (longer where more than 36 would be). What is still to come of them is told by the chain ladder with
    Mack's error, which takes blocks for independent: later ones are taken to go on as earlier ones did. The blocks
    before the first points lapsed are left out: all that was redeemed then is theirs, as the oldest. Costs are the
    settings' `point_value` × points to come.
    """
    if "points" not in data.tables:
        return NotApplicable(
            say("this data set has no movements of points. Export them: customer, time, points and reason.")
        )
    rows = data.tables["points"].filter(lambda moved: moved.customer_id.notnull() & moved.points.notnull())
    if int(rows.customer_id.nunique().execute()) < SMALLEST_GROUP:
        return NotApplicable(
            say("fewer than {least} customers have points, so none of them is told.", least=facts.Count(SMALLEST_GROUP))
        )
    step = _step(rows, data.as_of)
    earned, redeemed, gone = _cohorts(rows, data.as_of, step)
    size = len(earned) - _warming(rows, data.as_of, step, len(earned))
    earned, redeemed, gone = earned[-size:], redeemed[-size:, :size], gone[-size:]
    if size < LEAST_COHORTS or not redeemed.sum() > 0:
        return NotApplicable(
            say(
                "points were earned and redeemed in fewer than {least} months, so what becomes of them is not "
                "known yet.",
                least=facts.Count(LEAST_COHORTS),
            )
        )
    known = np.arange(size)[:, None] + np.arange(size) < size
    ladder = chain_ladder(np.where(known, redeemed.cumsum(axis=1), np.nan))
    return _answer(data, step, earned, gone, ladder)


def _step(rows: ir.Table, as_of: dt.date) -> int:
    """Days of a cohort."""
    first = pd.Timestamp(rows.moved_at.min().execute()).date()
    blocks = (as_of - first).days // STEP_DAYS + 1
    return STEP_DAYS * int(np.ceil(blocks / MOST_COHORTS))


def _warming(rows: ir.Table, as_of: dt.date, step: int, cohorts: int) -> int:
    """How many of the first cohorts are left out: until points lapsed, nothing older stood before them to be used."""
    lapsed = rows.filter(rows.reason == "expire").moved_at.min().execute()
    if pd.isna(lapsed):
        return 0
    first = cohorts - 1 - (as_of - pd.Timestamp(lapsed).date()).days // step
    return first if cohorts - first >= LEAST_COHORTS else 0


def _cohorts(rows: ir.Table, as_of: dt.date, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points earned by cohort, redeemed by cohort and age, and those of each cohort that are gone otherwise."""
    day = rows.moved_at.date()
    block = (ibis.literal(as_of).delta(day, unit="day") / step).floor().cast("int64")
    size = rows.points.abs()
    moved = rows.select("customer_id", block=block, size=size, taken=rows.points < 0, by=rows.reason)
    redeems = (moved.by == "redeem").fill_null(False)
    earns = moved.filter(~moved.taken & ~redeems)
    uses = moved.filter(moved.taken | redeems).mutate(redeems=redeems)
    lots, used = _ranged(earns), _ranged(uses, "redeems")
    met = lots.join(
        used, [lots.customer_id == used.customer_id, lots.low < used.high, used.low < lots.high], rname="{name}_used"
    )
    overlap = ibis.least(met.high, met.high_used) - ibis.greatest(met.low, met.low_used)
    age = ibis.greatest(met.block - met.block_used, 0)
    pairs = met.select("block", "redeems", age=age, points=overlap)
    pairs = pairs.group_by("block", "age", "redeems").agg(points=engine.total(pairs.points)).execute()
    total = earns.group_by("block").agg(points=engine.total(earns.size)).execute()
    number = int(total["block"].max()) + 1 if len(total) else 0
    earned = np.zeros(number)
    earned[number - 1 - total["block"].to_numpy(int)] = total["points"]
    tables = np.zeros((2, number, max(number, 1)))
    places = (pairs["redeems"].to_numpy(int), number - 1 - pairs["block"].to_numpy(int), pairs["age"].to_numpy(int))
    np.add.at(tables, places, pairs["points"].to_numpy(float))
    return earned, tables[1], tables.sum(axis=(0, 2)) - tables[1].sum(axis=1)


def _ranged(rows: ir.Table, *keys: str) -> ir.Table:
    """Points of each customer and block as a stretch of all that the customer had by then, the oldest first."""
    sums = rows.group_by("customer_id", "block", *keys).agg(points=engine.total(rows.size))
    order = [ibis.desc("block"), *keys]
    high = sums.points.sum().over(ibis.window(group_by="customer_id", order_by=order, preceding=None, following=0))
    return sums.select("customer_id", "block", *keys, low=high - sums.points, high=high)


def _answer(data: Dataset, step: int, earned: np.ndarray, gone: np.ndarray, ladder: ChainLadder) -> Points:
    """The finding: what is to come of a cohort is no more than is outstanding of it."""
    left = np.maximum(earned - ladder.latest - gone, 0)
    to_come = np.minimum(ladder.ultimate - ladder.latest, left)
    ultimate = ladder.latest + to_come
    every = np.where(earned > 0, earned, np.nan)
    rate, error, so_far, most = (
        amounts / every for amounts in (ultimate, ladder.std_errors, ladder.latest, ladder.latest + left)
    )
    value = data.settings.loyalty.point_value
    begins = [data.as_of - dt.timedelta(days=step * (len(earned) - row) - 1) for row in range(len(earned))]
    table = pd.DataFrame({
        EARNED_FROM: pd.to_datetime(begins),
        EARNED: earned,
        REDEEMED: ladder.latest,
        OUTSTANDING: left,
        REDEEMED_RATE: so_far,
        EXPECTED_RATE: rate,
        LOWER: np.clip(rate - Z * error, so_far, most),
        UPPER: np.clip(rate + Z * error, so_far, most),
        LIABILITY: to_come * value if value else np.nan,
    })  # fmt: skip
    low, high = (min(limit, ladder.latest.sum() + left.sum()) for limit in ladder.total_limits())
    latest = ladder.latest.sum()
    return Points(
        table,
        step,
        ultimate.sum() / earned.sum(),
        low / earned.sum(),
        high / earned.sum(),
        to_come.sum(),
        low - latest,
        high - latest,
        value,
        data.settings.currency,
    )
