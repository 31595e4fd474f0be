"""What crosses the rooms of profiling: its answers on the demo, before all facts, and on public data."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import pytest

from helpers.analyses import profiling
from helpers.data import datasets, engine
from helpers.data.intake import files
from helpers.findings import NotApplicable
from shops import SHARED, shop


def of_records(data):
    """Answers about the records themselves; profiling/test_records.py asks them of the demo."""
    yield from (profiling.row_accounting(data), profiling.rules(data), profiling.checks(data))
    yield from (profiling.freshness(data), profiling.keys(data), profiling.rows_over_time(data))
    yield profiling.columns(data)


def of_customers(data):
    """Answers about customers and the business."""
    yield from (profiling.portrait(data), profiling.kpis(data), profiling.rates(data), profiling.order_funnel(data))


def test_every_answer_about_customers_of_the_demo_speaks_draws_and_holds_a_table(demo):
    for finding in of_customers(demo):
        assert finding.headline().endswith(".")
        if not isinstance(finding, NotApplicable):
            ax = finding.plot()
            assert ax.has_data() and len(finding.summary())
            plt.close(ax.figure)


def test_a_day_before_all_facts_leaves_nothing_to_say_but_fails_nowhere(demo):
    day = dt.date(2020, 1, 1)
    early = shop(as_of=day, settings=demo.settings, accounting=demo.accounting, **demo.tables)
    headlines = [finding.headline() for finding in (*of_records(early), *of_customers(early))]
    assert "No order was placed in the 90 days to 2020-01-01." in headlines


def test_accounting_of_online_retail_equals_the_published_counts(tmp_path):
    """Case D3 of behaviour.md."""
    if not (SHARED / "online_retail").is_dir():
        pytest.skip("the public data set online_retail is not beside the project")
    data = datasets.open(SHARED / "online_retail", "2011-12-10")
    items = profiling.row_accounting(data).summary().set_index("table").loc["order_items"]
    concerned = profiling.rules(data).summary().set_index(["table", "rule"])["rows_concerned"].sort_index()
    assert (items["read"], items["used"]) == (541_909, 397_884)
    assert set(concerned["order_items", "customer_id is missing"]) == {135_080}  # of guests, and of other faults too
    assert set(concerned["order_items", "cancellations: drop"]) == {9_288}
    assert set(concerned["all", "duplicates: keep"]) == {5_268}
    assert profiling.row_accounting(data).balances
    values = profiling.kpis(data, 400).table.set_index("kpi")["value"]
    assert values["customers"] == 4_372
    assert values["revenue"] == pytest.approx(8_911_407.90, abs=0.01)
    assert (data.customers["orders"] > 0).sum() == 4_338  # buyers
    raw = files.read(engine.connect(), data.inputs[0], files.Layout(), tmp_path)
    assert raw.rows.invoiceno.nunique().execute() == 25_900
