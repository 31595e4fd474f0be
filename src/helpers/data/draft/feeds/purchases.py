"""Orders and their lines among what a folder holds: whose amount is whose, and what was taken back."""

from __future__ import annotations

from helpers.data import headers
from helpers.data.draft.contents import roles, statuses
from helpers.data.draft.contents.columns import NUMBER
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds import lines
from helpers.data.draft.feeds.cancellations import without_cancelled
from helpers.data.draft.feeds.guesses import Guess, Sql, name, texts
from helpers.language import _

FEWEST = 5  # rows that must speak for it before an amount is taken for that of a whole order
CENT = 0.01  # of an amount: by how much the sum of lines may differ from it
PARTS = (
    ("year", "年", "年份", "jahr", "año", "ano"),
    ("month", "月", "月份", "monat", "mes"),
    ("day", "日", "tag", "dia"),
)
SEVERAL = 1.05  # rows a key before it is no key of rows


def of_lines(holding: Holding) -> Guess | None:
    """Lines of orders: several rows an order, with a product or a quantity."""
    key, who = roles.order(holding), roles.person(holding)
    given = ({"order_id": key} if key else {}) | ({"customer_id": who} if who else {})
    found = _dated(holding, roles.mapped(holding, "order_items", given))
    goods = {"product_id", "quantity"} & found.keys()
    several = bool(key) and (holding.repeats(key) >= SEVERAL or roles.about(holding) == "order_items")
    several = several or bool(key) and "amount" not in found and {"quantity", "unit_price"} <= found.keys()
    if (
        not key
        and who
        and "ordered_at" in found
        and "product_id" in found
        and {"quantity", "amount", "unit_price"} & found.keys()
    ):
        guess = Guess(
            "order_items",
            holding,
            {"order_id": Sql(f"concat({name(who)}, ' ', {_written(found['ordered_at'])})"), **found},
        )
        guess.notes.append(_("no header names the order: what a customer bought at one time is one order"))
        return _priced(guess)
    if not several or not goods or _is_whole_orders(holding, key):
        return None
    guess = Guess("order_items", holding, dict(found))
    guess.notes.append(
        _("{rows:.1f} rows for each {header!r}: these are lines of orders").format(
            rows=holding.repeats(key), header=key
        )
    )
    return _given_back(without_cancelled(_priced(guess)))


def _is_whole_orders(holding: Holding, key: str) -> bool:
    """Whether the amount on the rows of an order is that of all of it: its header may say so, and no order has two."""
    amount = roles.mapped(holding, "orders", {"order_id": key}).get("amount", "") if key else ""
    if not amount or not roles.may_be_whole(amount) or holding.column(amount).distinct <= FEWEST:
        return False
    known = holding.column(key)
    again = known.filled - known.distinct
    return again > 0 and holding.determines(key, amount) >= 1 and (again >= FEWEST or _adds_up(holding, key, amount))


def _adds_up(holding: Holding, key: str, amount: str) -> bool:
    """Whether the lines of each order that has several come to the amount that stands on all of them."""
    lines = roles.mapped(holding, "order_items", {"order_id": key})
    if not {"quantity", "unit_price"} <= lines.keys() or amount == lines["unit_price"]:
        return False
    rows = holding.table
    price, units, whole = (rows[each].try_cast("float64") for each in (lines["unit_price"], lines["quantity"], amount))
    orders = rows.group_by(key).agg(n=rows.count(), sum=(price * units).sum(), whole=whole.max())
    several = orders.filter(orders.n > 1)
    return bool(((several["sum"] - several.whole).abs() < CENT * several.whole).fill_null(False).all().execute())


def _dated(holding: Holding, found: dict[str, str]) -> dict[str, str | Sql]:
    """The columns with a day of the order: when it was paid, where nothing else says one, or year, month and day."""
    if "ordered_at" in found:
        return dict(found)
    if "paid_at" in found:
        return {("ordered_at" if column == "paid_at" else column): header for column, header in found.items()}
    parts = [next((each for each in words if each in holding.names), "") for words in PARTS]
    if not all(parts) or not all(holding.column(part).is_a(NUMBER) for part in parts):
        return dict(found)
    day = ", '-', ".join(map(name, parts))
    return {**found, "ordered_at": Sql(f"concat({day})")}


def _written(origin: str | Sql) -> str:
    return origin.text if isinstance(origin, Sql) else name(origin)


def lines_of_whole_orders(facts: Guess) -> Guess | None:
    """The lines of orders whose amount stands on each of them."""
    holding, key = facts.holding, facts.columns.get("order_id")
    if facts.table != "orders" or not isinstance(key, str) or not _is_whole_orders(holding, key):
        return None
    found = roles.mapped(holding, "order_items", {"order_id": key})
    own = {column: header for column, header in found.items() if column == "order_id" or header not in facts.used}
    return Guess("order_items", holding, dict(own)) if {"product_id", "quantity"} & own.keys() else None


def _priced(guess: Guess) -> Guess:
    """Lines whose money is known: where there is a price alone each line is one unit, and freight is paid too."""
    holding, price = guess.holding, guess.columns.get("unit_price")
    if "amount" in guess.columns or not isinstance(price, str):
        return guess
    if lines.is_of_all_units(guess, price):
        del guess.columns["unit_price"]
        guess.columns["amount"] = price
        guess.notes.append(_("{header!r} grows with the quantity: it is the money of the line").format(header=price))
        return guess
    if "quantity" not in guess.columns:
        guess.columns["quantity"] = Sql("1")
        guess.notes.append(_("no header says how many: each line is one unit"))
    freight = headers.best(holding.names, "order_items", "freight")
    if freight and holding.column(freight).is_a(NUMBER):
        units = "" if guess.columns["quantity"] == Sql("1") else f" * number({name(str(guess.columns['quantity']))})"
        guess.columns["amount"] = Sql(f"number({name(price)}){units} + number({name(freight)})")
        guess.notes.append(_("{header!r} is money that customers pay, so it is in the amount").format(header=freight))
    return guess


def of_orders(holding: Holding) -> Guess | None:
    key, who = roles.order(holding), roles.person(holding)
    given = ({"order_id": key} if key else {}) | ({"customer_id": who} if who else {})
    found = _dated(holding, roles.mapped(holding, "orders", given))
    if "ordered_at" not in found or not (key or ("amount" in found and who)):
        return None
    if key and holding.repeats(key) >= SEVERAL and "amount" not in found:
        return None
    guess = Guess("orders", holding, dict(found))
    if not key:
        guess.columns = {"order_id": Sql("file_row"), **found}
        guess.notes.append(_("no header names the order: every row is taken for one order"))
    elif _is_whole_orders(holding, key):
        guess.notes.append(
            _("{header!r} is the same on all rows of each order: it is the whole order's, and counted once").format(
                header=found["amount"]
            )
        )
    elif holding.repeats(key) >= SEVERAL:
        guess.notes.append(
            _("{rows:.1f} rows for each {header!r}: lines whose amounts add up, or else one order").format(
                rows=holding.repeats(key), header=key
            )
        )
    return _given_back(_discounted(_refunded(without_cancelled(guess))))


def _given_back(guess: Guess) -> Guess:
    """Rows that a kind of document tells from sales are money given back: below zero, if they are not so already."""
    header, said = statuses.giving_back(guess.holding)
    amount = guess.columns.get("amount")
    if header and isinstance(amount, str):
        money = f"number({name(amount)})"
        guess.columns["amount"] = Sql(
            f"CASE WHEN {name(header)} IN ({texts(said)}) THEN -abs({money}) ELSE {money} END"
        )
        guess.notes.append(
            _("{header!r}: {values} are money given back, taken off").format(header=header, values=", ".join(said))
        )
    return guess


def _discounted(guess: Guess) -> Guess:
    """Where what is taken off is never more than 1 it is a share, and no money."""
    off = guess.columns.get("discount")
    if isinstance(off, str):
        most = guess.holding.table[off].re_extract(r"[0-9]+(?:\.[0-9]+)?", 0).nullif("").try_cast("float64").max()
        if (most.execute() or 0) <= 1:
            del guess.columns["discount"]
            guess.notes.append(_("{header!r} is a share, and no money").format(header=off))
    return guess


def _refunded(guess: Guess) -> Guess:
    """Where more was given back than the amount says, the amount is what was left: both are added up."""
    amount, refund = guess.columns.get("amount"), guess.columns.get("refund")
    if not isinstance(amount, str) or not isinstance(refund, str):
        return guess
    table = guess.holding.table
    paid, back = table[amount].try_cast("float64"), table[refund].try_cast("float64")
    more = int((back > paid).sum().execute() or 0)
    if more:
        guess.columns["amount"] = Sql(f"number({name(amount)}) + number({name(refund)})")
        guess.notes.append(
            _("{refund!r} is more than {amount!r} on {rows:,} rows, so {amount!r} is what was left after it").format(
                refund=refund, amount=amount, rows=more
            )
        )
    return guess
