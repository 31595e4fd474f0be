"""Files of money given back: a row a refund, beside the file of the orders."""

from __future__ import annotations

import re

from helpers.data import headers
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import NUMBER, TIME
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Sql, name
from helpers.data.intake import files
from helpers.language import _

REFUNDS = re.compile(
    r"(^|_)(refund(s|ed)?|returns?|rma|credit_?(notes?|memos?)|chargebacks?|retouren?|gutschriften?|erstattungen"
    r"|devoluciones|reembolsos|remboursements|avoirs|retours|resi|rimborsi)(_|$)|возврат|退款|退[货貨]|退单|售后|返品|返金|환불|반품|贷项"
)

NAMES = re.compile(r"_(id|no|nr|number|code)$|编号|号$")


def of_refunds(holding: Holding) -> Guess | None:
    """The guess of a file that is called after refunds, and has the order, the day and the money of each.

    Each row is an order below zero, which is money given back to its customer on its day.
    """
    called = files.fold(holding.sheet or holding.stem)
    if not REFUNDS.search(called) or not roles.order(holding):
        return None
    numbers = [each for each in _of_kind(holding, NUMBER) if not NAMES.search(each)]
    money = headers.best(numbers, "orders", "refund") or headers.best(numbers, "orders", "amount")
    days = _of_kind(holding, TIME)
    day = next((each for each in days if REFUNDS.search(each)), "") or headers.best(days, "orders", "ordered_at")
    day = day or (days[0] if len(days) == 1 else "")
    if not money or not day:
        return None
    who = roles.person(holding)
    guess = Guess(
        "orders",
        holding,
        {
            "order_id": Sql(f"concat('{called} ', file_row)"),
            **({"customer_id": who} if who else {}),
            "ordered_at": day,
            "amount": Sql(f"-abs(number({name(money)}))"),
        },
        back=True,
    )
    guess.notes.append(_("each row is money given back, taken off as an order below zero on its day"))
    return guess


def _of_kind(holding: Holding, kind: str) -> list[str]:
    """The headers of numbers or of times."""
    other = {NUMBER: TIME, TIME: NUMBER}[kind]
    return [each.name for each in holding.columns if each.is_a(kind) and not (each.is_a(other) and each.whole)]
