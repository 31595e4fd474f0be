"""Which header of one file plays which part: the customer, the order, times, money, and what describes customers."""

from __future__ import annotations

import re
from functools import cache

from helpers.data import contracts, headers
from helpers.data.draft.contents.columns import FLAG, NUMBER, SCALE, TIME, Column
from helpers.data.draft.contents.holdings import Holding
from helpers.data.intake import files
from helpers.data.intake.wording.naming import TAKEN

SURE = 0.9  # a word of the vocabulary as it stands
CONSTANT = 0.6
MOST_ARMS = 12
ARMS = (
    "variant",
    "arm",
    "test_group",
    "experiment_group",
    "treatment",
    "variation",
    "ab_group",
    "version",
    "组别",
    "实验组",
)
BESIDE = (
    "orders.beside",
    "orders.discount",
    "order_items.freight",
    "orders.status",
)  # what is not in the contract, or not in that of lines, and is no other column
ID_ALONE = ("id", "record_id", "no", "number", "name", "编号", "nr", "numero", "code")
PRESENCE = {NUMBER: NUMBER, TIME: TIME, contracts.INTEGER: NUMBER, SCALE: SCALE}
MOST_LEVELS = 100  # different texts of a column that may still divide customers into groups
WHOLE = "order total grand invoice paid payment gesamt summe 订单 实付 实收 总 合计 应付"
LINE = "line item row product sub lineitem 明细 商品 行 小计"
CLOSED = re.compile(
    r"clos|resolv|solved|done|complet|verified|finish|关闭|解决|完成|办结|结单|geschlossen|gelöst|cerrad|résolu|clôt",
    re.I,
)
CONTROL = re.compile(
    r"\b(control|ctrl|holdout|hold out|placebo|baseline|untreated)\b|^no\b|^kontroll|对照|空白组", re.I
)
# What stands alone plays the larger part: a product that has a name and no number is known by the name.
ALONE = {
    "order_items": {"product_name": "product_id", "family": "category"}, "products": {"product_name": "product_id"},
}  # fmt: skip
DATED = re.compile(r"date|datum|data_|fecha|_(at|on|time)$|日期|时间|時間|[日期]$|일[자시]?$|дата", re.I)  # says a day
CONTACT = re.compile("email$|phone|mobile|手机|电话|電話")  # which may name a customer where nothing else does
INVITING = r"(?i)survey|questionnaire|\bnps\b|csat|feedback|umfrage|encuesta|满意度|问卷|调研|回访"


def person(holding: Holding) -> str:
    """The header of the customer's identifier; empty where there is none.

    One that repeats wins over one made anew for each row, a bare id in a file of customers over an e-mail address.
    """
    likely = sorted(((_personhood(each), each) for each in holding.names), reverse=True)
    likely = [(score, name) for score, name in likely if score >= headers.LEAST]
    sure = [name for score, name in likely if score >= SURE and not CONTACT.search(name)]
    again = [name for name in sure if name not in holding.unique]
    if again and len(again) < len(sure):
        return again[0]
    alone = next((name for name in holding.names if name in ID_ALONE and name in holding.unique), "")
    bare = [alone] if alone and about(holding) == "customers" else []
    return next(iter([*sure, *bare, *(name for _score, name in likely)]), "")


def per_row(holding: Holding) -> str:
    """The header that names the customer anew on every row, beside one that names the person; else empty."""
    chosen = person(holding)
    others = [name for name in holding.names if _personhood(name) >= SURE and name != chosen]
    made_anew = [name for name in others if name in holding.unique]
    return made_anew[0] if chosen and chosen not in holding.unique and made_anew else ""


def order(holding: Holding) -> str:
    """The header of the order's identifier; empty where there is none."""
    hit = _of_ids(holding, "orders.order_id")
    alone = next((name for name in holding.names if name in ID_ALONE and name in holding.unique), "")
    return hit or (alone if about(holding) in ("orders", "order_items") else "")


def ticket(holding: Holding) -> str:
    """The header of the ticket's identifier; empty where there is none."""
    hit = _of_ids(holding, "tickets.ticket_id")
    alone = next((name for name in holding.names if name in ID_ALONE and name in holding.unique), "")
    return hit or (alone if about(holding) == "tickets" else "")


def lead(holding: Holding) -> str:
    """The header of the lead's identifier; empty where there is none."""
    hit = _of_ids(holding, "leads.lead_id")
    alone = next((name for name in holding.names if name in ID_ALONE and name in holding.unique), "")
    return hit or (alone if about(holding) == "leads" else "")


def about(holding: Holding) -> str:
    """The table that the name of the file or sheet speaks of; empty where it says none, or several."""
    called = files.fold(holding.sheet or holding.stem)
    hits = [table for table, known in headers.FILES.items() if headers.speaks(called, known)]
    hits = [
        table for table in hits if table != "products"
    ] or hits  # sales, or reviews, of products are no list of them
    inner = {
        ("orders", "order_items"): "order_items",
        ("surveys", "orders"): "surveys",
        ("customers", "orders"): "orders",
        ("customers", "consents"): "consents",
        ("customers", "points"): "points",
        ("order_items", "points"): "points",
    }
    return hits[0] if len(hits) == 1 else next((last for pair, last in inner.items() if set(hits) == set(pair)), "")


def mapped(holding: Holding, table: str, given: dict[str, str]) -> dict[str, str]:
    """The header of each column of a contract table, the likeliest pairs first; `given` ones are settled already.

    A header that is called a day is one where no other is, be its values such that nobody can read them: then
    that is asked, and no file of orders is taken for another.
    """
    found, contract = dict(given), contracts.TABLES[table]
    pairs = [
        (headers.likeness(header, table, column.name) * _tells(holding.column(header)), -place, column, header)
        for place, column in enumerate(contract.columns)
        for header in holding.names
        if headers.likeness(header, table, column.name) >= max(_least(column), _beside(header))
    ]
    pairs.sort(key=lambda pair: pair[:2], reverse=True)
    for fitting in (_fits, _is_called_a_day):
        for _score, _place, column, header in pairs:
            free = column.name not in found and header not in found.values() and column.type != contracts.ID
            if (free or _is_free_id(column, header, found)) and fitting(holding.column(header), column, table):
                found[column.name] = header
    for smaller, larger in ALONE.get(table, {}).items():
        if smaller in found and larger not in found:
            found[larger] = found.pop(smaller)
    order_ = [column.name for column in contract.columns]
    return dict(sorted(found.items(), key=lambda pair: order_.index(pair[0])))


def _least(column: contracts.Column) -> float:
    """How like a header must be: "product" stands in many that do not say what one is called."""
    return SURE if column.name == "product_name" else headers.LEAST


def may_be_whole(header: str) -> bool:
    """Whether a header of money may speak of all of an order, as "Order Total" does, and "Line Total" does not."""
    return headers.speaks(header, WHOLE) and not headers.speaks(header, LINE)


def is_state(header: str) -> bool:
    """Whether a header speaks of what changes while somebody is a customer."""
    return headers.speaks(header, headers.STATES)


def _beside(header: str) -> float:
    """How like a header is to what stands beside the columns of the contract: discounts, taxes, freight, a status."""
    return max(headers.likeness(header, *name.split(".")) for name in BESIDE)


def _tells(column: Column) -> float:
    """What a column that says the same on every row counts beside one that does not."""
    return 1.0 if column.distinct > 1 else CONSTANT


def fits(column: Column, type_: str) -> bool:
    """Whether the values of a column can be of a contract type, or answers on a scale."""
    if type_ == contracts.FLAG:
        return column.is_flag and column.distinct <= 3
    if type_ == contracts.TEXT:
        return column.filled > 0 and not (column.is_a(TIME) and not column.is_a(NUMBER))
    return column.filled == 0 or type_ not in PRESENCE or column.is_a(PRESENCE[type_])


def _fits(values: Column, column: contracts.Column, _table: str) -> bool:
    if column.name == "refund" and values.is_flag and values.distinct > 1:
        return False  # says that it was, and not how much
    return fits(values, SCALE if column.scale else column.type)


def _is_called_a_day(values: Column, column: contracts.Column, table: str) -> bool:
    """Whether a header says a time of the contract as it stands, above words, or numbers such as 240305."""
    words = values.filled > 0 and not values.is_a(FLAG)
    called = headers.likeness(values.name, table, column.name) >= SURE and DATED.search(values.name)
    return column.type == contracts.TIME and column.fact and words and bool(called)


def variant(holding: Holding) -> tuple[str, str]:
    """The header that says the arm of an experiment, and the arm that is the control; empty where there is none."""
    for header in sorted(holding.names, key=lambda name: -headers.likeness(name, "experiments", "variant")):
        column = holding.column(header)
        if headers.likeness(header, "experiments", "variant") < headers.LEAST or not 2 <= column.distinct <= MOST_ARMS:
            continue
        control = next((value for value in column.values if is_control(value)), "")
        if control:
            return header, control
    return "", ""


def is_control(value: str) -> bool:
    """Whether the name of an arm says that it is the control."""
    return bool(CONTROL.search(value.replace("_", " ")))


def version(holding: Holding) -> str:
    """The header that says the arm where no value is a control; empty where it might be something else."""
    hits = [name for name in holding.names if name in ARMS and 2 <= holding.column(name).distinct <= MOST_ARMS]
    return hits[0] if hits and person(holding) in holding.unique else ""


def describing(holding: Holding, taken: set[str]) -> dict[str, str]:
    """Columns that describe customers and are mapped to nothing else: header → text or number."""
    kept = {}
    for column in holding.columns:
        measured = column.is_a(NUMBER) and not column.whole
        if column.name in taken or _is_of_person(column) or column.distinct < 2:
            continue
        if column.name in holding.unique and not measured:
            continue
        if column.is_a(TIME) and not column.is_a(NUMBER):
            continue
        if column.kinds.get(NUMBER, 0) >= 1 and column.distinct > 2:  # one text among numbers makes them texts
            kept[column.name] = "number"
        elif column.distinct <= MOST_LEVELS:
            kept[column.name] = "text"
    return kept


def _is_of_person(column: Column) -> bool:
    """Whether values may name a person: a header such as customer_type, of few values that many share, does not."""
    kind = headers.likeness(column.name, "customers", "customer_id") < SURE and column.is_shared
    return column.is_personal and not (kind and not headers.speaks(column.name, headers.PERSONAL))


def own_name(header: str, table: str) -> str:
    """A header as the name of a column of `table` beyond the contract, apart from those that are taken."""
    own = {column.name for column in contracts.TABLES[table].columns}
    return f"{header}_given" if header in own or (table == "customers" and header in TAKEN) else header[:60]


@cache
def _personhood(header: str) -> float:
    """How like a header is to a customer's identifier; 0 where it is liker to something else."""
    score = headers.likeness(header, "customers", "customer_id")
    others = [name for name in headers.MEANINGS if not name.endswith(".customer_id")]
    rival = max(headers.likeness(header, *name.split(".")) for name in others)
    return score if score > rival or score >= SURE else 0.0


def _of_ids(holding: Holding, meaning: str) -> str:
    """The likeliest header of an identifier among those that are not liker to the customer, a time or money."""
    hits = [(headers.likeness(name, *meaning.split(".")), name) for name in holding.names]
    hits = [
        (score, name)
        for score, name in hits
        if score >= headers.LEAST and score > _personhood(name) and _is_identifier(holding.column(name), score)
    ]
    return max(hits, key=lambda hit: hit[0], default=(0.0, ""))[1]


def _is_identifier(column: Column, score: float) -> bool:
    """Whether values may be identifiers; a header that only holds the word needs one such as id or no."""
    if (column.is_a(TIME) and not column.is_a(NUMBER)) or (column.is_a(NUMBER) and not column.whole):
        return False
    return score >= SURE or bool(re.search(r"(^|_)(id|no|nr|num|number|code|key|uuid)($|_)|编号|号$", column.name))


def _is_free_id(column: contracts.Column, header: str, found: dict[str, str]) -> bool:
    """Identifiers other than the customer's, the order's and the ticket's, which are settled before."""
    settled = ("customer_id", "order_id", "ticket_id")
    return column.type == contracts.ID and column.name not in (*settled, *found) and header not in found.values()
