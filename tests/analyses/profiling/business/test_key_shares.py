"""Shares of a shop counted by hand, beside the report before; the demo's from its tables; definitions of all."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from answers import words_of
from helpers import language
from helpers.analyses.profiling.business.key_shares import Rates, definitions, rates
from helpers.findings import NotApplicable
from helpers.findings.finding import EDITIONS
from shops import shop


def by_kpi(finding) -> pd.DataFrame:
    return finding.table.set_index("kpi")


def test_shares_name_their_counts_and_denominators(quarter_shares):
    table = by_kpi(quarter_shares)
    counted = {name: tuple(table.loc[name, ["count", "of"]]) for name in table.index}
    assert counted == {
        "active in 30 days": (3, 11), "active in 90 days": (4, 11), "stickiness": (3, 90),
        "bought twice in 90 days": (0, 4), "repurchase in 90 days": (0, 1), "refund": (1, 3), "cancellation": (1, 5),
    }  # fmt: skip
    assert ((table["lower"] <= table["rate"]) & (table["rate"] <= table["upper"])).all()


def test_shares_of_the_window_before_are_those_of_a_report_on_its_last_day(demo, shares):
    day = (pd.Timestamp(demo.as_of) - pd.Timedelta(days=90)).date()
    tables = {name: demo.tables[name] for name in ("customers", "orders", "subscriptions", "surveys", "tickets")}
    earlier = by_kpi(rates(shop(as_of=day, settings=demo.settings, **tables), 90, [90]))["rate"]
    names = [
        "active in 90 days",
        "retention",
        "churn",
        "bought twice in 90 days",
        "refund",
        "cancellation",
        "subscribed",
        "CSAT",
        "complaint",
    ]
    pd.testing.assert_series_equal(by_kpi(shares)["previous_rate"][names], earlier[names], check_names=False)


def test_shares_equal_those_counted_from_the_tables(demo, shares, figures):
    day, at = pd.Timestamp(demo.as_of), by_kpi(shares)
    values = figures.table.set_index("kpi")["value"]
    assert at.loc["stickiness", "rate"] == pytest.approx(values["DAU"] / values["MAU"])
    runs = demo.tables["subscriptions"].execute()
    night = day - pd.Timedelta(days=89)  # the first moment of the window
    start = runs[(runs["started_at"] < night) & ~(runs["ended_at"] < night)]["customer_id"].unique()
    end = runs[~(runs["ended_at"] < day + pd.Timedelta(days=1))]["customer_id"].unique()
    assert tuple(at.loc["churn", ["count", "of"]]) == (len(set(start) - set(end)), len(start))


def test_every_share_that_tells_of_customers_staying_holds_its_interval(shares):
    names = ["stickiness", "retention", "churn", "repurchase in 90 days", "refund", "CSAT", "complaint"]
    rows = by_kpi(shares).loc[names]
    assert ((rows["lower"] < rows["rate"]) & (rows["rate"] < rows["upper"])).all()


def test_the_headline_tells_those_of_customers_staying_first(shares):
    kpi = shares.table["kpi"][shares.reading["tells_most"]].to_list()
    assert kpi == ["retention", "churn", "repurchase in 90 days", "CSAT", "complaint"]
    assert words_of(shares).startswith(
        "59.2% of the last period's buyers bought again, 52.5% a period earlier. "
        "Buyers who bought again: 59.2% (95% interval 56.6% to 61.7%). Contracts that ended: "
    )
    plain = Rates(shares.table, shares.reading.assign(tells_most=False))
    assert words_of(plain).startswith("Ordered in 30 days: 11.4%, ")


def test_shares_are_compared_with_those_of_the_report_before(corner_shop, quarter_shares):
    last = pd.DataFrame({"kpi": ["refund", "retired share"], "rate": [0.5, 0.1]})
    assert by_kpi(rates(corner_shop, before=last))["last_run_rate"].dropna().to_dict() == {"refund": 0.5}
    assert "last_run_rate" not in quarter_shares.table
    with pytest.raises(ValueError, match="before = a table of kpi, value: it has kpi and rate"):
        rates(corner_shop, before=pd.DataFrame({"kpi": ["refund"], "value": [0.5]}))


def test_days_below_one_are_refused(corner_shop):
    with pytest.raises(ValueError, match="active_days = 0"):
        rates(corner_shop, 90, [0])
    with pytest.raises(ValueError, match="window_days = 0"):
        rates(corner_shop, 0)


def test_every_key_figure_has_its_definition(quarter, quarter_shares):
    table = definitions(quarter, quarter_shares, NotApplicable("nothing.")).table
    assert table["kpi"].to_list() == [*quarter.table["kpi"], *quarter_shares.table["kpi"]]
    assert (table.map(len) > 0).all(axis=None)
    assert definitions(NotApplicable("nothing.")).table.empty


def test_names_of_key_figures_and_shares_are_distinct_and_definitions_show_themselves(figures, shares):
    every = definitions(figures, shares)
    assert every.table["kpi"].is_unique
    assert "mean daily active customers (DAU) ÷" in every._repr_mimebundle_()[0]["text/html"]


def test_definitions_are_said_in_the_language_of_each_edition(figures, shares, monkeypatch):
    monkeypatch.setenv(language.EDITIONS, "en,zh")
    data, _note = definitions(figures, shares)._repr_mimebundle_()
    chinese = re.sub(r"<style.*?</style>|<[^>]+>", "", data[EDITIONS]["zh"]["html"], flags=re.DOTALL)
    assert "customers known on 2025-12-31" in data["text/html"] and "截至 2025-12-31 的已知客户" in chinese
    assert not re.findall(r"customers|orders|revenue|subscription|window", chinese)
