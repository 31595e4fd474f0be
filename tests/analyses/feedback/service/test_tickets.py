"""What answers about tickets share: groups folded by customers, ages by the minute, shares in words."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest

from helpers.analyses.feedback.service.tickets import (
    ALL,
    chosen_group,
    grouped,
    minutes_between,
    old_enough,
    recorded,
    tickets_of,
)
from helpers.findings import NotApplicable, facts, say
from helpers.findings.folding import SMALL_GROUPS
from shops import AS_OF, shop


def times(*texts: str) -> ibis.Table:
    """Tickets recorded at these moments."""
    rows = {"ticket_id": list(map(str, range(len(texts)))), "customer_id": "a", "opened_at": pd.to_datetime(texts)}
    return shop(tickets=rows).tables["tickets"]


def test_small_groups_are_folded_with_the_next_smallest_until_they_can_be_shown():
    """d has 2 customers, who together with c's 6 can be shown; the same customer in two small groups is one."""
    rows = pd.DataFrame({"category": ["a"] * 20 + ["b"] * 10 + ["c"] * 6 + ["d"] * 2 + ["e"] * 2})
    rows["customer_id"] = [*map(str, range(20)), *map(str, range(10)), *map(str, range(6)), "1", "2", "1", "2"]
    folded, names = grouped(ibis.memtable(rows), "category")
    assert names == ["a", "b", SMALL_GROUPS]
    assert folded.group.value_counts().execute().set_index("group").iloc[:, 0][SMALL_GROUPS] == 10


def test_without_a_column_all_tickets_are_one_group():
    rows, names = grouped(times("2025-01-01", "2025-01-02"), "")
    assert names == [ALL] and rows.group.execute().tolist() == [ALL, ALL]


def test_a_data_set_without_any_ticket_has_none():
    assert tickets_of(shop()) is None
    assert tickets_of(shop(tickets=times("2025-01-01").limit(0))) is None
    assert tickets_of(shop(tickets=times("2025-01-01"))).count().execute() == 1


def test_recorded_is_what_any_ticket_says_in_the_order_that_is_asked():
    tickets = times("2025-01-01", "2025-01-02").mutate(
        channel=ibis.cases((ibis._.ticket_id == "1", "app")), replies=ibis.literal(0)
    )
    assert recorded(tickets, ("replies", "category", "channel")) == ["replies", "channel"]


def test_a_group_is_chosen_among_what_tickets_have_and_say():
    tickets = times("2025-01-01").mutate(channel=ibis.literal("app"))
    assert chosen_group(tickets, "channel") == "channel"
    assert chosen_group(tickets, "category") == NotApplicable(
        say("no ticket of this data set says its {by}.", by=facts.Attribute("category"))
    )
    with pytest.raises(ValueError, match="by = 'chanel': choose one of .* Did you mean 'channel'"):
        chosen_group(tickets, "chanel")


def test_a_ticket_is_old_enough_to_the_second():
    """Two days before the end of 30 June is the end of 28 June."""
    tickets = times("2025-06-28 23:59:59", "2025-06-29 00:00:00", "2025-06-29 00:00:01")
    assert old_enough(tickets, AS_OF, 2).ticket_id.execute().tolist() == ["0", "1"]
    assert old_enough(tickets, AS_OF + dt.timedelta(days=1), 2).count().execute() == 3


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (86_400, 1_440), (-61, 0)])
def test_a_begun_minute_counts_whole_and_none_is_below_zero(seconds, minutes):
    earlier = pd.Timestamp("2025-01-01 12:00:00")
    later = earlier + pd.Timedelta(seconds=seconds)
    assert minutes_between(ibis.timestamp(earlier), ibis.timestamp(later)).execute() == minutes
