"""A channel has failed where its new customers are gone and the others hold; counts below the smallest group are not told."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers.analyses.profiling.business.windows import Window
from helpers.analyses.profiling.standing.channels import failed, moved_alike, news_of_failure
from helpers.findings import folding


def channels(**counts: tuple[int, int]) -> pd.DataFrame:
    """So many new customers now and earlier, of each channel; each brought 10."""
    rows = [("last_year", name, now, then, 10.0 * now, 10.0 * then) for name, (now, then) in counts.items()]
    return pd.DataFrame(rows, columns=["against", "channel", "buyers", "earlier_buyers", "sales", "earlier_sales"])


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        ({"web": (2, 50), "fair": (48, 50)}, "web"),
        ({"web": (13, 50), "fair": (48, 50)}, None),  # a quarter is still there
        ({"web": (2, 50), "fair": (3, 50)}, None),  # all of them
        ({"web": (2, 50), "fair": (25, 50), "ads": (50, 50)}, "web"),  # the others together hold
        ({"web": (2, 50), "fair": (60, 110)}, None),  # the others fell too
        ({"web": (1, 19), "fair": (48, 50)}, None),  # too few to tell
        ({"web": (2, 50)}, None),
    ],
)
def test_one_channel_has_failed_where_the_others_together_hold(counts, name):
    found = failed(channels(**counts))
    assert (None if found is None else found["channel"]) == name


def test_a_failure_is_told_with_the_money_of_ninety_days_and_without_small_counts():
    found = failed(channels(web=(2, 50), fair=(48, 50)))
    change, action = news_of_failure(found, "EUR", Window(dt.date(2025, 6, 30), 45))
    assert str(change.said) == "“web” has all but stopped bringing new customers; last year €500 came through it."
    assert f"fewer than {folding.SMALLEST_GROUP} came through it, 50 then" in change.said.whole
    assert str(action.said) == "Find out why “web” hardly brings new customers any more: about €480 hang on it."
    assert change.stake == action.stake == 960 and change.sure > 0.999
    assert action.due_on == dt.date(2025, 7, 7)


def test_channels_that_moved_alike_are_no_reason():
    assert str(moved_alike(channels(a=(20, 40), b=(30, 40)))) == (
        "All 2 channels brought 25.0% to 50.0% fewer of them: no single one is the reason."
    )
    assert str(moved_alike(channels(a=(50, 40), b=(60, 40)))) == "All 2 channels brought 25.0% to 50.0% more of them."
    assert str(moved_alike(channels(a=(20, 40), b=(60, 40)))) == "Not all channels fell: a did most, from 40 to 20."
    few = str(moved_alike(channels(a=(1, 30), b=(60, 40))))
    assert few.endswith(f"a did most, from 30 to fewer than {folding.SMALLEST_GROUP}.")
    assert moved_alike(channels(a=(20, 40))) is None
