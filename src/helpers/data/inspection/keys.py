"""Rows that lead to nobody, or to one who stands for many, and orders that lack what makes them one."""

from __future__ import annotations

from helpers.data.datasets import Dataset
from helpers.data.intake.readings import guests, ids
from helpers.data.intake.readings.guests import Crowd
from helpers.data.intake.readings.ids import NearMiss
from helpers.language import _

BUSY = ("orders", "events", "tickets", "surveys")  # tables in which a customer has as many rows as they like


def nameless(data: Dataset) -> int:
    """Orders that name no customer."""
    orders = data.tables.get("orders")
    return 0 if orders is None else int(orders.filter(orders.customer_id.isnull()).count().execute())


def moneyless(data: Dataset) -> int:
    """Orders of which no money is known."""
    orders = data.tables.get("orders")
    return 0 if orders is None else int(orders.filter(orders.amount.isnull()).count().execute())


def parted(data: Dataset) -> tuple[str, list[NearMiss]]:
    """The table in which most customers are told from another by an accident of spelling alone, and how many are."""
    named = [name for name in ("customers", *BUSY) if name in data.tables]
    found = [(name, ids.parted(data.tables[name], "customer_id")) for name in named]
    return max(found, key=lambda each: sum(near.ids for near in each[1]), default=("", []))


def crowds(data: Dataset) -> dict[str, list[Crowd]]:
    """By table, the customers who seem to stand for many."""
    found = {name: guests.crowds(data.tables[name].customer_id) for name in BUSY if name in data.tables}
    return {name: each for name, each in found.items() if each}


def crowded(table: str, crowd: Crowd) -> str:
    """What a reader should look at of a customer who seems to stand for many; one spelled as others are has no name."""
    if not crowd.nobody:
        words = _(
            "{table}: one customer has {rows:,} of {of:,} rows, and nobody else more than {following:,}. Is it one? If "
            "not, write it into guests, in dataset.toml"
        )
        return words.format(table=table, rows=crowd.rows, of=crowd.of, following=crowd.following)
    words = _(
        "{table}: the customer {customer!r} has {rows:,} of {of:,} rows, and nobody else more than {following:,}: not "
        'a customer, it seems. Write guests = ["{customer}"] at the top of dataset.toml'
    )
    return words.format(table=table, customer=crowd.customer, rows=crowd.rows, of=crowd.of, following=crowd.following)
