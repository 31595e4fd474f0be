"""What the demo keeps of its customers' loyalty: points, and consent to be written to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, minute_of_day
from helpers.data.synthetic.draws import pick, uniforms
from helpers.data.synthetic.truth import TRUTH

TAKE_PART = 0.5  # of the customers collect points, one for each yuan paid
CONSENTS = {"短信": (0.85, 0.75), "企业微信": (0.6, 0.85), "邮件": (0.5, 0.55), "电话": (0.6, 0.6)}  # asked, said yes
WITHDRAWN = 0.06  # of those who said yes


def points(placed: pd.DataFrame, cents: np.ndarray) -> pd.DataFrame:
    """One row per movement by time: customer, minute, points, reason (earn, redeem, expire); a lot goes as a whole.

    In the end `TRUTH.redeemed_share` of the points are redeemed, after an exponential time that `TRUTH.expire_days`
    cuts off; the rest expires then.
    """
    takes_part = uniforms("points customers").random(int(placed["customer"].max()) + 1) < TAKE_PART
    rng = uniforms("points")
    redeems, late = rng.random((2, len(placed)))
    in_time = -np.expm1(-TRUTH.expire_days / TRUTH.redeemed_after_days)
    days = np.ceil(-TRUTH.redeemed_after_days * np.log1p(-late * in_time)).astype(int)
    redeems = redeems < TRUTH.redeemed_share
    lots = pd.DataFrame({"customer": placed["customer"], "minute": placed["minute"], "points": cents // 100})
    gone_day = placed["minute"] // DAY + np.where(redeems, days, TRUTH.expire_days)
    gone = lots.assign(
        minute=gone_day * DAY + np.where(redeems, minute_of_day(rng, len(lots)), 0),
        points=-lots["points"],
        reason=np.where(redeems, "redeem", "expire"),
    )
    kept = takes_part[lots["customer"]] & ~placed["cancelled"].to_numpy() & (lots["points"] > 0)
    both = pd.concat([lots.assign(reason="earn")[kept], gone[kept & (gone["minute"] < DAYS * DAY)]])
    return both.sort_values(["minute", "customer"], kind="stable", ignore_index=True)


def consents(people: pd.DataFrame) -> pd.DataFrame:
    """One row per answer by time: customer, channel, minute, given. Who opted out has taken back what was given."""
    answers = []
    for channel, (asked, yes) in CONSENTS.items():
        rng = uniforms(f"consent {channel}")
        lot, answer, withdrawal, when = rng.random((4, len(people)))
        first = people["joined"].to_numpy() + 5 + pick(rng.random(len(people)), [1] * 20)
        given = answer < yes
        later = first + DAY + np.floor(when * (DAYS * DAY - first - DAY)).astype(int)
        back = (
            given & ((withdrawal < WITHDRAWN) | people["opted_out"].to_numpy()) & (later < DAYS * DAY) & (later > first)
        )
        frame = pd.DataFrame({"customer": np.arange(len(people)), "channel": channel, "minute": first, "given": given})
        answers += [frame[lot < asked], frame.assign(minute=later, given=False)[(lot < asked) & back]]
    frame = pd.concat(answers)
    return frame[frame["minute"] < DAYS * DAY].sort_values(["minute", "customer"], kind="stable", ignore_index=True)
