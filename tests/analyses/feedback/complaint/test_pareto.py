"""Complaints by category and by customer, against slow counts; no page points at a complainer."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.complaint.pareto import complaint_pareto, repeat_complainers
from helpers.findings import NotApplicable
from helpers.findings.folding import OTHERS, SMALL_GROUPS
from helpers.statistics.shares.proportions import wilson_interval
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")


def drawn(rng: np.random.Generator, n: int = 400, customers: int = 200) -> pd.DataFrame:
    opened = NIGHT - pd.to_timedelta(rng.integers(1, 700 * 1440, n), unit="min")
    rows = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "opened_at": opened})
    return rows.assign(customer_id=rng.integers(0, customers, n).astype(str), complaint=rng.random(n) < 0.7)


def of_categories(counts: dict[str, int]) -> pd.DataFrame:
    """So many complaints of each category, every one of another customer, and as many requests that are none."""
    names = np.repeat(list(counts), list(counts.values()))
    n = len(names)
    rows = pd.DataFrame({"category": [*names, *names], "complaint": [True] * n + [False] * n})
    ids = [str(at) for at in range(2 * n)]
    return rows.assign(ticket_id=ids, customer_id=ids, opened_at=pd.Timestamp("2025-03-01"))


def test_the_few_categories_that_make_most_complaints_are_counted():
    """70 + 15 is the first sum of at least 80 of the 100 complaints."""
    found = complaint_pareto(shop(tickets=of_categories({"late": 15, "broken": 70, "rude": 9, "bill": 6})))
    assert found.summary()["category"].tolist() == ["broken", "late", "rude", "bill"]
    assert found.summary()["cumulative_share"].tolist() == pytest.approx([0.7, 0.85, 0.94, 1])
    assert found.summary()["complaints"].tolist() == [70, 15, 9, 6]
    assert str(found.headline()) == "Category: 2 of 4 groups draw 85.0% of all complaints."
    assert words_of(found).endswith("Of 100 complaints “broken” 70.0% and “late” 15.0%.")
    lower, upper = wilson_interval(15, 100)
    assert found.summary().loc[1, ["lower", "upper"]].tolist() == pytest.approx([float(lower), float(upper)])


def test_what_complaints_are_about_is_ranked_beyond_chance_among_twenty_and_never_within_a_tie():
    alike = complaint_pareto(shop(tickets=of_categories({"broken": 30, "late": 24, "rude": 26})))
    assert words_of(alike) == "Category: no evidence that one group draws more complaints than another."
    tie = complaint_pareto(shop(tickets=of_categories({"a": 70, "b": 10, "c": 10, "d": 10})))
    assert str(tie.headline()) == "Category: complaints are spread; it takes 4 of 4 groups to reach 100%."
    assert words_of(replace(tie, customers=19)).startswith("Fewer than 20 customers complained: too few")
    rows = of_categories({"broken": 60, "late": 30})
    one = rows.assign(customer_id=np.where(rows["category"] == "broken", rows.index % 5, rows.index).astype(str))
    assert complaint_pareto(shop(tickets=one)).p_value > 0.05  # sixty complaints of five customers prove little


def test_exactly_four_fifths_are_enough():
    found = complaint_pareto(shop(tickets=of_categories({"a": 80, "b": 20})))
    assert words_of(found).startswith("Category: 1 of 2 groups draw 80.0%")


def test_small_categories_are_one_and_come_last():
    found = complaint_pareto(shop(tickets=of_categories({"a": 20, "b": 4, "c": 4, "d": 5, "e": 4}))).summary()
    assert found["category"].tolist() == ["a", "d", SMALL_GROUPS]
    assert found["complaints"].tolist() == [20, 5, 12]


def test_repeat_complainers_are_those_of_a_slow_count():
    rows, days = drawn(np.random.default_rng(1)), 60
    found = repeat_complainers(shop(tickets=rows), days)
    kinds, again, followed = [], 0, 0
    for _, mine in rows[rows["complaint"]].groupby("customer_id"):
        times = sorted(mine["opened_at"])
        near = [later - first <= pd.Timedelta(days=days) for first, later in zip(times[:-1], times[1:], strict=True)]
        kinds.append((0 if any(near) else 1 if len(times) > 1 else 2, len(times)))
        old = [at <= NIGHT - pd.Timedelta(days=days) for at in times]
        followed += sum(old)
        again += sum(was_near for was_near, was_old in zip([*near, False], old, strict=True) if was_old)
    slow = pd.DataFrame(kinds, columns=["kind", "complaints"]).groupby("kind")["complaints"].agg(["size", "sum"])
    assert found.table["customers"].tolist() == slow["size"].tolist()
    assert found.table["complaints"].tolist() == slow["sum"].tolist()
    assert found.table["customers_share"].sum() == pytest.approx(1)
    assert (found.again, found.followed) == (again, followed)


def test_no_customer_is_named():
    rows = drawn(np.random.default_rng(2)).assign(customer_id=lambda table: "canary" + table["customer_id"])
    found = repeat_complainers(shop(tickets=rows), 60)
    assert "canary" not in words_of(found) + found.summary().to_string()


def test_kinds_too_small_to_show_are_joined_or_left_out():
    rng = np.random.default_rng(3)
    single = drawn(rng, 40, 10_000).assign(complaint=True)
    twice = pd.concat([single.head(5), single.head(5)]).assign(opened_at=pd.Timestamp("2025-03-01"))
    found = repeat_complainers(shop(tickets=pd.concat([single.tail(35), twice])), 30)
    assert found.table["repetition"].tolist() == ["soon_again", "rest"]
    assert found.summary()["repetition_in_words"].tolist() == ["2 complaints within 30 days", OTHERS]
    assert found.table["customers"].tolist() == [5, 35]
    assert isinstance(
        repeat_complainers(shop(tickets=pd.concat([single.tail(35), twice.head(4), twice.tail(4)])), 30), NotApplicable
    )


def test_what_cannot_be_told_is_not_applicable():
    rows = drawn(np.random.default_rng(4))
    none = shop()
    for data in (none, shop(tickets=rows.drop(columns="complaint")), shop(tickets=rows.assign(customer_id="1"))):
        assert isinstance(complaint_pareto(data), NotApplicable)
        assert isinstance(repeat_complainers(data), NotApplicable)
    assert isinstance(complaint_pareto(shop(tickets=rows)), NotApplicable)  # no category
    with pytest.raises(ValueError, match="days = 0"):
        repeat_complainers(shop(tickets=rows), 0)


def test_figures_draw_what_the_tables_say():
    pareto = complaint_pareto(shop(tickets=of_categories({"a": 15, "b": 70})))
    assert [bar.get_width() for bar in pareto.plot().patches] == [70, 15]
    repeat = repeat_complainers(shop(tickets=drawn(np.random.default_rng(5))))
    widths = sorted(bar.get_width() for bar in repeat.plot().patches)
    assert widths == pytest.approx(sorted([*repeat.table["customers_share"], *repeat.table["complaints_share"]]))
    plt.close("all")
