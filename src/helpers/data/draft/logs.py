"""Files that are not as the contract has it: logs of what befell a ticket, and who had left by the export."""

from __future__ import annotations

from helpers.data import headers
from helpers.data.draft import roles
from helpers.data.draft.guesses import Guess, Sql, name, texts
from helpers.data.draft.holdings import NUMBER, Holding
from helpers.language import _


def of_tickets(guess: Guess, key: str) -> Guess | None:
    """One row a ticket out of a log with several: opened at its first time, closed where its last step closes it."""
    holding, time = guess.holding, guess.columns.get("opened_at")
    step = headers.best(holding.names, "events", "event")
    if not isinstance(time, str) or not step:
        return None
    each = f"OVER (PARTITION BY {name(key)})"
    steps = holding.column(step).values
    closing = [value for value in steps if roles.CLOSED.search(value)]
    guess.merge = True
    for column in ("handled_at", "closed_at", "first_reply_at", "reopened", "replies"):
        guess.columns.pop(column, None)
    guess.columns = {column: header for column, header in guess.columns.items() if header != step}
    guess.columns["updated_at"] = time
    guess.columns["opened_at"] = Sql(f"min({name(time)}) {each}")
    if closing:
        last = f"arg_max({name(step)}, {name(time)}) {each} IN ({texts(closing)})"
        first = f"min(CASE WHEN {name(step)} IN ({texts(closing)}) THEN {name(time)} END) {each}"
        guess.columns["closed_at"] = Sql(f"CASE WHEN {last} THEN {first} END")
    guess.notes.append(
        _("{rows:.1f} rows for each {header!r}: a log of steps, from which one row a ticket is made").format(
            rows=holding.repeats(key), header=key
        )
    )
    guess.notes.append(
        _("closed by {closing}; the other steps are {others}").format(
            closing=", ".join(closing) or "–", others=", ".join(value for value in steps if value not in closing)
        )
    )
    return guess


def snapshot_churn(holding: Holding, who: str, tenure: str, churn: str) -> list[str]:
    """What is said of a file that tells who had left by the day of the export, as lines of comments."""
    lines = [_("{header!r} says who had left by the day of the export, and no file says when").format(header=churn)]
    if not tenure:
        return lines
    left = next(
        (value for value in holding.column(churn).values if value.casefold() in ("yes", "1", "true", "是", "y")), "1"
    )
    start = f"DATE '{{day}}' - INTERVAL 1 MONTH * TRY_CAST({name(tenure)} AS INTEGER)"
    price = headers.best(holding.names, "subscriptions", "price")
    plan = headers.best(holding.names, "subscriptions", "plan")
    more = [f'plan = "{plan}"'] if plan else []
    more += [f'price = "{price}"'] if price and holding.column(price).is_a(NUMBER) else []
    return [
        *lines,
        _(
            "if {tenure!r} is in months, these lines make contracts that end on observed_on (set contractual = true):"
        ).format(tenure=tenure),
        "[tables.subscriptions]",
        "FILE",
        "[tables.subscriptions.columns]",
        f'customer_id = "{who}"',
        f"started_at = {{ sql = '''{start}''' }}",
        f"ended_at = {{ sql = '''CASE WHEN {name(churn)} = '{left}' THEN DATE '{{day}}' END''' }}",
        *more,
    ]
