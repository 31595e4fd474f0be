"""Points and consents."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.clock import DAY, DAYS
from helpers.data.synthetic.customers import programme
from helpers.data.synthetic.truth import TRUTH


def test_points_are_redeemed_as_often_and_as_late_as_planted(shop):
    moved = programme.points(shop.bought.placed, shop.cents)
    assert moved["minute"].is_monotonic_increasing and moved["minute"].max() < DAYS * DAY
    early = shop.bought.placed["minute"] < (DAYS - TRUTH.expire_days) * DAY  # their lots are all gone
    lots = programme.points(shop.bought.placed[early], shop.cents[early])
    counts = lots["reason"].value_counts()
    share = counts["redeem"] / counts["earn"]
    assert counts["earn"] == counts["redeem"] + counts["expire"] and lots["points"].sum() == 0
    assert abs(share - TRUTH.redeemed_share) < 3 * np.sqrt(share * (1 - share) / counts["earn"])


def test_a_lot_is_redeemed_after_an_exponential_time():
    placed = pd.DataFrame({"customer": np.arange(4_000), "minute": 0, "cancelled": False})
    moved = programme.points(placed, np.full(4_000, 100))
    days = moved.loc[moved["reason"] == "redeem", "minute"] // DAY
    cut = np.exp(-TRUTH.expire_days / TRUTH.redeemed_after_days)
    mean = TRUTH.redeemed_after_days - TRUTH.expire_days * cut / (1 - cut)
    assert days.max() <= TRUTH.expire_days and days.mean() == pytest.approx(mean, rel=0.08)


def test_nobody_who_opted_out_still_consents(people):
    answers = programme.consents(people)
    last = answers.drop_duplicates(["customer", "channel"], keep="last").set_index("customer")
    earlier = answers[answers["minute"] < (DAYS - 30) * DAY].drop_duplicates(["customer", "channel"])
    shares = earlier[earlier["given"]].groupby("channel").size() / earlier.groupby("channel").size()
    for channel, (_asked, yes) in programme.CONSENTS.items():
        assert shares[channel] == pytest.approx(yes, abs=0.03)
    still = last["given"] & people["opted_out"].reindex(last.index)
    assert still.sum() < 5  # of those who joined on the last days
