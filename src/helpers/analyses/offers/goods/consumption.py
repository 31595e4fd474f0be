"""Which goods are bought again and again, and how likely each customer buys one next, given the silence so far."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.offers.goods.levels import Level
from helpers.analyses.offers.goods.vocabulary import CHANCE_AHEAD, DUE_ON, GAP_DAYS, REPEAT_RATE
from helpers.analyses.offers.vocabulary import GOOD, LAST_ON
from helpers.data import engine
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.statistics import survival
from helpers.statistics.purchases import chance_to_return, expected_gaps, gap_spreads

CONSUMABLE = 0.2  # share of a good's buyers who bought it again within a year
YEAR = 365
LONGEST_AHEAD_DAYS = 180
LOG_PLACES = 12  # decimals to which logarithms are added


def listed(level: Level, as_of: dt.date, ahead_days: int) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The list as of a day, and the consumables with their `repeat_rate`; None where there is none."""
    days = _gaps(level.lines, as_of).cache()
    goods = _consumables(days, level.once)
    if goods.empty:
        return None
    rows = _histories(days.semi_join(ibis.memtable(pd.DataFrame({"good": goods[GOOD]})), "good"))
    repeated = rows[rows["gaps"] > 0]
    squares = repeated["logs_squared"] - repeated["gaps"] * repeated["log_mean"] ** 2
    spreads = gap_spreads(repeated["gaps"], repeated["log_mean"], squares.clip(lower=0), repeated[GOOD])
    rows = rows[(rows["last"] <= YEAR) & rows[GOOD].isin(spreads.index)]
    of_good = spreads.join(goods.set_index(GOOD)).loc[rows[GOOD]]
    location, scale = expected_gaps(
        rows["gaps"], rows["log_mean"], *(of_good[each] for each in ("center", "within", "between"))
    )
    chance = chance_to_return(rows["last"], ahead_days, location, scale, of_good[REPEAT_RATE])
    gap = np.exp(location)
    last_on = pd.Timestamp(as_of) - pd.to_timedelta(rows["last"], unit="D")
    table = pd.DataFrame({
        CUSTOMER_ID: rows[CUSTOMER_ID],
        GOOD: rows[GOOD],
        LAST_ON: last_on,
        DUE_ON: last_on + pd.to_timedelta(np.ceil(gap), unit="D"),
        CHANCE_AHEAD.format(ahead_days): chance,
        GAP_DAYS: gap,
    })  # fmt: skip
    order = [CHANCE_AHEAD.format(ahead_days), CUSTOMER_ID, GOOD]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True), goods


def bought_days(lines: ir.Table, as_of: dt.date) -> ir.Table:
    """One row a customer, good and day by `as_of` on which it was bought: how many days `ago` that was."""
    rows = lines.filter(lines.customer_id.notnull(), lines.ordered_at.notnull())
    days = rows.select("customer_id", "good", ago=ibis.date(as_of).delta(rows.ordered_at.date(), unit="day")).distinct()
    return days.filter(days.ago >= 0)


def _gaps(lines: ir.Table, as_of: dt.date) -> ir.Table:
    """Each day of purchase with the days since the one before (null for the first), and its place among them."""
    days = bought_days(lines, as_of)
    own = {"group_by": ["customer_id", "good"], "order_by": days.ago.desc()}
    return days.mutate(gap=days.ago.lag().over(**own) - days.ago, place=ibis.row_number().over(**own))


def _histories(days: ir.Table) -> pd.DataFrame:
    """One row a customer and good: the last purchase (days ago), gaps, and the sums of their logarithms."""
    logs, gaps = days.gap.cast("float64").ln(), days.gap.count()
    added, squared = engine.total(logs, places=LOG_PLACES), engine.total(logs * logs, places=LOG_PLACES)
    rows = days.group_by("customer_id", "good").agg(
        last=days.ago.min(), gaps=gaps, log_mean=added / gaps.nullif(0), logs_squared=squared
    )
    return rows.order_by("customer_id", "good").execute()


def _consumables(days: ir.Table, once: frozenset[str]) -> pd.DataFrame:
    """The goods whose buyers return, with the share of all purchases that are followed by another one in a year."""
    spells = ibis.union(
        days.filter(days.gap.notnull()).select("good", first=days.place == 1, days="gap", again=True),
        days.group_by("customer_id", "good").agg(days=days.ago.min(), n=days.count())
        .select("good", first=ibis._.n == 1, days="days", again=False),
    )  # fmt: skip
    spells = spells.mutate(days=ibis.least(spells.days, YEAR + 1), again=spells.again & (spells.days <= YEAR))
    counts = spells.group_by("good", "first", "days", "again").agg(n=spells.count()).execute()
    buyers = counts[counts["first"]].groupby("good")["n"].sum()
    counts = counts[counts["good"].map(buyers).ge(LEAST_AT_RISK) & ~counts["good"].isin(once)]
    if counts.empty:
        return pd.DataFrame({GOOD: [], REPEAT_RATE: []})
    first, all_rates = (_returning(rows) for rows in (counts[counts["first"]], counts))
    goods = first.index[first >= CONSUMABLE]
    return pd.DataFrame({GOOD: goods, REPEAT_RATE: all_rates[goods].to_numpy()})


def _returning(counts: pd.DataFrame) -> pd.Series:
    """Of each good the share of spells that end with another purchase within a year."""
    curve = survival.kaplan_meier(counts["days"], counts["again"], weights=counts["n"], groups=counts["good"])
    curve = curve[curve["time"] <= YEAR]
    return 1 - curve.groupby("group", observed=True)["survival"].min()
