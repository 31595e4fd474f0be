"""What a status says of an order: that there is none (cancelled, given back, never paid), or that money goes back."""

from __future__ import annotations

import re

from helpers.data import headers
from helpers.data.draft.contents.columns import FEW
from helpers.data.draft.contents.holdings import Holding

# Where a part was given back, or it was asked for alone, there was an order all the same; so where an invoice is not
# paid yet.
STANDS = re.compile(
    r"^(not|non|no|un)[ _-]?(cancel|void|return|refund)|partial|teilw|parcial|partiel|parzial|част|部分|一部|부분|일부"
    r"|request|요청|신청|申请|申請|未(取消|退|作废|关闭)|无(取消|退)|退[款货貨]?(中|失败|关闭|驳回|拒绝)|售后(中|关闭|取消)"
    r"|取消(中|失败)|(cancel|return|refund)\w*[ _-](pending|failed|rejected|denied)|换货|換貨|exchang",
    re.I,
)
NO_ORDER = re.compile(
    r"cancel|void|annul|anulad|refused|declined|rejected|denied|expired|charge[d ]?back|reversed|abandon|\blost$"
    r"|^(wc-)?failed|^(wc-|fully[ _])?refunded|^returned|returned to|(payment|order)[ _]failed"
    r"|(pending|awaiting|requires)[ _]payment"
    r"|取消|关闭|關閉|作废|作廢|撤[销銷单單]|[退拒][单單]|拒[收付]|红冲|冲红|冲销|删除|無效|无效|失效"
    r"|退[款货貨](成功|完成)|已退[款货貨]?$|^退[款货貨]$|全[额額部]?退|待付款|待支付|未付款|未支付|等待.{0,4}(付款|支付)"
    r"|(付款|支付|交易)(失败|超时)|超时|输单|丢单"
    r"|キャンセル|返品|返金|취소|환불|반품|미결제|입금 ?대기|결제 ?대기"
    r"|отмен|аннул|возврат|возвращ|отказ|не ?оплачен|ожидает оплаты"
    r"|storn|erstattet|retourniert|zurückge|abgebrochen|abgelehnt|rembours|retourn|refusé|échou"
    r"|reembols|devuelt|rechazad|fallid|devolvid|estornad|recusad|rimborsat|^reso$|restituit|rifiutat"
    r"|geannuleerd|terugbetaald|geretourneerd|anulowan|zwróc|^zwrot|iptal|iade",
    re.I,
)
# Of a kind of document: money given back, each on a row of its own.
KINDS = (
    *("type", "transaction_type", "order_type", "document_type", "kind", "belegart", "tipo", "取引種別"),
    *("单据类型", "交易类型", "业务类型", "订单类型", "类型"),
)
BACK = re.compile(
    r"^(refund|return|credit[ _-]?(note|memo)|reversal|chargeback|retoure|gutschrift|erstattung|devoluci[oó]n|reembolso"
    r"|avoir|remboursement|retour|reso|rimborso|возврат|返品|返金|환불|반품)s?\b"
    r"|^(销售)?退[货貨款单單](单|單)?$|^红字|^红冲",
    re.I,
)


def is_no_order(status: str) -> bool:
    """Whether a status says that nothing was bought, or that all of it was given back."""
    return bool(NO_ORDER.search(status)) and not STANDS.search(status)


def cancelling(holding: Holding) -> tuple[str, list[str], list[str]]:
    """The header of an order's status, its values that say cancelled, and the others; empty where none say so."""
    header = headers.best(holding.names, "orders", "status")
    if not header or holding.column(header).distinct > FEW:
        return "", [], []
    values = holding.column(header).values
    said = [value for value in values if is_no_order(value)]
    return (header, said, [value for value in values if value not in said]) if said else ("", [], [])


def giving_back(holding: Holding) -> tuple[str, list[str]]:
    """The header of a row's kind, and its values that say money given back; empty where none, or all of them, do."""
    for header in holding.names:
        column = holding.column(header)
        if header in KINDS and column.distinct <= FEW:
            said = [value for value in column.values if BACK.search(value)]
            if said and len(said) < len(column.values):
                return header, said
    return "", []
