"""Files of a customer programme: goods, leads, consents, points, what was spent, planned, and what became of it."""

from __future__ import annotations

import re

from helpers.data import contracts, headers
from helpers.data.draft.contents import roles
from helpers.data.draft.contents.columns import seen
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Sql
from helpers.data.intake.readings import choices
from helpers.language import _

Origin = str | Sql

SPENT = "spend spent ad ads advertising marketing 花费 投放 推广 广告 营销 消耗"
LUNAR = re.compile(r"lunar|农历|阴历|旧历")


def of_goods(holding: Holding) -> Guess | None:
    """A list of products: one row each, and nobody who buys."""
    found = roles.mapped(holding, "products", {})
    key = found.get("product_id", "")
    if roles.person(holding) or roles.order(holding) or key not in holding.unique:
        return None
    if headers.likeness(key, "products", "product_id") < roles.SURE:  # a part of a word, as in product_category_name
        return None
    return Guess("products", holding, dict(found)) if len(found) > 1 else None


def of_consents(holding: Holding) -> Guess | None:
    """Answers to the question whether a channel may be used."""
    return _named(holding, "consents", ("channel", "asked_at", "given"))


def of_points(holding: Holding) -> Guess | None:
    """Movements of points."""
    return _named(holding, "points", ("moved_at", "points")) if roles.about(holding) == "points" else None


def of_spending(holding: Holding) -> Guess | None:
    """What was spent on channels by month or day: sums, which name neither a customer nor an order.

    Costs may be of goods: a file or header speaks of spending, or there is nothing beside channel, time and cost.
    """
    if roles.person(holding) or roles.order(holding):
        return None
    found = roles.mapped(holding, "spending", {})
    if not {"channel", "month", "cost"} <= found.keys():
        return None
    told = roles.about(holding) == "spending" or headers.speaks(found["cost"], SPENT)
    return Guess("spending", holding, dict(found)) if told or set(holding.names) <= set(found.values()) else None


def of_leads(holding: Holding) -> Guess | None:
    """Leads, one a row, of which some became customers; who wrote them, or how they are reached, is no customer yet."""
    key, who = roles.lead(holding), roles.person(holding)
    if not key or key not in holding.unique or roles.order(holding):
        return None
    settled = {"lead_id": key} | ({"customer_id": who} if who and who != key and not roles.CONTACT.search(who) else {})
    found = roles.mapped(holding, "leads", settled)
    told = {"source", "converted_at", "customer_id"} & found.keys()
    return Guess("leads", holding, dict(found)) if "created_at" in found and told else None


def of_plans(holding: Holding) -> Guess | None:
    """What was planned for whom, and who was held back."""
    return _named(holding, "planned_actions", ("action_key", "action", "arm", "planned_at"))


def of_results(holding: Holding) -> Guess | None:
    """What became of planned actions."""
    return _named(holding, "action_results", ("action_key", "planned_at", "status"))


def of_birth(guess: Guess) -> Guess:
    """Customers whose day of birth is said by its header to be of the Chinese calendar."""
    born = guess.columns.get("born_on")
    if isinstance(born, str) and LUNAR.search(born) and "lunar_birthday" not in guess.columns:
        guess.columns["lunar_birthday"] = Sql("TRUE")
    return guess


def _named(holding: Holding, table: str, needed: tuple[str, ...]) -> Guess | None:
    """The guess of a table whose rows name a customer, where all columns `needed` are there."""
    who = roles.person(holding)
    found = roles.mapped(holding, table, {"customer_id": who}) if who else {}
    if not set(needed) <= found.keys():
        return None
    guess = Guess(table, holding, dict(found))
    for column in contracts.TABLES[table].columns:
        if column.choices and column.name in found:
            _ask_of_words(guess, column)
    return guess


def _ask_of_words(guess: Guess, column: contracts.Column) -> None:
    """Asks of the values that stand for none of the contract's words, as which the others are read."""
    header = str(guess.columns[column.name])
    values = guess.holding.column(header).values
    left = [value for value in values if choices.word(value, column.name, column.choices) is None]
    if left:
        told = _("{header!r} should say one of {words}; it also has {values}")
        others = ", ".join(map(seen, left))
        guess.notes.append(told.format(header=header, words=", ".join(column.choices), values=others))
