"""Landmarks: days at whose start everybody still there is looked at, and when each of them left afterwards.

A landmark is the midnight with which its day begins, so what is known of a customer are facts before it. Landmarks are
stacked: a customer has a row for each landmark at which it was there, and whatever is said of their uncertainty is
clustered by customer. Source: van Houwelingen (2007), Dynamic prediction by landmarking in event history analysis.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.silence import order_days, segment_silences
from helpers.data import spans
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable

SPACING_DAYS = 30
MOST_TRAINING, MOST_TESTING = 12, 3
LEAST_TRAINING = 2
HISTORY_DAYS = 90  # before the first landmark, so that what is counted over 90 days is counted over all of them
ONE_DAY = pd.Timedelta(days=1)


def unseen(stays: Stays, data: Dataset) -> NotApplicable | None:
    """Why nothing can be foretold: what stays are made of ends long before the report's day; None where it does not."""
    table = "subscriptions" if stays.definition == Definition.CONTRACT else "orders"
    why = spans.unseen(data.spans, table, data.as_of)
    return NotApplicable(why) if why else None


def report_landmark(stays: Stays) -> pd.Timestamp:
    """The landmark of the report: the midnight after `as_of`, before which all that it knows has happened."""
    return pd.Timestamp(stays.as_of) + ONE_DAY


def training_landmarks(stays: Stays, before: pd.Timestamp, horizon_days: int) -> pd.DatetimeIndex:
    """Up to twelve landmarks whose outcomes are all known at `before`, the last of them as late as that allows.

    An outcome is known once the horizon has passed and, under silence, once a silence would be complete: so at least
    max(silence, horizon) days lie between the last of these landmarks and `before`. None before 90 days of history.
    """
    return earlier_landmarks(stays, before, max(horizon_days, longest_silence(stays)))


def earlier_landmarks(stays: Stays, before: pd.Timestamp, known_days: int) -> pd.DatetimeIndex:
    """Up to twelve landmarks that lie at least `known_days` before `before`; none before 90 days of history."""
    first = _watched_from(stays).min() + pd.Timedelta(days=HISTORY_DAYS)
    last = before - pd.Timedelta(days=known_days)
    days = [last - pd.Timedelta(days=SPACING_DAYS * back) for back in range(MOST_TRAINING)]
    return pd.DatetimeIndex(sorted(day for day in days if day >= first))


def holdout_landmarks(stays: Stays, horizon_days: int) -> pd.DatetimeIndex:
    """Up to three landmarks whose horizon ends by `as_of`: as many as leave two to train on, none where none do."""
    last = report_landmark(stays) - pd.Timedelta(days=horizon_days)
    for count in range(MOST_TESTING, 0, -1):
        first = last - pd.Timedelta(days=SPACING_DAYS * (count - 1))
        if len(training_landmarks(stays, first, horizon_days)) >= LEAST_TRAINING:
            return pd.date_range(first, last, freq=f"{SPACING_DAYS}D")
    return pd.DatetimeIndex([])


def longest_silence(stays: Stays) -> int:
    """The longest silence of any segment; 0 under contract."""
    return int(stays.silences_by["silence_days"].max()) if stays.silence_by else stays.silence_days


def at_risk(stays: Stays, data: Dataset, landmarks: pd.DatetimeIndex, among: pd.Index | None = None) -> pd.DataFrame:
    """One row a customer (`among` these, or of all) and landmark at which it was there, sorted by both.

    customer_id, landmark_at, since_on (start of the stay, or first order) and left_on: the day from the landmark on
    on which it left, missing where it had not by `as_of`. Under silence that is the day on which the silence is
    complete, and there are last_on (the last order before), next_on (the first since), place (order days before the
    last), silent_days (so far) and silence_days (that are leaving) too.
    """
    if stays.definition == Definition.CONTRACT:
        rows = _by_contract(stays, landmarks, among)
    else:
        there = _by_silence(stays, data, landmarks)
        some = there if among is None else there.semi_join(ibis.memtable({"customer_id": among}), "customer_id")
        rows = _dated(stays, some.execute())
    return rows.sort_values(["landmark_at", "customer_id"], ignore_index=True)


def first_silences(stays: Stays, data: Dataset, landmarks: pd.DatetimeIndex) -> pd.DataFrame:
    """Of each customer the first row that `at_risk` has under silence."""
    there = _by_silence(stays, data, landmarks)
    order = ibis.window(group_by="customer_id", order_by="landmark_at")
    return _dated(stays, there.filter(ibis.row_number().over(order) == 0).execute())


def outcomes(rows: pd.DataFrame, until: pd.Timestamp, horizon_days: int) -> pd.DataFrame:
    """Days from the landmark to leaving, or to the horizon or `until` (a midnight), and whether it left by then.

    Who leaves on the landmark's own day leaves after 1 day: `duration_days` from 1 to the horizon, and `left`.
    """
    followed = np.minimum((until - rows["landmark_at"]).dt.days, horizon_days)
    days = (rows["left_on"] - rows["landmark_at"]).dt.days + 1
    left = days <= followed
    return pd.DataFrame({"duration_days": days.where(left, followed).astype("int64"), "left": left})


def reach_days(rows: pd.DataFrame) -> pd.Series:
    """Days from the landmark before which a row cannot leave: 1, or as many as its silence lacks."""
    if "silence_days" in rows.columns:
        return rows["silence_days"] - rows["silent_days"]
    return pd.Series(1, index=rows.index)


def _watched_from(stays: Stays) -> pd.Series:
    return stays.table["started_on"] + pd.to_timedelta(stays.table["entry_days"], unit="D")


def _by_contract(stays: Stays, landmarks: pd.DatetimeIndex, among: pd.Index | None) -> pd.DataFrame:
    table = stays.table[["customer_id", "started_on", "ended_on"]].assign(watched_from=_watched_from(stays))
    if among is not None:
        table = table[table["customer_id"].isin(among)]
    there = [
        table[(table["watched_from"] < day) & ~(table["ended_on"] < day)].assign(landmark_at=day)
        for day in pd.DatetimeIndex(landmarks).as_unit("ns")
    ]
    rows = pd.concat(there).rename(columns={"started_on": "since_on", "ended_on": "left_on"})
    return rows[["customer_id", "landmark_at", "since_on", "left_on"]]


def _by_silence(stays: Stays, data: Dataset, landmarks: pd.DatetimeIndex) -> ir.Table:
    """The customers at risk at each of `landmarks`, with the order from which on a silence will be leaving."""
    days = _order_days(stays, data)
    silent = days.next_on.isnull() | (days.next_on.delta(days.day, unit="day") > days.silence_days)
    by_customer = ibis.window(group_by="customer_id")
    from_here = ibis.window(group_by="customer_id", order_by="day", preceding=0, following=None)
    days = days.mutate(
        since_on=days.day.min().over(by_customer),
        silent_from=ibis.cases((silent, days.day)).min().over(from_here),  # the next order that a silence follows
    )
    midnight = ibis.memtable(pd.DataFrame({"landmark_at": landmarks}))
    pairs = days.cross_join(midnight)
    landmark_on = pairs.landmark_at.date()
    there = (
        (pairs.day < landmark_on)
        & (pairs.next_on.isnull() | (pairs.next_on >= landmark_on))
        & (landmark_on.delta(pairs.day, unit="day") <= pairs.silence_days)
    )
    columns = ["customer_id", "landmark_at", "since_on", "next_on", "place", "silence_days", "silent_from"]
    return pairs.filter(there).select(*columns, last_on=pairs.day)


def _dated(stays: Stays, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `_by_silence` with the day on which each left."""
    names = ["since_on", "last_on", "next_on", "silent_from", "landmark_at"]
    rows = rows.assign(**{name: pd.to_datetime(rows[name]).astype("datetime64[ns]") for name in names})
    known_on = rows["silent_from"] + pd.to_timedelta(rows["silence_days"], unit="D")
    rows = rows.assign(
        left_on=known_on.where(known_on <= pd.Timestamp(stays.as_of)),
        silent_days=(rows["landmark_at"] - rows["last_on"]).dt.days - 1,
    )
    return rows.drop(columns="silent_from").astype({"silence_days": "int64"})


def _order_days(stays: Stays, data: Dataset) -> ir.Table:
    """Order days, each with the silence that counts as leaving for its customer."""
    days = order_days(data)
    if not stays.silence_by:
        return days.mutate(silence_days=ibis.literal(stays.silence_days))
    return segment_silences(days, data.tables["customers"], stays.silence_by, stays.silence_days)[1]
