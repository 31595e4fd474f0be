"""Groupings of tickets are tested together, and the slowest group of the clearest one is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.service.waiting import speed
from helpers.analyses.feedback.service.waits_by_group import speed_by
from shops import shop


def test_groupings_are_tested_together_and_a_difference_is_found_where_there_is_one():
    rng = np.random.default_rng(4)
    minutes = np.ceil(rng.exponential(5 * 1440, 400) * np.where(np.arange(400) % 2, 1, 2))
    opened = pd.Timestamp("2025-06-01") + pd.to_timedelta(np.arange(400), unit="min")
    rows = pd.DataFrame({"ticket_id": np.arange(400).astype(str), "customer_id": np.arange(400).astype(str)})
    closed = pd.Series(opened + pd.to_timedelta(minutes, unit="min"))
    rows = rows.assign(opened_at=opened, closed_at=closed.where(closed < pd.Timestamp("2025-07-01")))
    rows = rows.assign(category=np.where(rows.index % 2, "a", "b"), channel=rng.choice(["x", "y"], 400))
    found = speed_by(shop(tickets=rows), "resolution", 5)
    p = found.summary().drop_duplicates("by").set_index("by")["adjusted_p_value"]
    single = speed(shop(tickets=rows), "resolution", 5, "channel").p_value
    assert list(p.index) == ["category", "channel"]  # no ticket says its workgroup
    assert p["category"] < 1e-3 and p["channel"] == pytest.approx(single)
    assert words_of(found).startswith("Category: “b” waits longest. Of its requests ")
    assert "Beyond chance by Category, 2 tested together. No evidence by Channel." in words_of(found)
    alike = speed_by(shop(tickets=rows), "resolution", 5, ("channel",))
    assert words_of(alike) == "Channel: no evidence that requests of one group wait longer."
