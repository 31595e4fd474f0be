"""What readers see of retention: blanks where nothing can be known or shown, means, groups, words."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.engagement.cohort_counts import Return
from helpers.analyses.profiling.engagement.retention_rates import retention, retention_means
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.shares.proportions import wilson_interval
from shops import shop


def ordered(rows: list[tuple], as_of: str, people: pd.DataFrame | None = None) -> Dataset:
    """A data set with orders alone, as (customer, day, cancelled)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "cancelled"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    return shop(orders=frame.astype({"customer_id": "string"}), as_of=dt.date.fromisoformat(as_of), known=people)


def months(customers: range, *when: int) -> list[tuple]:
    return [(f"c{n}", f"2025-{month:02d}-10", False) for n in customers for month in when]


# ten begin in January, of whom six order in February and two in March; six in February, three in March; three in March
ROWS = [*months(range(2), 1, 2, 3), *months(range(2, 6), 1, 2), *months(range(6, 10), 1), *months(range(10, 13), 2, 3),
        *months(range(13, 16), 2), *months(range(16, 19), 3)]  # fmt: skip


def test_immature_cells_and_small_cohorts_are_blank_and_in_no_mean():
    """As of 20 March: of the cells of March nothing is told yet, and three customers are too few for a cohort."""
    found = retention(ordered(ROWS, "2025-03-20"), intervals=6)
    cells = found.table.assign(month=found.table["cohort"].dt.month).set_index(["month", "interval"])
    assert cells.index.to_list() == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0)]
    assert cells["customers"].to_list()[:5] == [10, 10, 10, 6, 6] and np.isnan(cells.loc[(3, 0), "customers"])
    assert cells["rate"].dropna().to_dict() == {(1, 0): 1, (1, 1): 0.6, (2, 0): 1}
    assert cells.loc[[(1, 2), (2, 1)], ["returned", "lower", "upper"]].isna().all(axis=None)
    assert found.means[["interval", "cohorts", "customers", "returned"]].to_numpy().tolist() == [[1, 1, 10, 6]]


def test_means_weigh_cohorts_by_their_customers_or_all_alike():
    found = retention(ordered(ROWS, "2025-03-31"), intervals=3).means.set_index("interval")
    assert found.loc[1, ["cohorts", "customers", "returned"]].to_list() == [2, 16, 9]
    assert found.loc[1, "rate"] == 9 / 16 and found.loc[1, "simple_mean_rate"] == pytest.approx((0.6 + 0.5) / 2)
    assert found.loc[1, ["lower", "upper"]].to_list() == [float(limit) for limit in wilson_interval(9, 16)]
    assert found.loc[2, "rate"] == 0.2


def test_means_over_recurring_cohorts_have_no_interval_since_customers_count_twice():
    found = retention(ordered(ROWS, "2025-03-31"), intervals=3, back=Return(cohorts="recurring"))
    assert found.means["rate"].notna().all() and found.means[["lower", "upper"]].isna().all(axis=None)
    assert "95%" not in words_of(found)


def test_where_no_cohort_is_recent_the_older_ones_are_followed():
    found = retention(ordered(ROWS, "2025-12-31"), intervals=3)
    assert found.table["cohort"].min() == pd.Timestamp("2025-01-01") and found.table["interval"].max() == 11
    assert found.means.set_index("interval").loc[1, "cohorts"] == 2


def test_cancelled_orders_begin_nothing():
    rows = [*months(range(9), 2, 3), *((f"c{n}", "2025-01-10", True) for n in range(9))]
    found = retention(ordered(rows, "2025-03-31"), intervals=3)
    assert found.table["cohort"].min() == pd.Timestamp("2025-02-01")


def test_small_groups_are_one_and_lost_to_nobody():
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(19)]})
    people["channel"] = ["shop"] * 10 + ["rare"] * 2 + ["web"] * 6 + [None]
    found = retention(ordered(ROWS, "2025-03-31", people), intervals=3, by="channel")
    sizes = found.table[found.table["interval"] == 0].groupby("group")["customers"].sum(min_count=1)
    assert set(sizes.index) == {"shop", SMALL_GROUPS} and sizes["shop"] == 10
    assert found.summary().columns[0] == "channel"
    assert isinstance(retention(ordered(ROWS, "2025-03-31", people), by="planet"), NotApplicable)


def test_groups_that_differ_are_told_from_groups_that_do_not():
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(400)], "channel": ["a", "b"] * 200})
    apart = [*months(range(0, 400, 2), 1, 2), *months(range(1, 400, 2), 1), *months(range(1, 20, 2), 2)]
    alike = [*months(range(400), 1), *months(range(200), 2)]
    said = [retention(ordered(rows, "2025-03-31", people), intervals=3, by="channel") for rows in (apart, alike)]
    assert said[0].p_value < 1e-9 and "differ by more than chance" in words_of(said[0])
    assert said[1].p_value == 1 and "no evidence that it differs by Channel." in words_of(said[1])


def test_the_headline_says_the_share_its_interval_and_its_cohorts():
    found = retention(ordered(ROWS, "2025-03-31"), intervals=3)
    assert words_of(found) == (
        "Of new customers 56.2% came back in month 1. "
        "Mean of 2 cohorts, weighted by customers. 95% interval 33.2% to 76.9% in month 1."
    )
    bracket = retention(ordered(ROWS, "2025-03-31"), intervals=3, back=Return("bracket", (2,)))
    assert "60.0%" in words_of(bracket) and "in month 1–2" in words_of(bracket)
    assert bracket.summary()["months_after"].to_list() == ["1–2"]
    later = retention(ordered(ROWS, "2025-03-31"), intervals=3, back=Return("on_or_after"))
    assert "in month 1 or later" in words_of(later)


def test_the_triangle_is_drawn_without_its_first_column_and_names_no_small_cohort():
    ax = retention(ordered(ROWS, "2025-03-31"), intervals=3).plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["2025-01  (10)", "2025-02  (6)"]
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["60.0%", "20.0%", "50.0%"]


def test_a_condition_on_a_column_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="column of starts = 'chanel': choose one of customer_id"):
        retention(ordered(ROWS, "2025-03-31"), back=Return(starts={"chanel": "web"}))


def test_what_a_data_set_lacks_is_not_applicable():
    said = [
        retention(ordered(months(range(3), 1, 2), "2025-03-31")),
        retention(ordered(ROWS, "2025-03-31"), "events"),
        retention(ordered([(None, "2025-01-10", False)], "2025-03-31")),
        retention(ordered(ROWS, "2031-03-31"), intervals=3),
    ]
    assert [words_of(finding) for finding in said] == [
        "Cannot be told: no cohort of at least 5 customers has been followed for a whole interval.",
        "Cannot be told: this data set has no events.",
        "Cannot be told: none of the orders names a customer.",
        "Cannot be told: no cohort began in the 60 months to March 31, 2031.",
    ]


def test_sign_ups_and_returns_may_be_different_events_of_the_demo(demo):
    back = Return(starts={"event": "visit"}, returns={"event": ["checkout"]})
    found = retention(demo, "events", back=back, intervals=4)
    rows = demo.tables["events"].execute()
    first = rows[rows["event"] == "visit"].groupby("customer_id")["happened_at"].min().dt.to_period("M")
    bought = rows[rows["event"] == "checkout"].assign(month=lambda t: t["happened_at"].dt.to_period("M"))
    month = pd.Period("2025-10")
    cohort = first[first == month].index
    came = bought[bought["customer_id"].isin(cohort) & (bought["month"] == month + 1)]["customer_id"].nunique()
    cell = found.table[(found.table["cohort"] == month.start_time) & (found.table["interval"] == 1)].iloc[0]
    assert (cell["customers"], cell["returned"]) == (len(cohort), came)


def test_means_take_the_plain_table_of_cells():
    cells = pd.DataFrame({
        "interval": [0, 1, 1, 1], "last_interval": [0, 1, 1, 1], "customers": [10, 10, 30, 50], "returned": [10, 5, 3, 50],
        "rate": [1, 0.5, 0.1, 1], "mature": [True, True, True, False],
    })  # fmt: skip
    found = retention_means(cells).iloc[0]
    assert (found["rate"], found["simple_mean_rate"], found["cohorts"]) == (8 / 40, 0.3, 2)


def test_a_page_shows_the_means_of_groups_under_their_intervals():
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(60)], "channel": ["a", "b"] * 30})
    rows = [row for start in (1, 2, 3) for row in months(range(20 * start - 20, 20 * start), start, start + 1)]
    found = retention(ordered(rows, "2025-05-31", people), intervals=5, by="channel")
    summary = found.summary()
    assert list(summary) == ["channel", "customers", "month_1_rate", "lower", "upper", "month_2_rate"]
    assert summary["month_1_rate"].to_list() == [1, 1] and summary["month_2_rate"].to_list() == [0, 0]
    markup = found._repr_mimebundle_()[0]["text/html"]
    assert all(f">{heading}</th>" in markup for heading in ("Channel", "Back in month 1", "Back in month 2"))


@pytest.mark.parametrize(
    "back", [Return(), Return(cohorts="recurring"), Return("bracket", (1, 3, 6)), Return("streak")]
)
@pytest.mark.parametrize("by", ["", "channel"])
def test_behind_each_cell_stand_as_many_customers_as_it_counts(demo, back, by):
    answer = retention(demo, by=by, back=back)
    keys = [*(["group"] if by else []), "cohort", "interval"]
    counted = answer.members().groupby(keys)["returned"].agg(["sum", "size"])
    cells = answer.table[answer.table["interval"] > 0].dropna(subset="returned").set_index(keys)
    assert len(cells) > 20
    assert (counted.loc[cells.index].to_numpy() == cells[["returned", "customers"]].to_numpy()).all()


def test_those_of_a_cohort_who_came_back_are_named(demo):
    ids = retention(demo).customers(cohort="2025-03-01", interval=1, returned=True)
    rows = demo.where(ids).customers
    assert (rows["first_order_on"].dt.strftime("%Y-%m") == "2025-03").all() and (rows["orders"] > 1).all()
