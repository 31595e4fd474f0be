"""Every preset reads the real data it was written for, and a few lines of their form, and accounts for each row."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.data.intake import settings
from shops import SHARED, export, workbook

REAL = SHARED


def opened(name, folder, day=None):
    """Prepared anew whenever the preset, the files or the code of the data floor change, else as before."""
    if not (REAL / folder).is_dir():
        pytest.skip(f"the public data {folder!r} are not beside the project")
    return datasets.open(REAL / folder, day, preset=name)


def rows(data, table):
    """Rows of one table by rule, and for the rules all rows that break them; guests by their outcome."""
    lines = data.accounting[data.accounting["table"] == table]
    by_name = lines["rule"].where((lines["rule"] != "") & (lines["outcome"] != "guest"), lines["outcome"])
    return dict(zip(by_name, zip(lines["rows"], lines["rows_meeting"], strict=True), strict=True))


def test_online_retail_accounts_for_its_rows():
    """Known answer D3 of behaviour.md (recomputed from UCI Online Retail)."""
    data = opened("online_retail", "online_retail", "2011-12-10")
    assert rows(data, "order_items") == {
        "read": (541_909, 541_909),
        "used": (397_884, 397_884),
        "guest": (132_220, 135_080),
        "customer_id is missing": (2_860, 135_080),  # cancelled, or without a price, beside
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
    gbk = datasets.open(folder, prepared=tmp_path / "csv", allow_outside=True).customers
    columns = ["customer_id", "city", "province", "segment"]
    pd.testing.assert_frame_equal(
        *(frame[columns].sort_values("customer_id", ignore_index=True) for frame in (excel, gbk))
    )
    assert gbk["orders"].sum() > excel["orders"].sum() > 0  # returned orders are known only to the workbook


# A few lines of every form, made up here


def table(data, name, key):
    return data.tables[name].execute().set_index(key).sort_index()


def test_invoice_lines_without_customers_or_prices_and_cancelled_ones_are_counted_apart(tmp_path):
    lines = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        1,A,TEA,2,2011-01-03 09:00:00,1.5,17.0,United Kingdom
        1,A,TEA,2,2011-01-03 09:00:00,1.5,17.0,United Kingdom
        1,B,MUG,1,2011-01-03 09:00:00,4,17.0,United Kingdom
        C2,B,MUG,-1,2011-02-01 10:00:00,4,17.0,United Kingdom
        3,A,,3,2011-02-02 11:00:00,1.5,,United Kingdom
        4,B,found,1,2011-02-03 12:00:00,0,18.0,France
        C5,A,TEA,-1,2011-02-04 13:00:00,1.5,,United Kingdom
    """
    data = export(tmp_path, "online_retail", {"online_retail.csv": lines})
    assert rows(data, "order_items") == {
        "read": (7, 7),
        "used": (3, 3),
        "guest": (1, 2),
        "customer_id is missing": (1, 2),
        "cancelled (policy: drop)": (1, 2),
        "quantity or price is not positive": (1, 3),
        "row repeats (all columns equal)": (0, 1),
    }
    known = data.customers.set_index("country")
    assert known["monetary"].fillna(0).to_dict() == {"United Kingdom": 2 * 1.5 * 2 + 4, "France": 0}


def test_activities_of_a_ticket_become_one_that_is_open_while_work_goes_on(tmp_path):
    log = """
        Case ID,Activity,Resource,Complete Timestamp,Variant,Variant,seriousness_2,customer,product,workgroup
        1,Assign seriousness,a,2012/10/01 09:00:00.000,v,v,high,c1,printer,north
        1,Take in charge ticket,a,2012/10/01 10:00:00.000,v,v,high,c1,printer,north
        1,Resolve ticket,a,2012/10/02 09:00:00.000,v,v,high,c1,printer,north
        1,Resolve ticket,a,2012/10/03 09:00:00.000,v,v,high,c1,printer,north
        1,Closed,a,2012/10/20 09:00:00.000,v,v,high,c1,printer,north
        2,Take in charge ticket,b,2012/10/05 08:00:00.000,v,v,low,c2,screen,south
        2,Resolve ticket,b,2012/10/06 08:00:00.000,v,v,low,c2,screen,south
        2,Wait,b,2012/10/07 08:00:00.000,v,v,low,c2,screen,south
    """
    data = export(tmp_path, "helpdesk", {"finale.csv": log}, "2012-10-31")
    assert rows(data, "tickets") == {"read": (8, 8), "used": (2, 2), "ticket_id repeats": (6, 6)}
    tickets = table(data, "tickets", "ticket_id")
    assert tickets["opened_at"].tolist() == list(pd.to_datetime(["2012-10-01 09:00", "2012-10-05 08:00"]))
    assert tickets["handled_at"].tolist() == list(pd.to_datetime(["2012-10-01 10:00", "2012-10-05 08:00"]))
    closed, summarised = tickets["closed_at"], tickets["summarised_at"]
    assert (closed["1"], summarised["1"]) == (pd.Timestamp("2012-10-03 09:00"), pd.Timestamp("2012-10-20 09:00"))
    assert closed.isna().tolist() == summarised.isna().tolist() == [False, True]
    assert tickets["reopened"].tolist() == [1, 0]
    assert tickets["workgroup"].tolist() == ["north", "south"]


def test_baskets_campaigns_and_coupons_of_households_become_orders_touches_and_events(tmp_path):
    data = export(
        tmp_path,
        "completejourney",
        {
            "demographics.csv": "household_id,age,income,home_ownership,marital_status,household_size,household_comp,"
            "kids_count\n7,65+,35-49K,Homeowner,Married,2,2 Adults No Kids,0\n",
            "products.csv": "product_id,department\n1,GROCERY\n2,MEAT\n",
            "transactions.csv": """
                household_id,basket_id,product_id,quantity,sales_value,transaction_timestamp
                7,b1,1,2,3.5,2017-01-28 19:06:53
                7,b1,2,1,6,2017-01-28 19:06:53
                8,b2,1,1,1.75,2017-03-01 03:31:57
                8,b2,9,1,1,2017-03-01 03:31:57
            """,
            "campaign_descriptions.csv": "campaign_id,campaign_type,start_date,end_date\n1,Type B,2017-02-03,2017-03-09\n",
            "campaigns.csv": "campaign_id,household_id\n1,7\n1,8\n",
            "coupon_redemptions.csv": "household_id,coupon_upc,campaign_id,redemption_date\n7,500,1,2017-02-10\n",
        },
    )
    assert table(data, "orders", "order_id")["amount"].to_dict() == {"b1": 9.5, "b2": 2.75}
    assert data.tables["order_items"].category.execute().dropna().sort_values().tolist() == ["GROCERY"] * 2 + ["MEAT"]
    touches = table(data, "touches", "customer_id")
    assert touches["channel"].to_dict() == {"7": "Type B", "8": "Type B"}
    assert (touches["touched_at"] == pd.Timestamp("2017-02-03")).all()
    assert data.tables["events"].execute()[["customer_id", "event"]].to_numpy().tolist() == [["7", "coupon redeemed"]]
    assert data.customers.set_index("customer_id")["household"].to_dict() == {"7": "2 Adults No Kids", "8": None}


def test_users_who_saw_the_other_page_than_their_groups_are_set_aside(tmp_path):
    users = """
        user_id,timestamp,group,landing_page,converted
        1,2017-01-02 10:00:00.5,control,old_page,0
        2,2017-01-02 11:00:00.5,treatment,new_page,1
        3,2017-01-03 10:00:00.5,treatment,old_page,1
        4,2017-01-03 11:00:00.5,control,new_page,0
        4,2017-01-04 11:00:00.5,control,old_page,1
    """
    data = export(tmp_path, "udacity_ab", {"ab_data.csv": users, "countries.csv": "user_id,country\n1,UK\n2,US\n"})
    assert rows(data, "experiments")["group and landing page disagree"] == (2, 2)
    seen = table(data, "experiments", "customer_id")
    assert seen["variant"].to_dict() == {"1": "control", "2": "treatment", "4": "control"}
    assert seen["converted"].to_dict() == {"1": 0, "2": 1, "4": 1}


def test_chinese_orders_are_worth_what_was_paid_before_refunds(tmp_path):
    report = """
        订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额
        1,178.8,0.0,上海,2020-02-21 00:00:00,,0.0
        2,21.0,21.0,内蒙古自治区,2020-02-20 23:59:54,2020-02-21 00:00:02,0.0
        3,80.0,0.0,上海,2020-02-20 10:00:00,2020-02-20 10:01:00,80.0
        4,50.0,38.0,北京,2020-02-20 11:00:00,2020-02-20 11:01:00,12.0
    """
    data = export(tmp_path, "tmall", {"tmall_order_report.csv": report})
    orders = table(data, "orders", "order_id")
    assert orders["amount"].tolist() == [0, 21, 80, 50]
    assert orders["refund"].tolist() == [0, 0, 80, 12]
    assert orders["paid_at"].isna().tolist() == [True, False, False, False]
    assert orders["customer_id"].isna().all()


def test_fixed_width_purchases_keep_leading_zeros_repeats_and_gifts(tmp_path):
    lines = (
        " customer_id  date number_of_cds  dollar_value\r\n"
        " 00001 19970101  1   11.77\r\n"
        " 00002 19970112 12  123.50\r\n"
        " 00002 19970112 12  123.50\r\n"
        " 00002 19980630  1    0.00\r\n"
    )
    data = export(tmp_path, "cdnow", {"CDNOW_master.txt": lines.encode()})
    assert rows(data, "orders") == {"read": (4, 4), "used": (4, 4)}
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"00001": 11.77, "00002": 247}
    assert str(data.as_of) == "1998-06-30"


def test_months_of_tenure_become_dates_and_blank_charges_missing_ones(tmp_path):
    names = """customerID gender SeniorCitizen Partner Dependents tenure PhoneService InternetService OnlineSecurity
        OnlineBackup DeviceProtection TechSupport Contract PaperlessBilling PaymentMethod MonthlyCharges TotalCharges Churn"""
    people = [
        "A Female 0 Yes No 0 No DSL No No No No Two-year Yes Check 20.5 _ No",
        "B Male 1 No No 3 Yes DSL No No No No Month-to-month Yes Check 30 90 Yes",
        "C Male 0 No Yes 14 Yes No No No No No One-year No Check 50 700 No",
    ]
    lines = [",".join(line.split()).replace("_", " ") for line in (names, *people)]
    data = export(tmp_path, "telco", {"Telco-Customer-Churn.csv": "\n".join(lines) + "\n"})
    known = data.customers.set_index("customer_id").sort_index()
    assert known["subscription"].tolist() == ["active", "ended", "active"]
    assert known["total_charges"].isna().tolist() == [True, False, False]
    contracts = table(data, "subscriptions", "customer_id")
    began = pd.to_datetime(["2019-10-01", "2019-07-01", "2018-08-01"])
    assert contracts["started_at"].tolist() == list(began)
    assert contracts["ended_at"].dropna().to_dict() == {"B": pd.Timestamp("2019-10-01")}


def test_equal_rows_of_an_experiment_without_ids_are_customers_apart(tmp_path):
    lines = """
        recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend
        10,2) $100 - $200,142.44,1,0,Surburban,0,Phone,Womens E-Mail,1,1,29.99
        10,2) $100 - $200,142.44,1,0,Surburban,0,Phone,Womens E-Mail,1,1,29.99
        6,3) $200 - $350,329.08,1,1,Rural,1,Web,No E-Mail,0,0,0
    """
    data = export(tmp_path, "hillstrom", {"hillstrom.csv": lines})
    assert rows(data, "experiments") == {"read": (3, 3), "used": (3, 3)}
    seen = data.tables["experiments"].execute()
    assert seen["customer_id"].nunique() == len(data.customers) == 3
    assert seen.groupby("variant")["spend"].sum().to_dict() == {"No E-Mail": 0, "Womens E-Mail": 59.98}
    assert set(data.settings.metrics) == {"visit", "conversion", "spend"}


def test_orders_of_a_marketplace_are_their_persons(tmp_path):
    data = export(
        tmp_path,
        "olist",
        {
            "olist_customers_dataset.csv": "customer_id,customer_unique_id,customer_city,customer_state\n"
            "k1,ana,recife,PE\nk2,ana,recife,PE\nk3,rui,santos,SP\n",
            "olist_orders_dataset.csv": """
                order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at
                o1,k1,delivered,2018-07-09 21:57:05,2018-07-09 22:10:13
                o2,k2,delivered,2018-08-01 08:00:00,2018-08-01 08:05:00
                o3,k3,canceled,2018-08-02 08:00:00,
            """,
            "olist_order_items_dataset.csv": "order_id,product_id,price,freight_value\no1,p,99.9,7.6\no1,p,99.9,7.6\no2,q,10,2\n",
            "olist_products_dataset.csv": "product_id,product_category_name\np,bebes\nq,\n",
            "product_category_name_translation.csv": "product_category_name,product_category_name_english\nbebes,baby\n",
            "olist_order_reviews_dataset.csv": "review_id,order_id,review_score,review_comment_message,review_answer_timestamp\n"
            "r1,o2,4,Bom,2018-08-15 04:10:37\n",
        },
    )
    assert rows(data, "customers")["customer_id repeats"] == (1, 1)
    assert data.customers.set_index("customer_id")["orders"].to_dict() == {"ana": 2, "rui": 0}
    orders = table(data, "orders", "order_id")
    assert orders["amount"].fillna(-1).tolist() == pytest.approx([215, 12, -1])  # nothing is known of o3
    assert orders["cancelled"].tolist() == [False, False, True]
    assert data.tables["order_items"].category.execute().dropna().tolist() == ["baby", "baby"]
    answers = data.tables["surveys"].execute()[["customer_id", "question", "score", "text"]]
    assert answers.to_numpy().tolist() == [["ana", "csat", 4, "Bom"]]


def test_a_chinese_workbook_joins_its_sheet_of_returned_orders(tmp_path):
    head = [
        "订单 ID",
        "订单日期",
        "客户 ID",
        "细分",
        "城市",
        "省/自治区",
        "国家",
        "地区",
        "产品 ID",
        "类别",
        "销售额",
        "数量",
    ]
    place = ["公司", "杭州", "浙江", "中国", "华东"]
    lines = [
        ["O1", "2017-04-27", "客-1", *place, "P1", "家具", "129.5", "2"],
        ["O1", "2017-04-27", "客-1", *place, "P2", "技术", "20.5", "1"],
        ["O2", "2017-06-15", "客-1", *place, "P1", "家具", "60", "1"],
        ["O3", "2017-07-01", "客-2", *place, "P2", "技术", "41", "2"],
    ]
    sheets = {"订单": [head, *lines], "退货": [["退回", "订单 ID"], ["是", "O2"]]}
    data = export(tmp_path, "superstore_zh", {"sample_superstore_zh.xlsx": workbook(sheets)})
    known = data.customers.set_index("customer_id").sort_index()
    assert known["monetary"].to_dict() == {"客-1": 150, "客-2": 41}
    assert known["orders"].tolist() == [1, 1]
    assert known[["city", "province", "segment"]].drop_duplicates().to_numpy().tolist() == [["杭州", "浙江", "公司"]]


SHOPIFY = {
    "orders_export_1.csv": """
        Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Source,Id
        #1001,ann@shop.example,paid,2024-01-05 23:31:00 -0500,USD,50.00,2024-01-05 23:30:00 -0500,2,Tea,20.00,'0012,,0.00,web,'5123
        #1001,ann@shop.example,,,,,2024-01-05 23:30:00 -0500,1,Mug,10.00,'0013,,,,
        #1002,bob@shop.example,voided,,USD,10.00,2024-07-06 09:00:00 -0400,1,Mug,10.00,'0013,2024-07-06 10:00:00 -0400,0.00,pos,'5124
        #1003,,paid,2024-07-07 09:00:00 -0400,USD,20.00,2024-07-07 09:00:00 -0400,1,Tea,20.00,'0012,,5.00,web,'5125
        #1004,ann@shop.example,partially_refunded,2024-07-08 09:00:00 -0400,USD,20.00,2024-07-08 09:00:00 -0400,1,Tea,20.00,'0012,,5.00,web,'5126
    """,
    "customers_export.csv": """
        Customer ID,First Name,Email,Accepts Email Marketing,Default Address City,Default Address Province Code,Default Address Country Code
        '7001,Ann,ann@shop.example,yes,Boston,MA,US
        '7002,Bob,bob@shop.example,no,Toronto,ON,CA
    """,
}


def test_orders_of_several_lines_have_their_money_in_the_first_and_times_on_the_shops_clocks(tmp_path):
    data = export(tmp_path, "shopify", SHOPIFY)
    assert rows(data, "orders")["guest"] == (1, 1)
    assert data.accounting.set_index("outcome")["money"]["guest"] == 20
    orders = table(data, "orders", "order_id")
    assert orders["amount"].to_dict() == {"#1001": 50, "#1002": 10, "#1004": 20}
    assert orders["ordered_at"]["#1001"] == pd.Timestamp("2024-01-06 04:30")  # UTC, as no time zone is set
    assert orders["cancelled"].fillna(False).tolist() == [False, True, False]
    known = data.customers.set_index("customer_id")
    assert known["opted_out"].tolist() == [False, True] and known["monetary"]["ann@shop.example"] == 65
    assert sorted(data.tables["order_items"].product_id.execute()) == ["0012", "0012", "0013", "0013"]


def test_lines_of_a_plugin_become_orders_of_guests_too(tmp_path):
    lines = """
        Order Number,Order Status,Order Date,Paid Date,Customer User ID,Email (Billing),Order Total Amount,Order Refund Amount,Currency,SKU,Item Name,Quantity,Item Cost
        501,wc-completed,2024-01-05 10:30,2024-01-05 10:31,7,ann@shop.example,40.00,0,EUR,T1,Tea,1,25
        501,wc-completed,2024-01-05 10:30,2024-01-05 10:31,7,ann@shop.example,40.00,0,EUR,M1,Mug,1,15
        502,wc-cancelled,2024-02-05 10:30,,0,bob@shop.example,15.00,0,EUR,M1,Mug,1,15
        503,wc-refunded,2024-03-05 10:30,2024-03-05 10:31,0,eve@shop.example,15.00,15.00,EUR,M1,Mug,1,15
    """
    data = export(tmp_path, "woocommerce", {"woocommerce-orders.csv": lines})
    assert rows(data, "orders")["order_id repeats"] == (1, 1)
    orders = table(data, "orders", "order_id")
    assert orders["amount"].tolist() == [40, 15, 15] and orders["cancelled"].tolist() == [False, True, False]
    net = data.customers.set_index("customer_id")["monetary"]
    assert net.to_dict() == {"ann@shop.example": 40, "bob@shop.example": 0, "eve@shop.example": 0}
    assert len(data.tables["order_items"].execute()) == 4


INVOICES = """
    Record Id,Contact Name Id,Invoice Date,Grand Total,Status,Currency,Exchange Rate
    zcrm_1,zcrm_c1,2024-01-05,100,Paid,USD,1
    zcrm_2,zcrm_c2,2024-01-06,"12,000",Paid,JPY,150
    zcrm_3,zcrm_c3,2024-01-07,80,Void,USD,1
"""


def test_invoices_in_several_currencies_become_the_home_currency(tmp_path):
    data = export(tmp_path, "zoho", {"Invoices_001.csv": INVOICES})
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {
        "zcrm_c1": 100,
        "zcrm_c2": 80,
        "zcrm_c3": 0,
    }
    told = data.readings.set_index("column")["told"]["amount"]
    assert told == "thousands comma, made one currency by each row's rate"


def test_invoices_in_several_currencies_without_rates_are_refused(tmp_path):
    lines = "\n".join(line.rpartition(",")[0] for line in INVOICES.strip("\n").splitlines())
    with pytest.raises(ValueError, match="^orders: its money is in the currencies JPY, USD, which do not add up"):
        export(tmp_path, "zoho", {"Invoices.csv": lines})


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
    data = export(tmp_path, preset, CRM[preset])
    assert data.customers["monetary"].tolist() == [1200.5]
    assert {"email", "name"}.isdisjoint(data.customers.columns)
    assert "example.org" not in data.customers.to_csv()


def test_every_preset_is_tried_here_on_real_or_made_up_data():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in settings.preset_names() if f'"{name}"' not in source] == []
