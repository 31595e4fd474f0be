"""Every preset reads a few lines of the form that it was written for, and accounts for each row."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.data.intake.wording import settings
from shops import books_of, export, workbook


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
    assert books_of(data, "order_items") == {
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
    assert books_of(data, "tickets") == {"read": (8, 8), "used": (2, 2), "ticket_id repeats": (6, 6)}
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
    assert books_of(data, "experiments")["group and landing page disagree"] == (2, 2)
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
    assert books_of(data, "orders") == {"read": (4, 4), "used": (4, 4)}
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
    assert books_of(data, "experiments") == {"read": (3, 3), "used": (3, 3)}
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
    assert books_of(data, "customers")["customer_id repeats"] == (1, 1)
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
    assert books_of(data, "orders")["guest"] == (1, 1)
    assert data.accounting.set_index("outcome")["money"]["guest"] == 20
    orders = table(data, "orders", "order_id")
    assert orders["amount"].to_dict() == {"#1001": 50, "#1002": 10, "#1004": 20}
    assert orders["ordered_at"]["#1001"] == pd.Timestamp("2024-01-06 04:30")  # UTC, as no time zone is set
    assert orders["cancelled"].eq(True).tolist() == [False, True, False]
    known = data.customers.set_index("customer_id")
    assert known["opted_out"].tolist() == [False, True] and known["monetary"]["ann@shop.example"] == 65
    assert sorted(data.tables["order_items"].product_id.execute()) == ["0012", "0012", "0013", "0013"]


@pytest.mark.parametrize(
    ("name", "head", "row"),
    [
        ("投放_2024.csv", "渠道,月份,投放费用", "微信,2024年1月,1200"),
        ("spending.csv", "channel,month,cost", "微信,2024-01,1200"),
    ],
)
def test_spending_on_channels_is_read_beside_an_export(tmp_path, name, head, row):
    data = export(tmp_path, "shopify", SHOPIFY | {name: f"{head}\n{row}\n"})
    spent = data.tables["spending"].execute()
    assert spent.to_dict("records") == [{"channel": "微信", "month": pd.Timestamp("2024-01-01"), "cost": 1200.0}]


def test_lines_of_a_plugin_become_orders_of_guests_too(tmp_path):
    lines = """
        Order Number,Order Status,Order Date,Paid Date,Customer User ID,Email (Billing),Order Total Amount,Order Refund Amount,Currency,SKU,Item Name,Quantity,Item Cost
        501,wc-completed,2024-01-05 10:30,2024-01-05 10:31,7,ann@shop.example,40.00,0,EUR,T1,Tea,1,25
        501,wc-completed,2024-01-05 10:30,2024-01-05 10:31,7,ann@shop.example,40.00,0,EUR,M1,Mug,1,15
        502,wc-cancelled,2024-02-05 10:30,,0,bob@shop.example,15.00,0,EUR,M1,Mug,1,15
        503,wc-refunded,2024-03-05 10:30,2024-03-05 10:31,0,eve@shop.example,15.00,15.00,EUR,M1,Mug,1,15
    """
    data = export(tmp_path, "woocommerce", {"woocommerce-orders.csv": lines})
    assert books_of(data, "orders")["order_id repeats"] == (1, 1)
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
        "Contacts.csv": "Record Id,Email,Lead Source,Created Time,Email Opt Out,Contact Owner\nzcrm_1,a@example.org,Web,2024-01-02 10:00:00,false,Li Na\n",
        "Invoices.csv": 'Record Id,Contact Name Id,Invoice Date,Grand Total,Status\nzcrm_9,zcrm_1,2024-02-01,"¥1,200.50",Approved\n',
        "Cases.csv": "Case_Number,Contact_Name,Created_Time,Case_Reason\n7,zcrm_1,2024-03-01T08:00:00+08:00,Delivery\n",
        "Tasks.csv": "id,Action_Key,Who_Id,Status,Created_Time,Closed_Time\n"
        "t1,k1,zcrm_1,Completed,2024-02-05T08:00:00+08:00,2024-02-06T08:00:00+08:00\nt2,k2,zcrm_1,In Progress,2024-02-05T08:00:00+08:00,\n"
        + "".join(f"t{n},,zcrm_1,Completed,2024-02-05T08:00:00+08:00,\n" for n in range(3, 9)),
        "Leads.csv": "Record Id,Last Name,Lead Source,Created Time,Lead Owner,Converted Date Time,Converted Contact.id\n"
        "zcrm_7,Wu,Web,2024-01-01 09:00:00,Li Na,2024-01-02 10:00:00,zcrm_1\nzcrm_8,Xu,Fair,2024-01-05 09:00:00,Li Na,,\n",
    },
    "fxiaoke": {
        "AccountObj.csv": "_id,name,account_level,account_source,create_time,life_status,负责人\n5f1,某公司,A,官网,1704160800000,normal,Li Na\n5f2,x,B,官网,1704160800000,invalid,\n",
        "SalesOrderObj.csv": "_id,account_id,order_time,order_amount,refund_amount,life_status\no1,5f1,1706716800000,1200.5,0,normal\n",
        "ActiveRecordObj.csv": "_id,account_id,create_time,interactive_types\nr1,5f1,1706716800000,电话\n",
        "LeadsObj.csv": "_id,name,source,create_time,transform_time,account_id,life_status,负责人\n"
        "zcrm_7,吴,官网,1704100800000,1704160800000,5f1,normal,Li Na\nzcrm_8,徐,展会,1704160800000,,,normal,Li Na\nx,李,官网,1704160800000,,,invalid,\n",
    },
}


@pytest.mark.parametrize("preset", CRM)
def test_a_crm_export_becomes_a_snapshot_without_names_or_addresses(tmp_path, preset):
    """Columns as verified for the two CRMs; the rows here are made up."""
    data = export(tmp_path, preset, CRM[preset])
    assert data.customers["monetary"].tolist() == [1200.5]
    assert {"email", "name"}.isdisjoint(data.customers.columns)
    assert not any(name in data.customers.to_csv() for name in ("example.org", "Li Na"))
    assert data.tables["customers"].owner.execute().tolist() == ["Li Na"]
    leads = data.tables["leads"].order_by("lead_id").execute()
    assert leads["lead_id"].tolist() == ["zcrm_7", "zcrm_8"]
    assert leads["converted_at"].notna().tolist() == leads["customer_id"].notna().tolist() == [True, False]
    if "action_results" in data.tables:
        found = data.tables["action_results"].order_by("action_key").execute()
        assert found["action_key"].tolist() == ["k1", "k2"] and found["status"].tolist() == ["done", "open"]


def test_every_preset_is_tried_here_on_real_or_made_up_data():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in settings.preset_names() if f'"{name}"' not in source] == []


WECHAT = """
    交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
    `2025-01-28 17:07:11,`wx81,`1601,`0,`,`4200001,`S1,`openid1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`9.00,`0.00,`0,`0,`0.00,`0.00,`,`,`茶,`,`0.00000,`1.00%,`9.00,`0.00,`
    `2025-01-29 08:00:00,`wx81,`1601,`0,`,`4200002,`S2,`openid2,`JSAPI,`SUCCESS,`OTHERS,`CNY,`6.50,`0.00,`0,`0,`0.00,`0.00,`,`,`茶,`,`0.00000,`1.00%,`6.50,`0.00,`
    `2025-01-29 09:00:00,`wx81,`1601,`0,`,`4200003,`S3,`openid2,`MICROPAY,`REVOKED,`OTHERS,`CNY,`2.00,`0.00,`0,`0,`0.00,`0.00,`,`,`茶,`,`0.00000,`1.00%,`2.00,`0.00,`
    `2025-01-30 09:00:00,`wx81,`1601,`0,`,`4200001,`S1,`openid1,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030001,`R1,`4.00,`0.00,`ORIGINAL,`SUCCESS,`茶,`,`0.00000,`1.00%,`0.00,`4.00,`
    总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
    `4,`17.50,`4.00,`0.00,`0.00000,`17.50,`4.00
"""  # fmt: skip


def test_a_merchant_s_bill_of_wechat_pay_loses_its_marks_and_sums_and_refunds_are_money_given_back(tmp_path):
    data = export(tmp_path, "wechat_pay", {"微信支付账单_2025-01.csv": WECHAT})
    assert books_of(data, "orders")["used"] == (4, 4) and books_of(data, "orders")["sums of the bill"] == (0, 2)
    orders = table(data, "orders", "order_id")
    assert orders["amount"].to_dict() == {"4200001": 9, "4200002": 6.5, "4200003": 2, "5030001": -4}
    assert orders["ordered_at"]["5030001"] == pd.Timestamp("2025-01-30 09:00")
    known = data.customers.set_index("customer_id")
    assert known["monetary"].to_dict() == {"openid1": 5, "openid2": 6.5} and known["orders"].tolist() == [1, 1]


ALIPAY = """\
#支付宝业务明细查询
#账号：[20880211096256330156]
#起始日期：[2025年01月16日 00:00:00]   终止日期：[2025年01月17日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注
2025011622001\t,S1\t,交易\t,茶,2025-01-16 10:55:16,2025-01-16 10:55:23,s1\t,一店\t,a\t,\t,*津水(602***@qq.com)\t,9.00,9.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,0.00,0.00,茶
2025011622001\t,S1\t,退款\t,茶,2025-01-16 10:55:16,2025-01-16 10:56:48,s1\t,一店\t,a\t,\t,*津水(602***@qq.com)\t,-4.00,-4.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,R1\t,0.00,0.00,茶
2025011622002\t,S2\t,交易\t,茶,2025-01-16 11:55:16,2025-01-16 11:55:23,s1\t,一店\t,a\t,\t,**博(156******89)\t,6.50,6.50,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,0.00,0.00,
#-----------------------------------------业务明细列表结束------------------------------------
#交易合计：2笔，商家实收共15.50元，商家优惠共0.00元
#退款合计：1笔，商家实收退款共-4.00元，商家优惠退款共0.00元
#导出时间：[2025年01月17日 08:59:35]
"""  # fmt: skip


def test_a_merchant_s_bill_of_alipay_is_read_between_its_remarks_and_takes_refunds_off(tmp_path):
    data = export(tmp_path, "alipay", {"20880211096256330156_20250116_业务明细.csv": ALIPAY.encode("gb18030")})
    assert books_of(data, "orders")["customer_id is missing"] == (4, 4)
    known = data.customers.set_index("customer_id")
    assert known["monetary"].to_dict() == {"*津水(602***@qq.com)": 5, "**博(156******89)": 6.5}
    assert known["orders"].tolist() == [1, 1] and set(data.tables["orders"].channel.execute()) == {"一店"}


TAOBAO = """
    订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题
    ="1001",小明,a@b.example,9,0,0,9,0,9,0,交易成功,,张三,上海,快递,,'13800138000,2025-01-28 10:00:00,2025-01-28 10:01:00,茶
    ="1002",小红,c@b.example,6.5,0,0,6.5,0,0,0,交易关闭,,李四,北京,快递,,'13800138001,2025-01-29 10:00:00,,茶
    ="1003",小明,a@b.example,5,0,0,5,0,5,0,卖家已发货，等待买家确认,,张三,上海,快递,,'13800138000,2025-01-30 10:00:00,2025-01-30 10:01:00,茶
"""  # fmt: skip


def test_a_seller_s_orders_of_taobao_leave_names_phones_and_addresses_behind(tmp_path):
    data = export(tmp_path, "taobao", {"淘宝订单_2025-01.csv": TAOBAO})
    orders = table(data, "orders", "order_id")
    assert orders["cancelled"].to_dict() == {"1001": False, "1002": True, "1003": False}
    assert orders["paid_at"].isna().tolist() == [False, True, False]
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"小明": 14, "小红": 0}
    kept = "".join(path.read_bytes().decode("latin-1") for path in (tmp_path / "prepared").rglob("*.parquet"))
    assert "13800138000" not in kept and "example" not in kept


WECOM = """
    客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话,标签组1(等级)
    张三,要茶,李娜,lina,销售部,2025-01-28 10:00:00,扫描二维码,13800138000,,,上海,,,A
    张三,,王五,wangwu,客服部,2025-02-01 09:00:00,名片分享,13800138000,,,,,,
    小红,,李娜,lina,销售部,2025-03-01 08:05:00,搜索手机号,,,,,,,B
"""  # fmt: skip


def test_contacts_of_wecom_are_known_by_their_phone_else_by_name_and_moment(tmp_path):
    data = export(tmp_path, "wecom", {"企业微信客户列表.csv": WECOM})
    known = data.tables["customers"].order_by("joined_at").execute().set_index("customer_id")
    assert known.index.tolist() == ["13800138000", "小红 2025-03-01 08:05:00"]
    assert known["channel"].tolist() == ["扫描二维码", "搜索手机号"] and set(known["owner"]) == {"lina"}
