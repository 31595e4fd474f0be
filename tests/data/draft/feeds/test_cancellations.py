"""Orders that are none are told by statuses, flags and days; deals by what was won."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds.guesses import Rule, Sql
from repeated import rows

HEAD = "order_id,customer_id,order_date,amount"


def orders(header: str, *values: str) -> str:
    """Ten orders over each value of a further column: of the place of each in money."""
    lines = [
        f"o{n},c{n % len(values)},2025-01-{n % 28 + 1:02d},1,{values[n % len(values)]}\n"
        for n in range(10 * len(values))
    ]
    return f"{HEAD},{header}\n" + "".join(lines)


def counted(spent, header: str, *values: str) -> list[str]:
    """The values whose orders are orders."""
    money = spent(orders(header, *values))
    return [value for place, value in enumerate(values) if money[f"c{place}"] == 10]


@pytest.mark.parametrize(
    ("header", "good", "bad"),
    [
        ("status", ["completed", "processing", "on-hold"], ["pending", "failed", "cancelled", "refunded"]),
        ("status", ["complete", "processing", "pending"], ["closed", "canceled", "fraud"]),
        ("status", ["Closed", "Shipped", "pending"], ["Void"]),
        ("Etat", ["Livré", "Expédié"], ["Annulé", "Erreur de paiement", "En attente de paiement"]),
        ("订单状态", ["已审核", "已签收"], ["草稿", "已驳回", "审核不通过"]),
        ("payment_status", ["paid", "partially_refunded"], ["payment error", "refunded"]),
        ("退款状态", ["", "无退款", "退款中"], ["成功", "退款成功", "全额退款"]),
        ("return_status", ["", "requested", "rejected"], ["Approved", "completed"]),
        ("Status", ["Sales Order", "Locked"], ["Quotation", "Quotation Sent", "Cancelled"]),
        ("member_status", ["active", "cancelled"], []),
        ("is_paid", ["1"], ["0"]),
        ("是否付款", ["是"], ["否"]),
        ("is_deleted", ["false"], ["true"]),
        ("Test", ["no"], ["yes"]),
        ("是否有效", ["是"], ["否"]),
        ("cancelled_at", ["", "NULL", "0000-00-00"], ["2025-02-03"]),
        ("退款时间", ["", "", "-"], ["2025-02-03 10:00:00"]),
        ("updated_at", ["2025-02-01", "", ""], []),
        ("is_cancelled", ["", ""], ["x"]),
        ("Storniert", ["", "", ""], ["X"]),
        ("cancelled", ["", ""], ["Cancelled"]),
        ("is_cancelled", ["active"], ["cancelled"]),
        ("是否作废", ["正常"], ["作废"]),
        ("is_cancelled", ["", ""], ["2025-01-09"]),
        ("is_deleted", ["b'0'"], ["b'1'"]),
        ("anulado", ["N"], ["S"]),
        ("annulee", ["N"], ["O"]),
        ("annullato", ["F"], ["V"]),
    ],
)  # fmt: skip
def test_orders_are_none_by_what_a_further_column_says(spent, header, good, bad):
    assert counted(spent, header, *good, *bad) == good


def test_of_two_statuses_either_says_that_there_is_no_order(spent):
    lines = "a,c1,2025-01-01,1,paid,none\nb,c2,2025-01-02,1,paid,refunded\nc,c3,2025-01-03,1,voided,none\n"
    assert spent(f"{HEAD},order_status,refund_status\n{lines}") == {"c1": 1, "c2": 0, "c3": 0}


def test_money_given_back_of_which_nearly_all_is_none_is_no_flag(spent):
    lines = "".join(f"o{n},c{n % 2},2025-01-{n + 1:02d},9,{20 - 16 if n == 1 else 0}\n" for n in range(20))
    assert spent(f"{HEAD},amount_refunded\n{lines}") == {"c0": 90, "c1": 86}


def test_an_invoice_stands_paid_or_not(spent):
    lines = "a,c1,2025-01-01,1,1\nb,c2,2025-01-02,1,0\n"
    assert spent(f"invoice_no,customer_id,invoice_date,amount,is_paid\n{lines}") == {"c1": 1, "c2": 1}


def test_money_given_back_in_part_is_not_taken_off_twice(spent):
    lines = "a,c1,2025-01-01,9,2,2025-01-05,approved\nb,c2,2025-01-02,9,0,,\nc,c3,2025-01-02,9,0,,\n"
    assert spent(f"{HEAD},refund_amount,refunded_at,refund_status\n{lines}") == {"c1": 7, "c2": 9, "c3": 9}


@pytest.mark.parametrize(
    ("header", "won", "others"),
    [
        ("Stage", "Closed Won", ["Closed Lost", "Negotiation", "Qualification"]),
        ("dealstage", "closedwon", ["closedlost", "contractsent"]),
        ("status", "won", ["lost", "open"]),
        ("阶段", "成交并结束", ["丢失并结束", "需求分析"]),
        ("销售阶段", "赢单", ["输单", "方案报价"]),
    ],
)
def test_deals_that_were_not_won_are_no_sales_and_set_no_day(opened, header, won, others):
    text = orders(header, won, *others)
    data = opened(deals__csv=text + f"late,c1,2026-09-09,1,{others[-1]}\n")
    assert data.customers.set_index("customer_id").orders.to_dict() == {"c0": 10}
    assert str(data.as_of) < "2025-02-01" and data.customers.refunds.sum() == 0


def test_orders_called_closed_by_a_deal_s_word_stay_where_nothing_is_a_stage(fed):
    guess = fed(orders("status", "已成交", "待发货", "已取消"))["orders"]
    assert guess.rules == [] and guess.columns["cancelled"] == Sql("\"status\" IN ('已取消')")
    (rule,) = fed(orders("阶段", "已成交", "未成交"), "deals__csv")["orders"].rules
    assert rule == Rule("阶段 is not won", "\"阶段\" IN ('已成交')")


def test_a_status_that_is_a_number_is_asked_about(fed):
    guess = fed(orders("status", "4", "5", "6"))["orders"]
    (asked,) = guess.asked
    assert "cancelled" not in guess.columns and "'status' is 4, 5, 6, and nothing says" in asked.told
    assert asked.settings[0].startswith("cancelled = { sql = ")


def test_a_status_of_which_no_word_is_known_is_asked_about_and_one_of_orders_that_stand_is_not(fed):
    assert "'status' is Tamat, Tutup" in fed(orders("status", "Tamat", "Tutup"))["orders"].asked[0].told
    assert fed(orders("status", "Shipped", "Tutup"), "more__csv")["orders"].asked == []


@pytest.mark.parametrize(
    ("said", "stands"),
    [("Dibatalkan", "Selesai"), ("Đã hủy", "Hoàn thành"), ("zrušeno", "vyřízeno"), ("ملغى", "مكتمل")],
)
def test_orders_are_cancelled_in_more_languages(fed, said, stands):
    assert fed(orders("status", stands, said))["orders"].columns["cancelled"] == Sql(f"\"status\" IN ('{said}')")


def test_a_flag_whose_words_say_neither_yes_nor_no_is_asked_about(fed):
    guess = fed(orders("is_cancelled", "A", "B"))["orders"]
    (asked,) = guess.asked
    assert "cancelled" not in guess.columns and "'is_cancelled' is A, B, and nothing says" in asked.told
    assert asked.settings[0].startswith("cancelled = { sql = ")


def test_a_letter_before_the_numbers_of_negative_lines_says_cancelled(fed):
    text = rows(
        "invoice,customer_id,invoice_date,sku,quantity,unit_price", "{k},c1,2025-01-02,a,2,5", "{k},c1,2025-01-02,b,2,5"
    )
    guess = fed(text + "C99,c1,2025-01-03,a,-2,5\n")["order_items"]
    assert guess.columns["cancelled"] == Sql("\"invoice\" LIKE 'C%'")
