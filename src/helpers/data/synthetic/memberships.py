"""The demo's paid memberships: who joins, what for, and who leaves when and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER
from helpers.data.synthetic.draws import exponential, label, uniforms
from helpers.data.synthetic.truth import TRUTH

PLANS = {"月付": 50, "季付": 30, "年付": 20}


def memberships(people: pd.DataFrame) -> pd.DataFrame:
    """One row per member: customer, plan, started and ended (days; NEVER while it runs), reason.

    Durations are exponential, rounded up to whole days, so that S(t) = exp(−hazard · t) holds exactly on every day.
    Busy buyers become members more often; how long they stay depends on plan and channel alone.
    """
    rng = uniforms("subscriptions")
    n = len(people)
    joins = rng.random(n) < np.where(people["daily_rate"] > 0.007, 0.68, 0.45)
    started = people["joined"].to_numpy() // DAY + np.floor(40 * exponential(rng.random(n))).astype(int)
    plan = label(rng.random(n), PLANS)
    hazard = np.array([TRUTH.daily_hazard(*each) for each in zip(plan, people["channel"], strict=True)])
    ended = started + np.ceil(exponential(rng.random(n)) / hazard).astype(int)
    shares = {reason: round(100 * share) for reason, share in TRUTH.reason_shares.items()}
    frame = pd.DataFrame(
        {
            "customer": np.arange(n),
            "plan": plan,
            "started": started,
            "ended": np.where(ended < DAYS, ended, NEVER),
            "reason": np.where(ended < DAYS, label(rng.random(n), shares), ""),
        }
    )
    return frame[joins & (started < DAYS)].reset_index(drop=True)
