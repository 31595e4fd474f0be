"""Every preset reads the public data that it was written for, and accounts for each row; short forms are made here."""

import pandas as pd
import pytest

from helpers.data import datasets
from shops import SHARED, books_of


def opened(name, folder, day=None):
    """Prepared anew whenever the preset, the files or the code of the data floor change, else as before."""
    if not (SHARED / folder).is_dir():
        pytest.skip(f"the public data {folder!r} are not beside the project")
    return datasets.open(SHARED / folder, day, preset=name)


def test_online_retail_accounts_for_its_rows():
    """Known answer D3 of behaviour.md (recomputed from UCI Online Retail)."""
    data = opened("online_retail", "online_retail", "2011-12-10")
    assert books_of(data, "order_items") == {
        "read": (541_909, 541_909),
        "used": (397_884, 397_884),
        "guest": (132_220, 135_080),
        "customer_id is missing": (2_860, 135_080),  # cancelled, or without a price, beside
        "cancelled (policy: drop)": (8_905, 9_288),
        "quantity or price is not positive": (40, 11_805),
        "row repeats (all columns equal)": (0, 5_268),
    }
    assert books_of(data, "customers")["used"] == (4_372, 4_372)
    buyers = data.customers[data.customers["orders"] > 0]
    assert len(buyers) == 4_338
    assert buyers["monetary"].sum() == pytest.approx(8_911_407.90, abs=0.01)


def test_helpdesk_makes_one_ticket_of_each_case():
    """Known answer D1 of behaviour.md: 21,348 activities of 4,580 tickets; the slow way round is pandas'."""
    data = opened("helpdesk", "helpdesk_italy", "2014-12-31")
    assert books_of(data, "tickets") == {
        "read": (21_348, 21_348),
        "used": (4_580, 4_580),
        "ticket_id repeats": (16_768, 16_768),
    }
    log = pd.read_csv(SHARED / "helpdesk_italy" / "finale.csv.gz", parse_dates=["Complete Timestamp"])
    assert log["Activity"].nunique() == 14
    cases = log.sort_values("Complete Timestamp", kind="stable").groupby("Case ID")
    last = cases["Activity"].last()
    tickets = data.tables["tickets"].execute().set_index("ticket_id").sort_index()
    still_open = ~last.isin(["Closed", "Resolve ticket", "RESOLVED", "VERIFIED", "INVALID", "DUPLICATE"])
    assert (tickets["closed_at"].isna() == still_open).all() and still_open.sum() == 12
    assert (tickets["opened_at"] == cases["Complete Timestamp"].min()).all()


def test_complete_journey_makes_orders_of_baskets():
    data = opened("completejourney", "completejourney")
    assert books_of(data, "order_items")["used"] == (75_000, 75_000)
    lines = pd.read_csv(SHARED / "completejourney" / "transactions_sample.csv.gz")
    orders = data.tables["orders"].execute()
    assert len(orders) == lines["basket_id"].nunique()
    assert orders["amount"].sum() == pytest.approx(lines["sales_value"].sum())
    assert data.tables["order_items"].category.count().execute() > 0.99 * len(lines)
    assert data.tables["touches"].touched_at.count().execute() == books_of(data, "touches")["used"][0] == 6_589


def test_udacity_sets_aside_the_rows_whose_group_and_page_disagree():
    """Known answer udacity_ab of experiments.md."""
    data = opened("udacity_ab", "udacity_ab")
    counts = books_of(data, "experiments")
    assert counts["group and landing page disagree"] == (3_893, 3_893)
    arms = data.tables["experiments"].group_by("variant").agg(n=lambda t: t.count()).execute().set_index("variant")["n"]
    assert arms.to_dict() == {"control": 145_274, "treatment": 145_310}


def test_tmall_reads_chinese_headers_and_money():
    """Known answer D2 of behaviour.md: 23.4 % of the paid orders were refunded, in full or in part."""
    orders = opened("tmall", "tmall_orders", "2020-03-01").tables["orders"].execute()
    paid = orders[orders["paid_at"].notna()]
    assert (len(orders), len(paid)) == (28_010, 24_087)
    assert ((paid["refund"] > 0) & (paid["refund"] == paid["amount"])).sum() == 5_132
    assert (paid["refund"] > 0).mean() == pytest.approx(0.234, abs=5e-4)
    assert (orders["amount"] - orders["refund"] == 0).mean() == pytest.approx(0.3233, abs=5e-5)
    assert paid["refund"].sum() / paid["amount"].sum() == pytest.approx(572_335.92 / 2_474_823.07)


def test_cdnow_reads_fixed_width_lines():
    """Row and customer counts of the file (Fader & Hardie 2001)."""
    data = opened("cdnow", "cdnow")
    assert books_of(data, "orders") == {"read": (69_659, 69_659), "used": (69_659, 69_659)}
    assert len(data.customers) == 23_570
    assert (data.tables["orders"].amount == 0).sum().execute() == 80


def test_telco_turns_months_of_tenure_into_dates():
    data = opened("telco", "telco")
    assert data.customers["subscription"].value_counts().to_dict() == {"active": 5_174, "ended": 1_869}
    assert (data.customers["tenure_days"] == 0).sum() == 11
    assert data.customers["total_charges"].isna().sum() == 11


def test_hillstrom_keeps_equal_rows_apart():
    data = opened("hillstrom", "hillstrom")
    assert books_of(data, "experiments") == {"read": (64_000, 64_000), "used": (64_000, 64_000)}
    assert set(data.settings.metrics) == {"visit", "conversion", "spend"}


def test_olist_finds_the_person_behind_the_order():
    data = opened("olist", "olist")
    assert books_of(data, "customers")["customer_id repeats"] == (119, 119)
    assert data.customers["orders"].max() > 1
    assert data.tables["orders"].amount.isnull().sum().execute() == 775  # the orders without items
    assert data.tables["surveys"].count().execute() == 8_225


def test_superstore_reads_alike_from_excel_and_from_gbk(tmp_path):
    excel = opened("superstore_zh", "superstore_zh").customers
    folder = tmp_path / "gbk"
    folder.mkdir()
    source = (SHARED / "superstore_zh" / "订单.gbk.csv").resolve()
    (folder / "dataset.toml").write_text(
        f'preset = "superstore_zh"\n[tables.customers]\nfile = "{source}"\n[tables.order_items]\nfile = "{source}"\njoin = []\n'
        "[tables.order_items.columns]\ncancelled = { sql = 'false' }\n",
        encoding="utf-8",
    )
    gbk = datasets.open(folder, prepared=tmp_path / "csv", allow_outside=True).customers
    columns = ["customer_id", "city", "province", "segment"]
    pd.testing.assert_frame_equal(
        *(frame[columns].sort_values("customer_id", ignore_index=True) for frame in (excel, gbk))
    )
    assert gbk["orders"].sum() > excel["orders"].sum() > 0  # returned orders are known only to the workbook
