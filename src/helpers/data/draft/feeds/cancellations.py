"""Rows of orders that are none: by what their statuses say, by flags, by the day on which they were undone."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.data import headers
from helpers.data.draft.contents import statuses
from helpers.data.draft.contents.columns import FEW, TIME, Column
from helpers.data.draft.feeds.guesses import Guess, Question, Rule, Sql, name, texts
from helpers.language import _

ALIKE = 0.9  # of the rows say the same in two columns
MOST_UNDONE = 0.5  # of the orders, at most, have a day on which they were undone
# Flags, folded, that say of an order that it is none.
UNDONE = frozenset(
    "is_cancelled cancelled canceled is_canceled void voided is_void is_voided deleted is_deleted is_test test "
    "test_order is_test_order is_refunded refunded returned is_returned returned_flag fraud is_fraud 是否取消 "
    "已取消 是否退货 退货 退回 是否退款 已退款 是否作废 作废 是否删除 是否测试 测试订单 storniert annule annulee "
    "anulado cancelado cancelada devuelto annullato キャンセル 취소여부".split()
)
PAID = frozenset(
    "is_paid paid 是否付款 是否支付 是否已付款 是否已支付 已付款 已支付 bezahlt pagado paye payee pago".split()
)
VALID = frozenset("is_won won is_valid valid 是否有效 有效 gueltig gültig".split())
LETTERS = (("s", "n"), ("o", "n"), ("v", "f"))  # sí, oui, vero; and no, falso
INVOICED = "invoice invoices rechnung factura facture fattura fatura 发票 请求書 請求書"  # stand, paid or not
CANCELLED_ON = frozenset(
    "cancelled_at canceled_at cancelled_on canceled_on cancelled_date canceled_date cancel_date cancel_time "
    "cancellation_date date_cancelled date_canceled voided_at void_date deleted_at 取消时间 取消日期 订单取消时间 "
    "作废时间 作废日期 删除时间 关闭时间 交易关闭时间 stornodatum storniert_am date_annulation fecha_cancelacion "
    "fecha_anulacion data_cancelamento".split()
)
GIVEN_BACK_ON = frozenset(
    "refunded_at refunded_on refund_date refund_time date_refunded returned_at returned_on returned_date 退款时间 "
    "退款日期 退款成功时间 退款完成时间 退货时间 退货日期 erstattet_am fecha_reembolso fecha_devolucion "
    "date_remboursement".split()
)


def without_cancelled(guess: Guess) -> Guess:
    """Orders of which those that are none are marked as cancelled, and deals that were not won set aside."""
    signs = [*_by_status(guess), *_by_flag(guess), *_by_mark(guess), *_by_day(guess)]
    if signs:
        guess.columns["cancelled"] = Sql(" OR ".join(signs))
        return guess
    return _lettered(guess)


def _by_status(guess: Guess) -> Iterator[str]:
    """Conditions on statuses; of a deal's stage those that were won are kept, codes and strange words asked about."""
    for column in statuses.of_orders(guess.holding, guess.used):
        if won := statuses.won(column):
            told = _("{header!r}: {values} alone are sales").format(header=column.name, values=", ".join(won))
            guess.notes.append(told)
            guess.rules.append(Rule(f"{column.name} is not won", f"{name(column.name)} IN ({texts(won)})"))
            continue
        if "refund" in guess.columns and headers.speaks(column.name, statuses.ASKED_BACK):
            continue
        said = statuses.cancelling(column)
        others = [value for value in column.values if value not in said]
        if said and others:
            guess.notes.append(_("{header!r} also has {values}").format(header=column.name, values=", ".join(others)))
        if said:
            yield f"{name(column.name)} IN ({texts(said)})"
        elif statuses.is_coded(column) or statuses.is_strange(column):
            guess.asked.append(_asked(column))


def _asked(column: Column) -> Question:
    """What is asked of a status in numbers, in letters or in words that nobody knows, and how it is answered."""
    told = _("{header!r} is {values}, and nothing says which of these are cancelled. Name them, if any:")
    setting = f"cancelled = {{ sql = '''{name(column.name)} IN ({texts(column.values[-1:])})''' }}"
    return Question("cancelled", told.format(header=column.name, values=", ".join(sorted(column.values))), (setting,))


def _by_flag(guess: Guess) -> Iterator[str]:
    """Conditions on flags that say of an order that it is none, or is one."""
    mapped = guess.columns.get("cancelled")
    invoiced = any(headers.speaks(each, INVOICED) for each in guess.holding.names)
    for column in guess.holding.columns:
        if column.is_flag and 1 < column.distinct <= 3:
            if column.name == mapped or column.name in UNDONE:
                yield f"flag({name(column.name)})"
            elif column.name in VALID or (column.name in PAID and not invoiced):
                guess.notes.append(_("{header!r}: no is no order").format(header=column.name))
                yield f"NOT flag({name(column.name)})"


def _by_mark(guess: Guess) -> Iterator[str]:
    """Conditions on columns that are called flags of orders that are none, and hold other words than yes and no.

    An x, or any one text on some of the rows, says yes; so do cancelled beside active, and S beside N.
    """
    statuses_read = {column.name for column in statuses.of_orders(guess.holding, guess.used)}
    for column in guess.holding.columns:
        if column.name not in UNDONE - statuses_read or column.is_a(TIME) or not 0 < column.distinct <= FEW:
            continue
        if column.is_flag and column.distinct > 1:
            continue
        said = _marks(column, guess.holding.rows)
        if said:
            told = _("{header!r}: {values} says cancelled").format(header=column.name, values=", ".join(said))
            guess.notes.append(told)
            yield f"{name(column.name)} IN ({texts(said)})"
        elif column.distinct > 1:
            guess.asked.append(_asked(column))


def _marks(column: Column, rows: int) -> list[str]:
    """The values of a flag in words that say yes; empty where nothing tells them."""
    if said := [value for value in statuses.cancelling(column) if len(column.values) > 1]:
        return said if len(said) < len(column.values) else []
    if len(column.values) == 1 and not column.is_flag:
        return list(column.values) if column.filled <= MOST_UNDONE * rows else []
    letters = {value.strip().casefold(): value for value in column.values}
    return [letters[yes] for yes, no in LETTERS if letters.keys() == {yes, no}]


def _by_day(guess: Guess) -> Iterator[str]:
    """Conditions on days on which orders were undone: filled for some of them."""
    for column in guess.holding.columns:
        back = column.name in GIVEN_BACK_ON and "refund" not in guess.columns
        named = back or column.name in CANCELLED_ON | UNDONE
        if named and column.is_a(TIME) and not column.is_flag and column.name not in guess.used:
            rows = guess.holding.table
            filled = int(rows[column.name].re_search("[1-9]").sum().execute() or 0)
            if 0 < filled <= MOST_UNDONE * guess.holding.rows:
                guess.notes.append(
                    _("{header!r} has a day on {rows:,} rows: they are cancelled").format(
                        header=column.name, rows=filled
                    )
                )
                yield f"time({name(column.name)}) IS NOT NULL"


def _lettered(guess: Guess) -> Guess:
    """Cancellations by a letter before the numbers of lines taken back."""
    holding = guess.holding
    key, quantity = guess.columns.get("order_id"), guess.columns.get("quantity")
    if "cancelled" in guess.columns or not isinstance(key, str) or not isinstance(quantity, str):
        return guess
    rows = holding.table.select(first=holding.table[key].left(1), units=holding.table[quantity].try_cast("float64"))
    lettered = rows.filter(rows["first"].re_search("^[A-Za-z]"))
    counts = lettered.group_by("first").agg(back=(lettered.units < 0).sum(), n=lettered.count()).execute()
    taken_back = counts[(counts["back"] >= ALIKE * counts["n"]) & (counts["n"] < holding.rows / 2)]
    if len(taken_back):
        first = str(taken_back["first"].iloc[0])
        guess.columns["cancelled"] = Sql(f"{name(key)} LIKE '{first}%'")
        guess.notes.append(
            _(
                "{rows:,} rows whose {header!r} begins with {letter} have negative {quantity!r}: they are cancellations"
            ).format(rows=int(taken_back["n"].iloc[0]), header=key, letter=first, quantity=quantity)
        )
    return guess
