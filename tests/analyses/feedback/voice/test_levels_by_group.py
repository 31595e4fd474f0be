"""A group that differs is found among those that do not, and is told in points or as a share."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.voice.levels_by_group import group_levels
from helpers.findings import NotApplicable
from shops import AS_OF, shop


def answers(question: str, scores) -> pd.DataFrame:
    """One answer a customer, c0, c1 …, of three days ago."""
    rows = pd.DataFrame({"score": np.asarray(scores, dtype=float)})
    at = pd.Timestamp(AS_OF) - pd.Timedelta(days=3)
    return rows.assign(customer_id=[f"c{each}" for each in rows.index], answered_at=at, question=question)


def test_a_group_that_differs_is_found_among_those_that_do_not():
    rng = np.random.default_rng(4)
    rows = answers("csat", rng.choice([2, 5], 900, p=[0.3, 0.7]))
    rows.loc[:199, "score"] = rng.choice([2, 5], 200, p=[0.7, 0.3])
    labels = pd.Series(np.repeat(["south", "north", "east"], [200, 350, 350]), [f"c{each}" for each in range(900)])
    found = group_levels(shop(surveys=rows), labels, "region")
    slow = (rows["score"].to_numpy()[:200] >= 4).mean()
    told = f"Region: “south” is less pleased than the others: {slow:.1%} are satisfied."
    assert str(found.headline()) == told
    assert found.table.set_index("group").loc["south", "level"] == pytest.approx(slow)
    assert found.summary().set_index("region").loc["south", "satisfied_share"] == pytest.approx(slow)
    assert isinstance(group_levels(shop(surveys=rows), None, "region"), NotApplicable)


def test_readers_see_promoters_in_points_and_the_satisfied_as_a_share():
    rows = answers("nps", [10, 10, 9, 0] * 10)
    labels = pd.Series(["south", "north"] * 20, [f"c{each}" for each in range(40)])
    groups = group_levels(shop(surveys=rows), labels, "region")
    told = groups.summary().set_index("region")
    assert told["nps_points"].to_dict() == {"south": 100, "north": 0}
    assert told["difference_points"].tolist() == pytest.approx((100 * groups.table["level_difference"]).tolist())
    assert groups.plot().get_xlabel() == "NPS points"
    assert str(groups.headline()) == "Region: “north” is less pleased than the others, with an NPS of 0."
    plt.close("all")


def test_where_no_group_differs_the_level_of_all_is_told():
    labels = pd.Series(["a", "b"] * 20, [f"c{each}" for each in range(40)])
    found = group_levels(shop(surveys=answers("nps", [9, 9, 0, 0] * 10)), labels, "plan")
    assert str(found.headline()) == "Plan: NPS is 0 over all; no group clearly differs."
    assert words_of(found).endswith("2 groups were tested together.")
    plt.close("all")
