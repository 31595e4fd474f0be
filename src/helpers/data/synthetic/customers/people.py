"""The demo's customers: when each comes and goes, how often one buys and of what, and who brought whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, NEVER, by_day, day_weights, minute_of_day
from helpers.data.synthetic.draws import exponential, label, pick, uniforms
from helpers.data.synthetic.trade.goods import ORDINARY_WEIGHTS
from helpers.data.synthetic.truth import TRUTH

CUSTOMERS = 5_000
CHANNELS = {"微信": 32, "抖音": 25, "天猫": 20, "小红书": 13, "App Store": 10}
DEVICES = {"iOS": 40, "Android": 42, "网页": 18}
OWNERS = ("A01", "A02", "A03", "A04", "A05")  # employees who look after customers
REFERRING = ("微信", "小红书")  # channels of links that customers share


def customers() -> pd.DataFrame:
    """One row per customer: joined (minute), lost (day), busy time of both, daily purchase rate, traits.

    Purchase rates are gamma with shape 1, drop-out rates gamma with shape 2: a Pareto/NBD shop in busy time. How many
    join is `TRUTH.newcomers`. `kept_out` are those of the global holdout, whom no action reaches.
    """
    rng = uniforms("customers")
    n = CUSTOMERS
    weights = day_weights()
    busy, arrivals = np.cumsum(weights), np.cumsum(weights * by_day(TRUTH.newcomers))
    place = np.sort(rng.random(n)) * arrivals[-1]
    day = np.searchsorted(arrivals, place, side="right")
    joined_busy = busy[day] - weights[day] * (arrivals[day] - place) / (arrivals[day] - np.r_[0, arrivals][day])
    drop_out_rate = (exponential(rng.random(n)) + exponential(rng.random(n))) / 1_000
    lost_busy = joined_busy + 100 * exponential(rng.random(n)) / drop_out_rate
    daily_rate = exponential(rng.random(n)) * 0.0108
    first, second = (pick(each, ORDINARY_WEIGHTS) for each in _spread(daily_rate * (lost_busy - joined_busy), rng))
    return pd.DataFrame(
        {
            "joined": day * DAY + minute_of_day(rng, n),
            "lost_day": np.searchsorted(busy, lost_busy, side="right"),
            "joined_busy": joined_busy,
            "lost_busy": lost_busy,
            "daily_rate": daily_rate,
            "buys": rng.random(n) < 0.9,  # the others only register
            "channel": label(rng.random(n), CHANNELS),
            "device": label(rng.random(n), DEVICES),
            "opted_out": rng.random(n) < 0.06,
            "first_taste": first,
            "second_taste": np.where(rng.random(n) < 0.5, second, first),
            "owner": np.array(OWNERS)[pick(rng.random(n), [1] * len(OWNERS))],
            "kept_out": rng.random(n) < TRUTH.global_holdout,
            "hunts_bargains": rng.random(n) < 0.08,
        }
    )


def _spread(size: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two rows of numbers between 0 and 1, each evenly spread over customers of every size."""
    rank = np.argsort(np.argsort(size, kind="stable"), kind="stable")
    return (rng.random((2, 1)) + rank * np.array([[0.61803], [0.75488]])) % 1  # multiples that fill the unit evenly


def referrals(people: pd.DataFrame) -> np.ndarray:
    """The customer who brought each one, or NEVER: some of those who came by a shared link, mostly by early joiners."""
    rng = uniforms("referrals")
    n = len(people)
    day = people["joined"].to_numpy() // DAY
    before = np.searchsorted(day, day)  # customers who joined on an earlier day: people stand by day
    by_link = people["channel"].isin(REFERRING).to_numpy() & (rng.random(n) < TRUTH.referred_share)
    return np.where(by_link & (before > 0), np.floor(before * rng.random(n) ** 4).astype(int), NEVER)
