"""Files that are not as the contract has it: logs of what befell a ticket, and who had left by the export."""

from __future__ import annotations

from helpers.data import headers
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import NUMBER
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds import leavers
from helpers.data.draft.feeds.guesses import Guess, Sql, name, texts
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


def contracts(holding: Holding, who: str) -> Guess | None:
    """Contracts of a file that says who had left by the day of the export, and how long each had been there."""
    churn, values = leavers.churn(holding)
    tenure, unit = leavers.tenure(holding)
    if not churn or not tenure:
        return None
    found = {column: headers.best(holding.names, "subscriptions", column) for column in ("plan", "price", "reason")}
    if found["price"] and not holding.column(found["price"]).is_a(NUMBER):
        found["price"] = ""
    columns = {"customer_id": who} | {column: header for column, header in found.items() if header}
    guess = Guess("subscriptions", holding, dict(columns))
    guess.drawn = {"tenure": tenure, "unit": unit, "left": churn} | ({"values": values} if values else {})
    if values:
        others = [value for value in holding.column(churn).values if value not in values]
        guess.notes.append(
            _("{header!r}: {values} have left; not so {others}").format(
                header=churn, values=", ".join(values), others=", ".join(others)
            )
        )
    guess.notes += [
        _("{header!r} says who had left by the day of the export, and no file says when").format(header=churn),
        _("{header!r} is taken for {unit}: correct the unit if it is another").format(header=tenure, unit=unit),
        _("whoever left before the file was drawn may be missing in it"),
    ]
    return guess
