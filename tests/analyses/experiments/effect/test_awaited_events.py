"""Customers are counted by how long they have waited, nobody twice and nobody for longer than they were followed."""

from __future__ import annotations

import pytest

from helpers.analyses.experiments.effect.awaited_events import EVENTS, counts_of, waits


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.table)
def test_counts_are_those_of_the_customers(event, demo):
    rows, counts = waits(demo, event).execute(), counts_of(demo, event)
    assert not rows.duplicated(["experiment", "customer_id"]).any()
    assert (rows["days"] <= rows["followed_days"]).all() and set(rows["happened"]) == {0, 1}
    sizes = rows.groupby(["experiment", "variant"]).size()
    assert counts.groupby(["experiment", "variant"])["customers"].sum().equals(sizes.rename("customers"))
