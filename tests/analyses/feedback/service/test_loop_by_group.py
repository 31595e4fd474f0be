"""The closed loop by group against a slow count; groups are told apart by customers, not by their requests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.service.loop import FULL, STAGES
from helpers.analyses.feedback.service.loop_by_group import closed_loop_by
from helpers.findings.folding import UNKNOWN
from helpers.statistics.shares import alike_groups
from shops import shop
from tickets import DAYS, random_tickets, reached


def test_the_loop_by_group_is_that_of_a_slow_count_and_an_unknown_group_is_one():
    rows = random_tickets(np.random.default_rng(2))
    found, slow = closed_loop_by(shop(tickets=rows), "category", DAYS), reached(rows, list(STAGES))
    cells = found.table.set_index(["group", "stage"])
    assert set(found.table["group"]) == {"a", "b", "c", UNKNOWN}
    for (group, stage), row in cells.iterrows():
        name = None if group == UNKNOWN else group
        mine = [ticket for ticket in slow if (None if pd.isna(ticket["category"]) else ticket["category"]) == name]
        hit = [all(ticket[each] for each in STAGES) if stage == FULL else ticket[stage] for ticket in mine]
        assert (row["tickets"], row["completeness_rate"]) == (len(mine), pytest.approx(np.mean(hit)))


def test_groups_that_differ_are_told_from_groups_that_do_not():
    rows = random_tickets(np.random.default_rng(3), 3_000, ("resolved",))
    alike = rows.assign(category=np.where(rows.index % 2, "a", "b"))
    assert "no group clearly differs" in words_of(closed_loop_by(shop(tickets=alike), "category", DAYS))
    never = alike["closed_at"].where((alike["category"] == "a") | (alike.index % 3 == 0))
    told = words_of(closed_loop_by(shop(tickets=alike.assign(closed_at=never)), "category", DAYS))
    assert told.startswith("Category: requests of “a” go the whole way most often (") and "p < 0.001" in told


def test_customers_with_many_requests_do_not_make_groups_differ():
    """A few customers never settle anything; which group they ask in says nothing of the group."""
    rng = np.random.default_rng(6)
    rows = random_tickets(rng, 600, ("resolved",)).assign(customer_id=np.arange(600) % 40)
    rows = rows.assign(category=np.where(rows["customer_id"] % 2, "a", "b"), opened_at=pd.Timestamp("2025-03-01"))
    stubborn = rows["customer_id"].isin([1, 3])
    rows = rows.assign(closed_at=(rows["opened_at"] + pd.Timedelta(days=1)).where(~stubborn & (rng.random(600) < 0.8)))
    found = closed_loop_by(shop(tickets=rows.assign(customer_id=rows["customer_id"].astype(str))), "category", DAYS)
    once = rows.assign(done=rows["closed_at"].notna())
    assert found.p_value > 0.05 > alike_groups(once["category"], once.index, once["done"], np.ones(600))
