"""What a status says of an order: that there is none (cancelled, given back, never paid), or that money goes back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from helpers.data import headers
from helpers.data.draft.contents.columns import FEW, Column
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
    r"|^(wc-)?(failed|trash|checkout-draft)|^(wc-|fully[ _])?refunded|^returned|returned to"
    r"|(payment|order)[ _](failed|error)|(pending|awaiting|requires)[ _]payment"
    r"|^(draft|deleted|spam|incomplete)$|fraud|^no[ _-]?show|^quot(e|ation)\b"
    r"|取消|关闭|關閉|作废|作廢|撤[销銷单單]|[退拒][单單]|拒[收付]|红冲|冲红|冲销|删除|無效|无效|失效|草稿|驳回|[不未]通过"
    r"|退[款货貨](成功|完成)|已退[款货貨]?$|^退[款货貨]$|全[额額部]?退|待付款|待支付|未付款|未支付|等待.{0,4}(付款|支付)"
    r"|(付款|支付|交易)(失败|超时)|超时|输单|丢单|丢失"
    r"|キャンセル|返品|返金|入金待ち|未入金|支払い?待ち|취소|환불|반품|미결제|미입금|입금 ?대기|결제 ?대기"
    r"|отмен|аннул|возврат|возвращ|отказ|не ?оплачен|ожидает оплаты|черновик"
    r"|storn|erstattet|retourniert|zurückge|abgebrochen|abgelehnt|fehlgeschlagen|entwurf|zahlung (ausstehend|offen)"
    r"|rembours|retourn|refusé|échou|erreur|brouillon|en attente d[eu] (paiement|règlement)"
    r"|reembols|devuelt|rechazad|fallid|borrador|(pendiente de|esperando( el)?) pago"
    r"|devolvid|estornad|recusad|rascunho|aguardando (o )?pagamento"
    r"|rimborsat|^reso$|restituit|rifiutat|bozza|in attesa d[ei]l? pagamento"
    r"|geannuleerd|terugbetaald|geretourneerd|wacht(end)? op betaling|anulowan|zwróc|^zwrot|iptal|iade"
    r"|zrušen|vrácen|töröl|visszavon|anulat|rambursat|otkazan|ακυρ|επιστρ|avbrut|avbest|återbetal|makuler|kansell"
    r"|peru(ttu|utettu)|palautettu|batal|ditolak|dikembalikan|huỷ|hủy|hoàn tiền|ยกเลิก|คืนเงิน|ملغ|مسترد|בוטל",
    re.I,
)
# What a status says of an order that stands; a column in which no word is known may say anything.
STANDING = re.compile(
    r"complet|deliver|ship|paid|fulfil|process|close|open|succe|confirm|approv|accept|activ|valid|receiv|done|invoic"
    r"|sent|pending|new|normal|finish|sale|sold|settl|captur|authori|transit|prepar|hold|partial|ready|picked|pack"
    r"|[成已未待]|发|签收|交易|审核|正常|有效|配送|出库|済|待ち|発送|完了|배송|완료|결제|доставл|выполн|оплач|отправ|заверш"
    r"|bezahlt|versand|versend|verschickt|geliefert|abgeschlossen|erledigt|offen|livr|expédi|pay[ée]|termin|pag[ao]"
    r"|enviad|entreg|conclu|spedi|consegn|evas|betaald|verzonden|geleverd|afgerond|opłac|wysłan|dostarcz|zrealiz"
    r"|öden|teslim|kargo|tamamlan|beta?lt|levere|skick|sendt|maks|toimit|zaplac|odesl|doruč|vyřízen|fizet|teljesít",
    re.I,
)
# What a word says beside others: Magento's closed orders, beside complete ones, were given back; pending ones, where
# some others failed, are not paid.
BESIDE = (
    (re.compile(r"^closed$", re.I), re.compile(r"^completed?$", re.I)),
    (re.compile(r"^(wc-)?pending$", re.I), re.compile(r"^(wc-)?(on[ _-]?hold|failed|denied)$", re.I)),
)
ASKED_BACK = "refund refunds return returns 退款 退货 售后 aftersale after_sale"  # a status of what was asked back
GRANTED = re.compile(
    r"^(completed?|approved|success\w*|done|full\w*|成功|完成|已完成|已同意|完了|완료)$|refunded|returned"
    r"|退[款货貨](成功|完成)|已退|全[额額部]?退",
    re.I,
)
OF_OTHERS = "customer member user account client email subscription contact shop store 会员 客户 用户 账户 店铺 商品"
WON = re.compile(r"\bwon$|^closed ?won|赢单|成交|签约|gewonnen|ganad[oa]|gagn[ée]e?$|vint[oa]$|受注$|수주$", re.I)
LOST = re.compile(r"\blost$|closed ?lost|输单|丢单|丢失|verloren|perdid[oa]|perdue?$|失注|실주", re.I)
STAGE = "stage stage_name stagename dealstage phase etapa 阶段"
MOST_CODES = 12  # different numbers, or letters, of a status, at most
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


def is_no_order(status: str, others: Collection[str] = ()) -> bool:
    """Whether a status, beside the `others` of its column, says that nothing was bought, or all of it given back."""
    if any(word.search(status) and any(map(beside.search, others)) for word, beside in BESIDE):
        return True
    return bool(NO_ORDER.search(status)) and not STANDS.search(status)


def cancelling(column: Column) -> list[str]:
    """The values of a status that say cancelled."""
    if headers.speaks(column.name, ASKED_BACK):
        return [value for value in column.values if GRANTED.search(value) and not STANDS.search(value)]
    return [value for value in column.values if is_no_order(value, column.values)]


def of_orders(holding: Holding, taken: Iterable[str] = ()) -> list[Column]:
    """The columns of few values that are a status of orders, the likeliest first; not those `taken`."""
    scored = [(headers.likeness(name, "orders", "status"), name) for name in set(holding.names) - set(taken)]
    likely = sorted((-score, name) for score, name in scored if score >= headers.LEAST)
    columns = [holding.column(name) for _score, name in likely if not headers.speaks(name, OF_OTHERS)]
    return [column for column in columns if 0 < column.distinct <= FEW]


def won(column: Column) -> list[str]:
    """The values of a deal's stage that say it was won; empty where it is no such stage, or all were."""
    said = [value for value in column.values if WON.search(value) and not re.search("[未不]", value)]
    staged = headers.speaks(column.name, STAGE) or any(map(LOST.search, column.values))
    return said if staged and len(said) < len(column.values) else []


def is_coded(column: Column) -> bool:
    """Whether a status is a number or a letter, of which nobody says what it means."""
    coded = (re.fullmatch("-?[0-9]{1,4}|[A-Za-z][A-Za-z0-9]?", value) for value in column.values)
    return 1 < column.distinct <= MOST_CODES and all(coded)


def is_strange(column: Column) -> bool:
    """Whether a status has a few words, and none that says of an order that it stands, or stands no more."""
    return 1 < column.distinct <= MOST_CODES and not any(map(STANDING.search, column.values))


def giving_back(holding: Holding) -> tuple[str, list[str]]:
    """The header of a row's kind, and its values that say money given back; empty where none, or all of them, do."""
    for header in holding.names:
        column = holding.column(header)
        if header in KINDS and column.distinct <= FEW:
            said = [value for value in column.values if BACK.search(value)]
            if said and len(said) < len(column.values):
                return header, said
    return "", []
