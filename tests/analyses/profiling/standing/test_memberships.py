"""Contracts that began and ended in a window, and what is told of them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.analyses.profiling.standing.memberships import members_of
from shops import shop, words

AS_OF = dt.date(2025, 6, 30)


def members(joined: int, left: int, earlier_joined: int):
    """A hundred members at the window's start of thirty days, at 10 a month; so many joined in it, and before it."""
    rows = [(f"a{place}", "2024-01-01", None) for place in range(100 - earlier_joined)]
    rows += [(f"b{place}", "2025-05-10", None) for place in range(earlier_joined)]
    rows = [(name, began, "2025-06-10" if place < left else ended) for place, (name, began, ended) in enumerate(rows)]
    rows += [(f"c{place}", "2025-06-05", None) for place in range(joined)]
    frame = pd.DataFrame(rows, columns=["customer_id", "started_at", "ended_at"]).assign(plan="p", price=10.0)
    times = {name: pd.to_datetime(frame[name]) for name in ("started_at", "ended_at")}
    rest = pd.DataFrame({"customer_id": ["z"], "started_at": [pd.Timestamp("2024-01-01")],
                         "ended_at": [pd.Timestamp("2024-02-01")], "plan": ["p"], "price": [10.0]})  # fmt: skip
    data = shop(as_of=AS_OF, settings=words(currency="EUR"), subscriptions=pd.concat([frame.assign(**times), rest]))
    return members_of(Trade(data), Window(AS_OF, 30))


def test_joined_and_left_are_counted_by_customers_and_fees_by_the_month():
    known = members(joined=5, left=40, earlier_joined=20)
    assert (known.joined, known.left, known.net, known.earlier_joined) == (5, 40, -35, 20)
    assert known.monthly_change == -350


def test_the_news_say_whether_more_left_or_fewer_joined():
    left = members(joined=5, left=40, earlier_joined=20).news("EUR")
    assert str(left.said) == "Running contracts fell by 35: more of them ended than before."
    assert left.stake == 1050
    grown = members(joined=40, left=5, earlier_joined=20).news("EUR")
    assert str(grown.said) == "Running contracts grew by 35: more began than ended."


def test_comings_and_goings_within_chance_are_no_news():
    assert members(joined=10, left=12, earlier_joined=10).news("EUR") is None


def test_without_contracts_there_are_no_members(fading):
    assert members_of(Trade(fading), Window(AS_OF, 30)) is None
