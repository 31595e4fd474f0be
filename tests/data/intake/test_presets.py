"""Every preset reads the real data it was written for, and accounts for each row."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.data.intake import settings
from shops import SHARED

REAL = SHARED


def opened(name, folder, day=None):
    """Prepared anew whenever the preset, the files or the code of the data floor change, else as before."""
    if not (REAL / folder).is_dir():
        pytest.skip(f"the public data {folder!r} are not beside the project")
    return datasets.open(REAL / folder, day, preset=name)


def rows(data, table):
    """Rows of one table by rule, and for the rules all rows that break them."""
    lines = data.accounting[data.accounting["table"] == table]
    by_name = lines["rule"].where(lines["rule"] != "", lines["outcome"])
    return dict(zip(by_name, zip(lines["rows"], lines["rows_meeting"], strict=True), strict=True))


def test_online_retail_accounts_for_its_rows():
    """Known answer D3 of behaviour.md (recomputed from UCI Online Retail)."""
    data = opened("online_retail", "online_retail", "2011-12-10")
    assert rows(data, "order_items") == {
        "read": (541_909, 541_909),
        "used": (397_884, 397_884),
        "customer_id is missing": (135_080, 135_080),
        "cancelled (policy: drop)": (8_905, 9_288),
        "quantity or price is not positive": (40, 11_805),
        "row repeats (all columns equal)": (0, 5_268),
    }
    assert rows(data, "customers")["used"] == (4_372, 4_372)
    buyers = data.customers[data.customers["orders"] > 0]
    assert len(buyers) == 4_338
    assert buyers["monetary"].sum() == pytest.approx(8_911_407.90, abs=0.01)


def test_helpdesk_makes_one_ticket_of_each_case():
    """Known answer D1 of behaviour.md: 21,348 activities of 4,580 tickets; the slow way round is pandas'."""
    data = opened("helpdesk", "helpdesk_italy", "2014-12-31")
    assert rows(data, "tickets") == {
        "read": (21_348, 21_348),
        "used": (4_580, 4_580),
        "ticket_id repeats": (16_768, 16_768),
    }
    log = pd.read_csv(REAL / "helpdesk_italy" / "finale.csv.gz", parse_dates=["Complete Timestamp"])
    assert log["Activity"].nunique() == 14
    cases = log.sort_values("Complete Timestamp", kind="stable").groupby("Case ID")
    last = cases["Activity"].last()
    tickets = data.tables["tickets"].execute().set_index("ticket_id").sort_index()
    still_open = ~last.isin(["Closed", "Resolve ticket", "RESOLVED", "VERIFIED", "INVALID", "DUPLICATE"])
    assert (tickets["closed_at"].isna() == still_open).all() and still_open.sum() == 12
    assert (tickets["opened_at"] == cases["Complete Timestamp"].min()).all()


def test_complete_journey_makes_orders_of_baskets():
    data = opened("completejourney", "completejourney")
    assert rows(data, "order_items")["used"] == (75_000, 75_000)
    lines = pd.read_csv(REAL / "completejourney" / "transactions_sample.csv.gz")
    orders = data.tables["orders"].execute()
    assert len(orders) == lines["basket_id"].nunique()
    assert orders["amount"].sum() == pytest.approx(lines["sales_value"].sum())
    assert data.tables["order_items"].category.count().execute() > 0.99 * len(lines)
    assert data.tables["touches"].touched_at.count().execute() == rows(data, "touches")["used"][0] == 6_589


def test_udacity_sets_aside_the_rows_whose_group_and_page_disagree():
    """Known answer udacity_ab of experiments.md."""
    data = opened("udacity_ab", "udacity_ab")
    counts = rows(data, "experiments")
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
    assert rows(data, "orders") == {"read": (69_659, 69_659), "used": (69_659, 69_659)}
    assert len(data.customers) == 23_570
    assert (data.tables["orders"].amount == 0).sum().execute() == 80


def test_telco_turns_months_of_tenure_into_dates():
    data = opened("telco", "telco")
    assert data.customers["subscription"].value_counts().to_dict() == {"active": 5_174, "ended": 1_869}
    assert (data.customers["tenure_days"] == 0).sum() == 11
    assert data.customers["total_charges"].isna().sum() == 11


def test_hillstrom_keeps_equal_rows_apart():
    data = opened("hillstrom", "hillstrom")
    assert rows(data, "experiments") == {"read": (64_000, 64_000), "used": (64_000, 64_000)}
    assert set(data.settings.metrics) == {"visit", "conversion", "spend"}


def test_olist_finds_the_person_behind_the_order():
    data = opened("olist", "olist")
    assert rows(data, "customers")["customer_id repeats"] == (119, 119)
    assert data.customers["orders"].max() > 1
    assert data.tables["orders"].amount.isnull().sum().execute() == 775  # the orders without items
    assert data.tables["surveys"].count().execute() == 8_225


def test_superstore_reads_alike_from_excel_and_from_gbk(tmp_path):
    excel = opened("superstore_zh", "superstore_zh").customers
    folder = tmp_path / "gbk"
    folder.mkdir()
    source = (REAL / "superstore_zh" / "订单.gbk.csv").resolve()
    (folder / "dataset.toml").write_text(
        f'preset = "superstore_zh"\n[tables.customers]\nfile = "{source}"\n[tables.order_items]\nfile = "{source}"\njoin = []\n'
        "[tables.order_items.columns]\ncancelled = { sql = 'false' }\n",
        encoding="utf-8",
    )
    gbk = datasets.open(folder, prepared=tmp_path / "csv").customers
    columns = ["customer_id", "city", "province", "segment"]
    pd.testing.assert_frame_equal(
        *(frame[columns].sort_values("customer_id", ignore_index=True) for frame in (excel, gbk))
    )
    assert gbk["orders"].sum() > excel["orders"].sum() > 0  # returned orders are known only to the workbook


CRM = {
    "zoho": {
        "Contacts.csv": "Record Id,Email,Lead Source,Created Time,Email Opt Out\nzcrm_1,a@example.org,Web,2024-01-02 10:00:00,false\n",
        "Invoices.csv": 'Record Id,Contact Name Id,Invoice Date,Grand Total,Status\nzcrm_9,zcrm_1,2024-02-01,"¥1,200.50",Approved\n',
        "Cases.csv": "Case_Number,Contact_Name,Created_Time,Case_Reason\n7,zcrm_1,2024-03-01T08:00:00+08:00,Delivery\n",
    },
    "fxiaoke": {
        "AccountObj.csv": "_id,name,account_level,account_source,create_time,life_status\n5f1,某公司,A,官网,1704160800000,normal\n5f2,x,B,官网,1704160800000,invalid\n",
        "SalesOrderObj.csv": "_id,account_id,order_time,order_amount,refund_amount,life_status\no1,5f1,1706716800000,1200.5,0,normal\n",
        "ActiveRecordObj.csv": "_id,account_id,create_time,interactive_types\nr1,5f1,1706716800000,电话\n",
    },
}


@pytest.mark.parametrize("preset", CRM)
def test_a_crm_export_becomes_a_snapshot_without_names_or_addresses(tmp_path, preset):
    """Columns as verified for the two CRMs; the rows here are made up."""
    folder = tmp_path / preset
    folder.mkdir()
    for name, text in CRM[preset].items():
        (folder / name).write_text(text, encoding="utf-8")
    data = datasets.open(folder, preset=preset, prepared=tmp_path / "prepared")
    assert data.customers["monetary"].tolist() == [1200.5]
    assert {"email", "name"}.isdisjoint(data.customers.columns)
    assert "example.org" not in data.customers.to_csv()


def test_every_preset_is_tried_here_on_real_or_made_up_data():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in settings.preset_names() if f'"{name}"' not in source] == []
