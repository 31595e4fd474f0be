"""The demo's customers: when each comes and goes, how often one buys, and who brought whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, NEVER, day_weights, minute_of_day
from helpers.data.synthetic.draws import exponential, label, uniforms
from helpers.data.synthetic.truth import TRUTH

CUSTOMERS = 5_000
CHANNELS = {"微信": 32, "抖音": 25, "天猫": 20, "小红书": 13, "App Store": 10}
DEVICES = {"iOS": 40, "Android": 42, "网页": 18}
REFERRING = ("微信", "小红书")  # channels of links that customers share


def customers() -> pd.DataFrame:
    """One row per customer: joined (minute), lost (day), busy time of both, daily purchase rate, traits.

    Purchase rates are gamma with shape 1, drop-out rates gamma with shape 2: a Pareto/NBD shop in busy time.
    """
    rng = uniforms("customers")
    n = CUSTOMERS
    busy = np.cumsum(day_weights())
    joined_busy = np.sort((1 - (1 - rng.random(n)) ** (1 / 1.8)) * busy[-1])  # most join early
    drop_out_rate = (exponential(rng.random(n)) + exponential(rng.random(n))) / 1_000
    lost_busy = joined_busy + 100 * exponential(rng.random(n)) / drop_out_rate
    return pd.DataFrame(
        {
            "joined": np.searchsorted(busy, joined_busy, side="right") * DAY + minute_of_day(rng, n),
            "lost_day": np.searchsorted(busy, lost_busy, side="right"),
            "joined_busy": joined_busy,
            "lost_busy": lost_busy,
            "daily_rate": exponential(rng.random(n)) * 0.0108,
            "buys": rng.random(n) < 0.9,  # the others only register
            "channel": label(rng.random(n), CHANNELS),
            "device": label(rng.random(n), DEVICES),
            "opted_out": rng.random(n) < 0.06,
        }
    )


def referrals(people: pd.DataFrame) -> np.ndarray:
    """The customer who brought each one, or NEVER: some of those who came by a shared link, mostly by early joiners."""
    rng = uniforms("referrals")
    n = len(people)
    day = people["joined"].to_numpy() // DAY
    before = np.searchsorted(day, day)  # customers who joined on an earlier day: people stand by day
    by_link = people["channel"].isin(REFERRING).to_numpy() & (rng.random(n) < TRUTH.referred_share)
    return np.where(by_link & (before > 0), np.floor(before * rng.random(n) ** 4).astype(int), NEVER)
