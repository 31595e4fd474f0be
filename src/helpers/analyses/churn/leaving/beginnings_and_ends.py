"""From when to when each customer was there, under a definition of leaving: stays made of contracts or orders."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import ibis
import pandas as pd

from helpers import parameters
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.descriptions import AS_OF_EXPORT, described, not_telling
from helpers.analyses.churn.leaving.silence import (
    alone_share,
    no_column,
    order_days,
    segment_silences,
    silent_stays,
    usual_silence,
)
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, analysis, facts, say

LEAST_CUSTOMERS = 20


@analysis
def stays(
    data: Dataset, definition: str = "auto", silence_days: int = 0, silence_by: str = ""
) -> Stays | NotApplicable:
    """Every stay of every customer of `data` as of its day, by whole days, under a `definition` of leaving.

    "contract": a stay runs from the start of a subscription to its end. "silence": from the first order to the last
    one before no order for more than `silence_days` days (0: the 95th percentile of the gaps between order days, within
    each value of the column `silence_by` where one is named); whether somebody has gone silent can be told up to
    `as_of` − `silence_days` only, so everybody is censored there and who came later is not counted. "auto": the
    contract, where there are subscriptions.

    Where the data set says `observed_from`, ends up to that day were never recorded: stays begun before it count from
    the tenure that they had then (delayed entry), and those that had ended are left out. Under silence a stay begins
    with the first order in the data even of a customer who joined earlier: that customer may have been silent before,
    and is not known to have stayed since joining.

    Raises ValueError for a definition, a number of days or a column that there is not, and for both silences at once.
    """
    parameters.one_of("definition", definition, Definition)
    parameters.between("silence_days", silence_days, 0, parameters.LONGEST_WINDOW_DAYS)
    if silence_by and silence_days:
        raise ValueError(f"silence_by = {silence_by!r}: silence_days = {silence_days} is for everybody. Give only one.")
    if _chosen(data, definition) == Definition.CONTRACT:
        if "subscriptions" in data.tables:
            return _by_contract(data)
        neither = say("this data set has no subscriptions and no orders: export one of them to see this.")
        return NotApplicable(
            say("this data set has no subscriptions: export them to see this.") if "orders" in data.tables else neither
        )
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    if silence_by and "customers" not in data.tables:
        return NotApplicable(no_column(silence_by))
    return _by_silence(data, silence_days, silence_by)


def _chosen(data: Dataset, definition: str) -> str:
    """The definition that was asked for; for "auto" the contract, where customers have one or have not ordered."""
    if definition != Definition.AUTO:
        return definition
    by_contract = "subscriptions" in data.tables and data.settings.contractual is not False
    return Definition.CONTRACT if by_contract or "orders" not in data.tables else Definition.SILENCE


def _by_contract(data: Dataset) -> Stays | NotApplicable:
    table = _dated(contract_stays(data.tables["subscriptions"]).drop("running_price").execute())
    if len(table) < LEAST_CUSTOMERS:
        few = say("{stays} subscriptions: too few to tell when customers leave.", stays=facts.Count(len(table)))
        return NotApplicable(few)
    feed = data.settings.feeds.get("subscriptions")
    drawn = feed is not None and feed.drawn is not None
    return _finished(data, table, Stays(table, (), Definition.CONTRACT, data.as_of, data.as_of, drawn=drawn))


def _by_silence(data: Dataset, silence_days: int, silence_by: str) -> Stays | NotApplicable:
    days = order_days(data)
    silence = silence_days or usual_silence(days)
    if isinstance(silence, NotApplicable):
        return silence
    if silence_by:
        by, days = segment_silences(days, data.tables["customers"], silence_by, silence)
    else:
        by, days = pd.DataFrame(), days.mutate(silence_days=ibis.literal(silence, "int64"))
    table = _dated(silent_stays(days, data.as_of).execute())
    if len(table) < LEAST_CUSTOMERS:
        few = say(
            "{customers} customers had ordered by {day}, the last day on which a silence of {silence} can be told: too "
            "few. A shorter silence leaves more.",
            customers=facts.Count(len(table)),
            day=facts.Day(data.as_of - dt.timedelta(days=silence)),
            silence=facts.Days(silence),
        )
        return NotApplicable(few)
    until = data.as_of - dt.timedelta(days=int(table["silence_days"].min()))
    joined = data.customers.set_index("customer_id").get("joined_on")
    earlier = None if joined is None else int((joined.reindex(table["customer_id"]) < table["started_on"].min()).sum())
    draft = Stays(
        table,
        (),
        Definition.SILENCE,
        data.as_of,
        until,
        silence,
        silence_by,
        by,
        silences=int(table["silences"].sum()),
        returns=int(table["returns"].sum()),
        alone_share=alone_share(table),
        joined_earlier=earlier,
    )
    return _finished(data, table.drop(columns=["pauses", "closed", "silences", "returns"]).assign(reason=None), draft)


def _unwatched(stays: int, since: dt.date | None) -> Sentence:
    """That too few stays were watched."""
    if since is None:
        return say("{stays} stays were under observation: too few.", stays=facts.Count(stays))
    return say(
        "{stays} stays were under observation after {day}, from which on ends are recorded: too few.",
        stays=facts.Count(stays),
        day=facts.Day(since),
    )


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: pd.to_datetime(table[name]) for name in ("started_on", "ended_on")})


def _finished(data: Dataset, table: pd.DataFrame, draft: Stays) -> Stays | NotApplicable:
    """The stays with durations and with what is known of each customer, in a fixed order."""
    own = [name for name in ("plan", "price", "first_order_amount") if name in table.columns]
    known = [name for name in described(data) if name not in own]
    since = parameters.date("observed_from", data.settings.observed_from)
    entry = (pd.Timestamp(since) - table["started_on"]).dt.days.clip(lower=0) if since else 0
    until = pd.Timestamp(draft.as_of) - pd.to_timedelta(table.get("silence_days", 0), unit="D")
    begun = int((table["started_on"] <= until).sum())
    table = observed(table.assign(entry_days=entry).astype({"entry_days": float}), until)
    if len(table) < LEAST_CUSTOMERS:
        return NotApplicable(_unwatched(len(table), since))
    table = table.merge(data.customers[["customer_id", *known]], on="customer_id", how="left")
    table = table.sort_values(["started_on", "customer_id"], ignore_index=True)
    exported = {name: AS_OF_EXPORT for name in known if name in data.settings.as_of_export}
    left_out = exported | not_telling(table, [name for name in (*own, *known) if name not in exported])
    return replace(
        draft,
        table=table.drop(columns=list(left_out)),
        attributes=tuple(name for name in (*own, *known) if name not in left_out),
        left_out=left_out,
        observed_from=since,
        unobserved=begun - len(table),
    )


def observed(table: pd.DataFrame, until: dt.date | pd.Series) -> pd.DataFrame:
    """The stays begun by `until` (one day, or one a row), with duration_days and left as they looked at its end.

    Stays that had ended before they came under observation are not among them.
    """
    day = pd.to_datetime(until)
    left = table["ended_on"] <= day
    duration = (table["ended_on"].where(left, day) - table["started_on"]).dt.days
    seen = (table["started_on"] <= day) & ((table["entry_days"] == 0) | (duration > table["entry_days"]))
    return table.assign(left=left, duration_days=duration)[seen].astype({"duration_days": "int64"})
