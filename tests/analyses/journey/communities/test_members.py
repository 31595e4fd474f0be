"""Which events are those of a community, and how many of the active customers are active in it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.communities.joiners import joiners
from helpers.analyses.journey.communities.members import community, of_community
from helpers.analyses.journey.road.touches import touchpoints
from helpers.findings import NotApplicable
from shops import shop

AS_OF = dt.date(2025, 6, 20)


def events(channel: str = "社群") -> pd.DataFrame:
    """Events of 60 customers on the web in each month from January, and of a third of them in a community from March."""
    months = pd.period_range("2025-01", "2025-06", freq="M")
    web = [(f"c{n}", month.start_time, "web") for month in months for n in range(60)]
    group = [(f"c{n}", month.start_time, channel) for month in months[2:] for n in range(20)]
    lurkers = [(f"x{n}", months[3].start_time, channel) for n in range(10)]  # who did nothing else
    rows = pd.DataFrame(web + group + lurkers, columns=["customer_id", "happened_at", "channel"])
    return rows.assign(event="visit")


@pytest.mark.parametrize("channel", ["community", "社群", "WeChat Group", "企微群 3", "Brand forum", "会员社区"])
def test_communities_go_by_their_names(channel):
    data = shop(as_of=AS_OF, events=events(channel))
    assert of_community(data).customer_id.nunique().execute() == 30


@pytest.mark.parametrize("channel", ["app", "小程序", "web", None])
def test_other_channels_are_none_and_the_export_is_asked_for(channel):
    data = shop(as_of=AS_OF, events=events(channel))
    assert of_community(data) is None
    assert "社群" in words_of(community(data, touchpoints(data)))


def test_shares_are_those_of_whole_months_since_the_community_began():
    data = shop(as_of=AS_OF, events=events())
    found = community(data, touchpoints(data))
    assert found.table["month"].dt.month.tolist() == [3, 4, 5]  # June is not over
    assert found.table["active_customers"].tolist() == [60, 70, 60]
    assert found.table["community_members"].tolist() == [20, 30, 20]
    assert np.allclose(found.table["community_share"], [1 / 3, 3 / 7, 1 / 3])
    assert str(found.headline()) == "33.3% of the customers active in May 2025 were active in the community."
    assert "30 customers were ever active in it." in words_of(found)


def test_a_community_of_few_is_no_answer():
    few = events().query("channel == 'web' or customer_id in ('c0', 'c1', 'c2')")
    data = shop(as_of=AS_OF, events=few)
    assert isinstance(community(data, touchpoints(data)), NotApplicable)


def test_the_demo_has_no_community_and_is_told_what_to_export(demo):
    for answer in (community(demo, touchpoints(demo)), joiners(demo)):
        assert isinstance(answer, NotApplicable)
        assert "export" in words_of(answer)
