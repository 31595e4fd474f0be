"""Key figures of a shop counted by hand, beside the window before and the report before; the demo's from its tables."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.business.key_figures import kpis
from shops import shop, words


def by_kpi(finding) -> pd.DataFrame:
    return finding.table.set_index("kpi")


def test_key_figures_of_the_window_equal_those_counted_by_hand(quarter):
    """90 days to 30 June: o2 50 − 10, o3 200, o4 cancelled, o5 60, o6 40; by c1, c2, c3 and ghost."""
    values = by_kpi(quarter)["value"]
    assert values[["customers", "orders", "revenue"]].to_list() == [11, 4, 340]
    assert values["ARPU"] == pytest.approx(340 / 11)
    assert values["ARPPU"] == values["AOV"] == 85
    assert quarter.reading.set_index("kpi").loc["ARPU", "denominator"] == "11 customers"


def test_the_headline_writes_money_in_the_currency_and_says_where_an_interval_needs_more_buyers(quarter):
    assert words_of(quarter) == (
        "Sales of the last 90 days are €340. 4 orders, net of cancellations and refunds. "
        "From April 2, 2025 to June 30, 2025. "
        "On average a customer brought €30.91; fewer than 20 buyers are too few for an interval."
    )


def test_a_window_holds_exactly_its_days_and_the_one_before_ends_the_day_before(corner_shop):
    """o5 of 10 April, 60, lies 81 days before 30 June."""
    wide, narrow = (kpis(corner_shop, window_days=days) for days in (82, 81))
    inside, outside = (by_kpi(figures).loc["revenue"] for figures in (wide, narrow))
    assert (inside["value"], outside["value"], outside["previous"]) == (340, 280, 60)
    assert narrow.reading.set_index("kpi").loc["revenue", "window"] == "2025-04-11 to 2025-06-30"


def test_the_previous_window_is_left_out_where_the_data_begin_later(corner_shop, quarter):
    assert pd.isna(by_kpi(quarter).loc["revenue", "previous"])
    monthly = by_kpi(kpis(corner_shop, window_days=30)).loc["revenue"]
    assert (monthly["value"], monthly["previous"]) == (280, 0)


def test_a_window_of_no_days_is_refused(corner_shop):
    with pytest.raises(ValueError, match="window_days = 0: give a number from 1"):
        kpis(corner_shop, window_days=0)


def test_money_in_another_unit_changes_money_alone_and_by_that_factor(corner_shop, quarter):
    orders = corner_shop.tables["orders"]
    dearer = orders.mutate(amount=orders.amount * 7, refund=orders.refund * 7)
    tables = corner_shop.tables | {"orders": dearer}
    before, after = by_kpi(quarter), by_kpi(kpis(shop(settings=corner_shop.settings, **tables)))
    money = ["revenue", "ARPU", "ARPPU", "AOV"]
    measured = ["value", "lower", "upper", "previous"]
    pd.testing.assert_frame_equal(after.loc[money, measured], 7 * before.loc[money, measured])
    pd.testing.assert_frame_equal(after.drop(money), before.drop(money))


def test_subscriptions_alone_bring_their_price_a_month():
    runs = pd.DataFrame({
        "customer_id": ["a", "b", "c"], "subscription_id": ["1", "2", "3"], "price": [10.0, 20.0, 40.0],
        "started_at": pd.Timestamp("2024-01-01"),
        "ended_at": pd.to_datetime([None, "2025-06-01", "2025-02-01"]),
    })  # fmt: skip
    contracts = kpis(shop(settings=words(currency="EUR"), subscriptions=runs))
    monthly = by_kpi(contracts).loc["monthly subscription revenue"]
    assert (monthly["value"], monthly["previous"], monthly["unit"]) == (10, 30, "EUR a month")
    assert words_of(contracts).endswith("running subscriptions bring €10 a month.")


def test_values_are_compared_with_those_of_the_report_before(demo, figures):
    last = pd.DataFrame({"kpi": ["orders", "NPS", "retired figure"], "value": [1000.0, 5.0, 1.0]})
    compared = by_kpi(kpis(demo, before=last))
    assert compared.loc["orders", "since_last_run_rate"] == pytest.approx(compared.loc["orders", "value"] / 1000 - 1)
    assert compared["since_last_run_rate"].notna().sum() == 1  # a share of a score that can be below 0 says nothing
    pd.testing.assert_frame_equal(compared.drop(columns="since_last_run_rate"), by_kpi(figures))


def test_without_a_report_before_nothing_is_compared(corner_shop, quarter):
    assert "since_last_run_rate" not in quarter.table
    assert "since_last_run_rate" not in kpis(corner_shop, before=pd.DataFrame({"kpi": ["gone"], "value": [1.0]})).table
    with pytest.raises(ValueError, match="before = a table of kpi, rate: it has kpi and value"):
        kpis(corner_shop, before=pd.DataFrame({"kpi": ["orders"], "rate": [1.0]}))


def test_every_figure_holds_its_interval_and_says_how_it_is_read(figures):
    names = ["DAU", "WAU", "MAU", "ARPU", "ARPPU", "AOV", "quick ratio", "time to second purchase", "NPS"]
    rows = by_kpi(figures).loc[names]
    assert ((rows["lower"] < rows["value"]) & (rows["value"] < rows["upper"])).all()
    assert figures.reading["kpi"].to_list() == figures.table["kpi"].to_list()
    assert (figures.reading.map(len) > 0).all(axis=None)


def test_figures_equal_those_counted_from_the_tables(demo, figures):
    day = pd.Timestamp(demo.as_of)
    events = demo.tables["events"].select("customer_id", "happened_at").execute().dropna()
    month = events[events["happened_at"] >= day - pd.Timedelta(days=29)]
    days = month.assign(day=month["happened_at"].dt.normalize()).drop_duplicates(["customer_id", "day"])
    values = by_kpi(figures)["value"]
    assert values["MAU"] == month["customer_id"].nunique() and values["DAU"] == len(days) / 30
    assert values["WAU"] == month.loc[month["happened_at"] >= day - pd.Timedelta(days=6), "customer_id"].nunique()
    answers = demo.tables["surveys"].filter(lambda t: t.question == "nps").execute()
    window = answers[answers["answered_at"] >= day - pd.Timedelta(days=89)].sort_values("answered_at")
    latest = window.groupby("customer_id")["score"].last()
    assert values["NPS"] == pytest.approx(100 * ((latest >= 9).mean() - (latest <= 6).mean()))


def test_revenue_of_all_days_is_what_the_snapshot_says(demo):
    values = by_kpi(kpis(demo, window_days=800))["value"]
    assert values["revenue"] == pytest.approx(demo.customers["monetary"].sum())


def test_orders_that_name_no_customer_have_no_figures_of_customers(corner_shop):
    anonymous = kpis(shop(orders=corner_shop.tables["orders"].execute().assign(customer_id=None)))
    assert by_kpi(anonymous).loc[["orders", "revenue", "AOV"], "value"].tolist() == [4, 340, 85]
    assert not {"customers", "ARPU", "ARPPU"} & set(anonymous.table["kpi"])


def test_the_first_page_begins_with_what_comes_in_where_anything_does(demo):
    (news,) = kpis(demo).brief().news
    assert (news.topic, str(news.said), news.weight) == ("verdict", str(kpis(demo).headline()), 0)
    assert not kpis(shop(customers={"customer_id": ["a"]})).brief().news
