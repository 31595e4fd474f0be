"""The demo's paid memberships: who joins, what for, what strains them, and who leaves when and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER
from helpers.data.synthetic.draws import exponential, label, uniforms
from helpers.data.synthetic.truth import TRUTH

PLANS = {"月付": 50, "季付": 30, "年付": 20}


def complaining(unresolved: pd.DataFrame, customers: int) -> np.ndarray:
    """Whether a customer (row) has made an unresolved complaint in the `TRUTH.complaint_days` before a day (column)."""
    day = unresolved["opened"].to_numpy() // DAY
    edges = np.zeros((customers, DAYS + TRUTH.complaint_days + 2), int)
    np.add.at(edges, (unresolved["customer"], day + 1), 1)
    np.add.at(edges, (unresolved["customer"], day + 1 + TRUTH.complaint_days), -1)
    return edges.cumsum(axis=1)[:, :DAYS] > 0


def strain(complains: np.ndarray, lulled: np.ndarray) -> np.ndarray:
    """What the hazard of leaving is multiplied with, by customer (row) and day: complaints and halved visits."""
    return np.where(complains, TRUTH.complaint_hazard, 1.0) * np.where(lulled, TRUTH.halved_hazard, 1.0)


def joined(people: pd.DataFrame) -> pd.DataFrame:
    """One row per member: customer, plan, started (day). Busy buyers become members more often."""
    rng = uniforms("subscriptions")
    n = len(people)
    joins = rng.random(n) < np.where(people["daily_rate"] > 0.007, 0.9, 0.7)
    started = people["joined"].to_numpy() // DAY + np.floor(40 * exponential(rng.random(n))).astype(int)
    frame = pd.DataFrame({"customer": np.arange(n), "plan": label(rng.random(n), PLANS), "started": started})
    return frame[joins & (started < DAYS)].reset_index(drop=True)


def left(members: pd.DataFrame, people: pd.DataFrame, strained: np.ndarray) -> pd.DataFrame:
    """The members with ended (day; NEVER while it runs) and reason.

    S(t) = exp(−hazard · Σ strain) holds exactly on every day: the plan's and channel's hazard, times the `strain` of
    the customer's days.
    """
    rng = uniforms("leaving")
    patience, why = rng.random((2, len(people)))[:, members["customer"]]
    channel = people["channel"].to_numpy()[members["customer"]]
    hazard = np.array([TRUTH.daily_hazard(*each) for each in zip(members["plan"], channel, strict=True)])
    passed = np.cumsum(strained[members["customer"]], axis=1)
    end = passed[np.arange(len(members)), members["started"]] + exponential(patience) / hazard
    ended = (passed < end[:, None]).sum(axis=1)
    shares = {reason: round(100 * share) for reason, share in TRUTH.reason_shares.items()}
    return members.assign(
        ended=np.where(ended < DAYS, ended, NEVER), reason=np.where(ended < DAYS, label(why, shares), "")
    )


def stay_shares(members: pd.DataFrame, people: pd.DataFrame, strained: np.ndarray, days: int) -> pd.Series:
    """Each member's true chance to stay for more than `days`, given the strain of those days; missing past the log."""
    channel = people["channel"].to_numpy()[members["customer"]]
    content = [TRUTH.stay_share(*each, 1) for each in zip(members["plan"], channel, strict=True)]
    passed = np.cumsum(strained[members["customer"]], axis=1)
    first, last = members["started"].to_numpy(), members["started"].to_numpy() + days
    rows = np.arange(len(members))
    burden = passed[rows, np.minimum(last, DAYS - 1)] - passed[rows, first]
    return pd.Series(np.where(last < DAYS, np.array(content) ** burden, np.nan), members.index)
