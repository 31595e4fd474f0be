"""The profile of a small shop counted by hand, of the demo with its planted faults, and of public data."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.analyses import profiling
from helpers.data import datasets, engine
from helpers.data.intake import files
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from shops import SHARED

CUSTOMERS = "customer_id,joined_at,gender,birth_year,channel\n" + "".join(
    f"c{n},2025-01-{n:02d},{'F' if n <= 6 else 'M'},{1990 if n <= 9 else ''},{'rare' if n == 1 else 'shop'}\n"
    for n in range(1, 11)
)
ORDERS = """order_id,customer_id,ordered_at,amount,refund,cancelled,paid_at
o1,c1,2025-01-05,100,0,no,2025-01-05
o2,c1,2025-06-20,50,10,no,2025-06-20
o3,c2,2025-06-21,200,0,no,2025-06-21
o4,c2,2025-06-22,80,0,yes,
o5,c3,2025-04-10,60,0,no,2025-04-10
o6,ghost,2025-06-25,40,0,no,
o7,c4,not a day,10,0,no,
o8,,2025-06-26,10,0,no,
o3,c2,2025-06-21,200,0,no,2025-06-21
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Six good orders of four customers, one of them unknown; three bad rows. The last day is 2025-06-30."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "customers.csv").write_text(CUSTOMERS)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "dataset.toml").write_text(
        'currency = "EUR"\n[tables.customers]\nfile = "customers.csv"\n[tables.orders]\nfile = "orders.csv"\n'
    )
    return datasets.open(folder, "2025-06-30", prepared=folder / "prepared")


@pytest.fixture(scope="module")
def quarter(shop):
    """The key figures of the 90 days to 30 June."""
    return profiling.kpis(shop, window_days=90)


@pytest.fixture(scope="module")
def demo():
    return datasets.open("demo")


def public(name: str, as_of: str) -> datasets.Dataset:
    if not (SHARED / name).is_dir():
        pytest.skip(f"the public data set {name} is not beside the project")
    return datasets.open(SHARED / name, as_of)


def line(finding, name, column="kpi") -> pd.Series:
    return finding.summary().set_index(column).loc[name]


def test_every_row_read_has_one_outcome_and_the_identity_is_checked(shop):
    found = profiling.row_accounting(shop)
    orders = found.identity.set_index("table").loc["orders"]
    assert orders.to_dict() == {"read": 9, "used": 6, "merged": 0, "quarantined": 3, "unexplained": 0}
    assert found.balances and "19 rows read = 16 used + 3 quarantined" in found.headline()


def test_a_row_that_went_missing_is_said_aloud(shop):
    broken = shop.accounting.copy()
    broken.loc[(broken["table"] == "orders") & (broken["outcome"] == "used"), "rows"] = 5
    found = profiling.row_accounting(_with(shop, accounting=broken))
    assert not found.balances
    assert "do not add up" in found.headline() and "orders (+1)" in found.headline()


def test_rules_count_the_rows_that_they_concern_the_policies_first(shop):
    table = profiling.rules(shop).summary()
    policies, broken = table.head(3).set_index("rule"), table.iloc[3:].set_index("rule")
    assert policies["rows"].to_dict() == {"cancellations: net": 1, "refunds: net": 1, "duplicates: keep": 0}
    assert policies["rows_set_aside"].sum() == 0
    assert broken["rows_set_aside"].to_dict() == {
        "customer_id is missing": 1, "ordered_at is not a time": 1, "order_id repeats": 1,
    }  # fmt: skip


def test_rules_and_policies_explain_every_row_set_aside(shop, demo):
    for data in (shop, demo):
        aside = profiling.rules(data).summary()["rows_set_aside"].sum()
        assert aside == profiling.row_accounting(data).identity["quarantined"].sum() > 0


def test_columns_show_gaps_but_no_range_of_people_and_identifiers(shop):
    quality = profiling.columns(shop)
    born = quality.lines.set_index("column").loc["birth_year"]
    assert (born["table"], born["missing"], born["missing_share"], born["distinct"]) == ("customers", 1, 0.1, 1)
    people, orders = (quality.of(name).set_index("column")["range"] for name in ("customers", "orders"))
    assert people.drop("joined_at").eq("").all() and people["joined_at"] == "2025-01-01 to 2025-01-10"
    assert (orders["ordered_at"], orders["amount"], orders["order_id"]) == ("2025-01-05 to 2025-06-25", "40 to 200", "")


def test_tables_count_their_columns_with_gaps_and_without_any_value(shop):
    found = profiling.columns(shop)
    orders = line(found, "orders", "table")
    assert (orders["rows"], orders["with_gaps"], orders["without_any_value"]) == (6, 1, 1)
    assert "most orders.paid_at (33.3% missing)" in found.headline()
    assert "Without any value:" in found.headline() and "orders.channel" in found.headline()


def test_the_age_of_the_last_fact_is_counted_to_the_day_of_the_report(shop):
    table = profiling.freshness(shop).summary().set_index("table")
    assert table["behind_days"].to_dict() == {"customers": 171, "orders": 5}
    assert "customers ends 171 days" in profiling.freshness(shop).headline()


def test_an_order_of_an_unknown_customer_does_not_join(shop):
    found = line(profiling.keys(shop), "orders", "table")
    assert (found["rows"], found["without_match"], found["keys_without_match"], found["never_named"]) == (6, 1, 1, 7)


def test_months_without_rows_are_counted_as_zero(shop):
    found = profiling.rows_over_time(shop)
    assert found.counts.query("table == 'orders'")["rows"].to_list() == [1, 0, 0, 1, 0, 4]
    orders = line(found, "orders", "table")
    assert (orders["months_without_rows"], orders["fewest_rows"], orders["most_rows"]) == (3, 0, 4)
    assert "orders (3)" in found.headline()


def test_key_figures_of_the_window_equal_those_counted_by_hand(quarter):
    """90 days to 30 June: o2 50 − 10, o3 200, o4 cancelled, o5 60, o6 40; by c1, c2, c3 and ghost."""
    values = quarter.summary().set_index("kpi")["value"]
    assert values[["customers", "orders", "revenue"]].to_list() == [11, 4, 340]
    assert values["ARPU"] == pytest.approx(340 / 11)
    assert values["ARPPU"] == values["AOV"] == 85
    assert quarter.lines.set_index("kpi").loc["ARPU", "denominator"] == "11 customers"
    assert "€340 net" in quarter.headline()


def test_a_window_holds_exactly_its_days_and_the_one_before_ends_the_day_before(shop):
    """o5 of 10 April, 60, lies 81 days before 30 June."""
    found = [profiling.kpis(shop, window_days=days).lines.set_index("kpi") for days in (82, 81)]
    inside, outside = (lines.loc["revenue"] for lines in found)
    assert (inside["value"], outside["value"]) == (340, 280)
    assert outside["previous"] == 60 and outside["window"] == "2025-04-11 to 2025-06-30"


def test_the_previous_window_is_left_out_where_the_data_begin_later(shop, quarter):
    assert pd.isna(line(quarter, "revenue")["previous"])
    monthly = line(profiling.kpis(shop, window_days=30), "revenue")
    assert (monthly["value"], monthly["previous"]) == (280, 0)


def test_shares_name_their_counts_and_denominators(shop):
    table = profiling.rates(shop, 90, [30, 90]).summary().set_index("kpi")
    counted = {name: tuple(table.loc[name, ["count", "of"]]) for name in table.index}
    assert counted == {
        "active in 30 days": (3, 11), "active in 90 days": (4, 11), "stickiness": (3, 90),
        "repurchase in 90 days": (0, 1), "refund": (1, 3), "cancellation": (1, 5),
    }  # fmt: skip
    assert ((table["lower"] <= table["rate"]) & (table["rate"] <= table["upper"])).all()


def test_every_key_figure_has_its_definition(shop, quarter):
    rates = profiling.rates(shop)
    found = profiling.definitions(quarter, rates, NotApplicable("nothing."))
    assert found["kpi"].to_list() == [*quarter.summary()["kpi"], *rates.summary()["kpi"]]
    assert found["formula"].str.len().min() > 0
    assert profiling.definitions(NotApplicable("nothing.")).empty


def test_the_funnel_counts_orders_paid_and_refunded(shop):
    assert profiling.order_funnel(shop).summary()["orders"].to_list() == [6, 4, 1]


def test_small_groups_of_customers_are_folded_and_gaps_named(shop):
    found = profiling.portrait(shop)
    groups = {
        field: dict(zip(rows["value"], rows["customers"], strict=True))
        for field, rows in found.groups.groupby("field", sort=False)
    }
    assert list(groups)[:3] == ["Gender", "Age band", "Channel"]
    assert groups["Gender"] == {"F": 6, "(small groups)": 5} and groups["Channel"] == {"(small groups)": 11}
    gender, channel = line(found, "Gender", "field"), line(found, "Channel", "field")
    assert (gender["largest_group"], gender["customers"]) == ("F", 6) and pd.isna(channel["largest_group"])


def test_the_field_that_is_recorded_least_is_named(demo):
    found = profiling.portrait(demo)
    recorded = found.summary().query("aspect not in ['behaviour', 'preferences', 'needs']")
    gaps = recorded.set_index("field")["not_recorded_share"]
    assert gaps["Plan"] == pytest.approx(demo.customers["plan"].isna().mean()) == gaps.max()
    assert found.headline().endswith(f"plan is recorded least: none for {gaps['Plan']:.1%}.")
    assert (found.groups.groupby("field")["customers"].sum() == len(demo.customers)).all()


def test_a_window_of_no_days_is_refused(shop):
    with pytest.raises(ValueError, match="window_days = 0: give a number from 1"):
        profiling.kpis(shop, window_days=0)
    with pytest.raises(ValueError, match="active_days = 0"):
        profiling.rates(shop, 90, [0])


def test_revenue_of_all_days_is_what_the_snapshot_says(demo):
    found = line(profiling.kpis(demo, window_days=800), "revenue")
    assert found["value"] == pytest.approx(demo.customers["monetary"].sum())


def test_faults_planted_in_the_demo_are_in_its_accounting(demo):
    planted = pd.Series({fault: rows for fault, rows in TRUTH.faults.items() if fault[0] != "experiments"})
    found = profiling.row_accounting(demo).identity.set_index("table")["quarantined"]
    assert found[found > 0].to_dict() == planted.groupby(level=0).sum().to_dict()


def test_every_finding_of_the_demo_speaks_draws_and_holds_a_table(demo):
    found = [*_all_findings(demo)]
    for finding in found:
        assert finding.headline().endswith(".")
        if not isinstance(finding, NotApplicable):
            ax = finding.plot()
            assert ax.has_data() and len(finding.summary())
            plt.close(ax.figure)


def test_a_day_before_all_facts_leaves_nothing_to_say_but_fails_nowhere():
    early = datasets.open("demo", "2020-01-01")
    said = [finding.headline() for finding in _all_findings(early)]
    assert "No order was placed in the 90 days to 2020-01-01." in said


def test_accounting_of_online_retail_equals_the_published_counts(tmp_path):
    """Case D3 of behaviour.md."""
    data = public("online_retail", "2011-12-10")
    items = line(profiling.row_accounting(data), "order_items", "table")
    concerned = profiling.rules(data).summary().set_index(["table", "rule"])["rows"]
    assert (items["read"], items["used"]) == (541_909, 397_884)
    assert concerned["order_items", "customer_id is missing"] == 135_080
    assert concerned["order_items", "cancellations: drop"] == 9_288
    assert concerned["all", "duplicates: keep"] == 5_268
    assert profiling.row_accounting(data).balances
    kpis = profiling.kpis(data, 400)
    assert line(kpis, "customers")["value"] == 4_372
    assert line(kpis, "revenue")["value"] == pytest.approx(8_911_407.90, abs=0.01)
    assert (data.customers["orders"] > 0).sum() == 4_338  # buyers
    raw = files.read(engine.connect(), data.inputs[0], files.Layout(), tmp_path)
    assert raw.rows.invoiceno.nunique().execute() == 25_900


def test_order_funnel_of_tmall_equals_the_published_counts():
    """Case D2 of behaviour.md; the day is after the last payment."""
    data = public("tmall_orders", "2020-03-31")
    table = profiling.order_funnel(data).summary().set_index("stage")
    assert table.loc[["created", "paid"], "orders"].to_list() == [28_010, 24_087]
    assert round(table.loc["refunded", "of_stage_before_share"], 3) == 0.234
    assert "customers" not in profiling.kpis(data, 90).summary()["kpi"].to_list()


def _with(data, **changes):
    return datasets.Dataset(**{**{name: getattr(data, name) for name in data.__dataclass_fields__}, **changes})


def _all_findings(data):
    yield from (profiling.row_accounting(data), profiling.rules(data), profiling.checks(data))
    yield from (profiling.freshness(data), profiling.keys(data), profiling.rows_over_time(data))
    yield from (profiling.columns(data), profiling.portrait(data), profiling.kpis(data), profiling.rates(data))
    yield profiling.order_funnel(data)
