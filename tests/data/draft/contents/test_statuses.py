"""What a status says of an order."""

from __future__ import annotations

import pytest

from helpers.data.draft.contents import statuses
from repeated import rows

NO_ORDER = (
    "Refunded", "已退款", "交易关闭", "待付款", "pending_payment", "failed", "支付失败", "输单", "Closed Lost", "fully refunded", "等待买家付款",
    "待支付", "全部退款", "全额退款", "(删除)等待出库", "未发货，退款成功", "已退单", "商家拒单", "用户取消", "红冲", "退货", "已退货", "voided",
    "wc-cancelled", "wc-refunded", "wc-failed", "requires_payment_method", "Shipped - Returned to Seller", "Returned", "Chargeback",
    "Expired", "Storniert", "Erstattet", "Remboursée", "Annulée", "Reembolsado", "Devuelto", "Devolvido", "Rimborsato", "Reso",
    "キャンセル", "返品", "返金済み", "주문취소", "환불완료", "반품완료", "Отменен", "Возврат", "Возвращён", "Anulowane", "İptal edildi",
    "草稿", "已驳回", "审核不通过", "Draft", "trash", "wc-checkout-draft", "Suspected Fraud", "No-Show", "Payment error", "未入金", "미입금",
    "Zahlung fehlgeschlagen", "Entwurf", "Erreur de paiement", "Pendiente de pago", "Aguardando pagamento", "In attesa di pagamento",
)  # fmt: skip
AN_ORDER = (
    "partially_refunded", "部分退款", "unpaid", "completed", "交易成功", "退款失败", "退款关闭", "退款中", "退货中", "售后中", "未取消", "未退款",
    "Not cancelled", "Return requested", "Refund pending", "换货", "申请取消", "Teilweise erstattet", "Partiellement remboursée",
    "환불요청", "교환완료", "Выполнен", "частичный возврат", "on-hold", "processing", "authorized", "Closed Won", "已签收", "买家已付款",
)  # fmt: skip


@pytest.mark.parametrize("status", NO_ORDER)
def test_what_was_given_back_whole_never_paid_or_lost_is_no_order(status):
    assert statuses.is_no_order(status)


@pytest.mark.parametrize("status", AN_ORDER)
def test_what_is_given_back_in_part_or_asked_for_alone_is_an_order_all_the_same(status):
    assert not statuses.is_no_order(status)


def test_a_word_says_what_it_does_beside_others():
    assert statuses.is_no_order("closed", ["complete", "closed"]) and not statuses.is_no_order("closed", ["open"])
    assert statuses.is_no_order("pending", ["failed"]) and not statuses.is_no_order("pending", ["paid", "refunded"])


def test_a_status_is_told_by_values_that_say_cancelled(holding):
    (status,) = statuses.of_orders(holding(text=rows("order_id,status", "{n},paid", "{n},Cancelled", "{n},已取消")))
    assert set(statuses.cancelling(status)) == {"Cancelled", "已取消"}


def test_the_status_of_a_customer_is_none_of_the_order(holding):
    text = rows("order_id,member_status,客户状态,pay_status", "{n},a,b,c")
    assert [each.name for each in statuses.of_orders(holding(text=text))] == ["pay_status"]


def test_what_was_asked_back_and_granted_is_given_back(holding):
    (status,) = statuses.of_orders(holding(text=rows("order_id,退款状态", "{n},成功", "{n},", "{n},申请中")))
    assert statuses.cancelling(status) == ["成功"]


def test_the_stage_of_a_deal_says_whether_it_was_won(holding):
    deals = holding(text=rows("Deal Id,Stage", "{n},Closed Won", "{n},Closed Lost", "{n},Negotiation"))
    assert statuses.won(deals.column("stage")) == ["Closed Won"]
    assert statuses.won(holding("all__csv", rows("Deal Id,Stage", "{n},Closed Won")).column("stage")) == []


def test_a_status_of_few_numbers_or_letters_is_a_code(holding):
    text = rows("order_id,status,state,code", "{n},1,paid,A", "{n},2,void,V", "{n},-1,paid,P2")
    columns = holding(text=text)
    assert [statuses.is_coded(columns.column(each)) for each in ("status", "state", "code")] == [True, False, True]


@pytest.mark.parametrize(
    ("header", "sale", "back"),
    [("type", "sale", "refund"), ("单据类型", "销售", "退货"), ("transaction_type", "Invoice", "Credit Note"), ("类型", "销售单", "退货单")],
)  # fmt: skip
def test_the_kind_of_a_row_says_that_its_money_goes_back(holding, header, sale, back):
    sales = holding(text=rows(f"order_id,{header}", f"{{n}},{sale}", f"{{n}},{back}"))
    assert statuses.giving_back(sales) == (header.lower(), [back])


def test_a_kind_of_customers_or_of_refunds_alone_says_no_such_thing(holding):
    assert statuses.giving_back(holding(text=rows("order_id,type", "{n},retail", "{n},returning"))) == ("", [])
    assert statuses.giving_back(holding("back__csv", rows("order_id,type", "{n},refund"))) == ("", [])
