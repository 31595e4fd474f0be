"""Key figures beside those of an earlier run, and each of the demo's with what it takes to read it."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.profiling.business.key_figures import kpis
from helpers.analyses.profiling.business.key_shares import definitions, rates
from helpers.data import datasets


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return datasets.open("demo", prepared=tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def found(demo):
    return kpis(demo), rates(demo)


def test_values_are_compared_with_those_of_the_last_run(demo):
    last = pd.DataFrame({"kpi": ["orders", "NPS", "retired figure"], "value": [1000.0, 5.0, 1.0]})
    found = kpis(demo, before=last).summary().set_index("kpi")
    assert found.loc["orders", "since_last_run_rate"] == pytest.approx(found.loc["orders", "value"] / 1000 - 1)
    assert found["since_last_run_rate"].notna().sum() == 1  # a share of a score that can be below 0 says nothing
    shares = rates(demo, before=pd.DataFrame({"kpi": ["CSAT"], "rate": [0.5]})).summary().set_index("kpi")
    assert shares["last_run_rate"].dropna().to_dict() == {"CSAT": 0.5}


def test_without_a_last_run_nothing_is_compared(demo, found):
    assert "since_last_run_rate" not in found[0].summary() and "last_run_rate" not in found[1].summary()
    with pytest.raises(ValueError, match="before = a table of kpi, rate: it has kpi and value"):
        kpis(demo, before=pd.DataFrame({"kpi": ["orders"], "rate": [1.0]}))


def test_every_figure_says_its_formula_window_and_denominator_and_holds_its_interval(found):
    figures, shares = found[0].lines, found[1].lines.rename(columns={"rate": "value"})
    names = {"DAU", "WAU", "MAU", "ARPU", "ARPPU", "AOV", "quick ratio", "time to second purchase", "NPS"}
    told = {"stickiness", "retention", "churn", "repurchase in 90 days", "refund", "CSAT", "complaint"}
    assert names <= set(figures["kpi"]) and told <= set(shares["kpi"])
    for lines, expected in ((figures, names), (shares, told)):
        lines = lines[lines["kpi"].isin(expected)]
        assert ((lines["lower"] < lines["value"]) & (lines["value"] < lines["upper"])).all()
    said = definitions(*found)
    assert said["kpi"].is_unique and (said.map(len) > 0).all(axis=None)


def test_figures_equal_those_counted_from_the_tables(demo, found):
    day = pd.Timestamp(demo.as_of)
    events = demo.tables["events"].select("customer_id", "happened_at").execute().dropna()
    month = events[events["happened_at"] >= day - pd.Timedelta(days=29)]
    days = month.assign(day=month["happened_at"].dt.normalize()).drop_duplicates(["customer_id", "day"])
    at, shares = found[0].lines.set_index("kpi")["value"], found[1].lines.set_index("kpi")
    assert at["MAU"] == month["customer_id"].nunique() and at["DAU"] == len(days) / 30
    assert at["WAU"] == month.loc[month["happened_at"] >= day - pd.Timedelta(days=6), "customer_id"].nunique()
    assert shares.loc["stickiness", "rate"] == pytest.approx(at["DAU"] / at["MAU"])
    answers = demo.tables["surveys"].filter(lambda t: t.question == "nps").execute()
    window = answers[answers["answered_at"] >= day - pd.Timedelta(days=89)].sort_values("answered_at")
    latest = window.groupby("customer_id")["score"].last()
    assert at["NPS"] == pytest.approx(100 * ((latest >= 9).mean() - (latest <= 6).mean()))
    runs = demo.tables["subscriptions"].execute()
    night = day - pd.Timedelta(days=89)  # the first moment of the window
    start = runs[(runs["started_at"] < night) & ~(runs["ended_at"] < night)]["customer_id"].unique()
    end = runs[~(runs["ended_at"] < day + pd.Timedelta(days=1))]["customer_id"].unique()
    assert tuple(shares.loc["churn", ["count", "of"]]) == (len(set(start) - set(end)), len(start))
