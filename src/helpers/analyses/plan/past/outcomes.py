"""What customers did after they were planned for, and before: the same days for those who were held out."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.plan.vocabulary import PLAN_ON
from helpers.data import engine
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.data.days import MONTH_DAYS
from helpers.data.snapshot import order_days
from helpers.findings.vocabulary import CUSTOMER_ID

WHO = [CUSTOMER_ID, PLAN_ON]
PLACE = "place"  # of a pair among all: an integer goes through the engine and back for what it names


def outcomes(data: Dataset, rows: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """`rows` (customer_id, plan_on) with ordered, spend, left, each with its value in as many days before (`…_before`).

    The `horizon_days` count from `plan_on` on, that day included; done or not, for both arms alike. `spend` is net
    money from orders and, where contracts have a price, what they bring in these days. `left` is the end of the
    contract that ran at the plan, missing for who had none; without contracts, no order at all. Missing where the
    horizon is not over on the report's day.
    """
    pairs = rows[WHO].drop_duplicates().reset_index(drop=True)
    over = pairs[PLAN_ON] + pd.Timedelta(days=horizon_days - 1) <= pd.Timestamp(data.as_of)
    found = pairs.join([_bought(data, pairs, horizon_days), _contracts(data, pairs, horizon_days)])
    for suffix in ("", "_before"):
        spend = [name + suffix for name in ("net", "fees") if name + suffix in found]
        found[f"spend{suffix}"] = found[spend].sum(axis="columns") if spend else np.nan
    if "contract_left" in found:
        found["left"], found["left_before"] = found["contract_left"], 0.0
    elif "ordered" in found:
        found["left"], found["left_before"] = 1 - found["ordered"], 1 - found["ordered_before"]
    wanted = [f"{name}{suffix}" for name in ("ordered", "spend", "left") for suffix in ("", "_before")]
    found = found.reindex(columns=[*WHO, *wanted])
    over_for = over.to_numpy()
    for name in ("ordered", "spend", "left"):
        found[name] = found[name].astype(float).where(over_for)
    return rows.merge(found, on=WHO, how="left")


def _bought(data: Dataset, pairs: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Whether each ordered, and net money, in the days after and before."""
    if "orders" not in data.tables:
        return pd.DataFrame()
    days = order_days(data.tables["orders"], data.settings.policy)
    met = _spine(pairs).join(days, CUSTOMER_ID)
    since = met.day.delta(met.plan_on, unit="day")
    after, before = (since >= 0) & (since < horizon_days), (since < 0) & (since >= -horizon_days)
    sums = met.group_by(PLACE).agg(
        ordered=((met.orders > 0) & after).any().ifelse(1.0, 0.0),
        ordered_before=((met.orders > 0) & before).any().ifelse(1.0, 0.0),
        net=engine.total(met.net, where=after),
        net_before=engine.total(met.net, where=before),
    )
    return _filled(pairs, sums)


def _contracts(data: Dataset, pairs: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Whether the contract that ran on the plan's day ended in the horizon, and what contracts brought by the day."""
    if "subscriptions" not in data.tables:
        return pd.DataFrame()
    met = _spine(pairs).join(contract_stays(data.tables["subscriptions"]), CUSTOMER_ID)
    begins, ends = met.started_on.delta(met.plan_on, unit="day"), met.ended_on.delta(met.plan_on, unit="day")
    ran = (begins < 0) & (ends.isnull() | (ends >= 0))
    daily = met.price.fill_null(0.0) / MONTH_DAYS

    def kept(start: int) -> ir.FloatingValue:
        """Days of the contract among the `horizon_days` from `start` on."""
        last = ibis.least(ends.fill_null(start + horizon_days), start + horizon_days)
        return ibis.greatest(last - ibis.greatest(begins, start), 0)

    sums = met.group_by(PLACE).agg(
        ran=ran.any(),
        ended=(ran & (ends < horizon_days)).any(),
        fees=engine.total(daily * kept(0)),
        fees_before=engine.total(daily * kept(-horizon_days)),
    )
    found = _filled(pairs, sums)
    left = found["ended"].astype(float).where(found["ran"].astype(bool))
    return found.assign(contract_left=left).drop(columns=["ran", "ended"])


def _spine(pairs: pd.DataFrame) -> ir.Table:
    """The pairs in the engine with their place, their day as a date."""
    spine = ibis.memtable(pairs.assign(place=range(len(pairs))))
    return spine.mutate(customer_id=spine.customer_id.cast("string"), plan_on=spine.plan_on.cast("date"))


def _filled(pairs: pd.DataFrame, sums: ir.Table) -> pd.DataFrame:
    """The sums of all pairs, in their order, 0 of whom nothing is known."""
    return sums.execute().set_index(PLACE).astype(float).reindex(pairs.index).fillna(0.0)
