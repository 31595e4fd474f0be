"""Groups of customers: their sizes and revenue, and what is folded."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.groups import Groups, profile
from helpers.findings import formats
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALL_GROUPS


def test_sizes_revenue_and_shares_are_those_of_the_group(regulars, labels):
    for groups in labels.given.values():
        summary = groups.table
        sizes = groups.labels.value_counts()
        assert sizes.sum() == len(regulars.customers)
        assert summary["customers"].sum() == sizes[sizes >= 5].sum()
        every = regulars.customers.set_index("customer_id")
        for row in summary.itertuples():
            held = every.loc[groups.labels.index[groups.labels == row[1]]]
            assert row.customers == len(held) == pytest.approx(row.customer_share * len(every))
            assert row.revenue == pytest.approx(held["monetary"].sum())
            assert row.revenue_share == pytest.approx(row.revenue / every["monetary"].sum())


def test_groups_under_five_are_folded_and_left_out_if_still_that_small():
    customers = pd.DataFrame({"customer_id": range(14), "orders": 1, "monetary": 10.0, "recency_days": 5.0})
    labels = pd.Series([*"aaaaaaa", *"bbb", *"cccc"], index=pd.Index(range(14), name="customer_id"), name="segment")
    rules = dict.fromkeys("abc", "a rule")
    assert profile(customers, labels, rules).set_index("segment")["customers"].to_dict() == {"a": 7, SMALL_GROUPS: 7}
    fewer = profile(customers[:10], labels[:10], rules)
    assert words_of(Groups(fewer, "segment", labels[:10], rules)).endswith("fewer than 5 customers is not shown.")
    fewer = fewer.set_index("segment")
    assert fewer["customers"].to_dict() == {"a": 7} and fewer.loc["a", "revenue_share"] == pytest.approx(0.7)


def test_figures_show_what_the_tables_hold(labels):
    charts.style()
    segments = labels.segments
    ax = segments.plot()
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == segments.summary()["segment"].map(formats.text).tolist()
    drawn = [bar.get_width() for bar in ax.patches]
    assert drawn == pytest.approx([*segments.table["customer_share"], *segments.table["revenue_share"]])


def test_a_page_shows_no_sum_of_money_of_a_group_and_its_rule_last(labels):
    shown = labels.tiers.summary()
    assert "revenue" not in shown and shown.columns[-1] == "group_rule"


def test_no_group_is_called_the_richest_or_the_largest_where_two_are_level_or_all_are_small():
    table = pd.DataFrame({"segment": ["a", "b", "few"], "customers": [30, 30, 9], "customer_share": [0.4, 0.4, 0.2]})

    def told(shares: list[float]) -> str:
        return words_of(Groups(table.assign(revenue_share=shares), "segment", pd.Series(range(69)), {}))

    assert told([0.3, 0.2, 0.5]) == "“a”: 40.0% of customers, 30.0% of revenue."
    assert told([0.3, 0.3, 0.4]) == "No segment brings more than all others."
    small = Groups(table.assign(customers=9, revenue_share=0.3), "segment", pd.Series(range(27)), {})
    assert words_of(small) == "No segment has 20 customers: too few to rank."


def test_behind_a_group_stand_its_customers(labels):
    group = labels.segments.table.dropna(subset="customers").iloc[0]
    assert len(labels.segments.customers(segment=group["segment"])) == group["customers"]
