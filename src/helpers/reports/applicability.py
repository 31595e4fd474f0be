"""Which notebooks have something to say of a data set, and which tables would make them say more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.data import contracts


@dataclass(frozen=True)
class Need:
    """The tables of which a notebook needs one, and those with which it says more."""

    one_of: tuple[str, ...]
    better_with: tuple[str, ...] = ()
    named: bool = True  # whether rows without a customer are of no use


# What the analyses of each word ask for before they say that they are not applicable.
NEEDS: dict[str, Need] = {
    "profiling": Need(tuple(contracts.TABLES), named=False),
    "segmentation": Need(("orders",), ("customers", "order_items")),
    "churn": Need(("subscriptions", "orders"), ("subscriptions", "customers")),
    "experiments": Need(("experiments", "experiment_totals"), ("orders",), named=False),
    "value": Need(("orders", "subscriptions"), ("subscriptions", "customers", "spending")),
    "feedback": Need(("surveys", "tickets"), ("surveys", "tickets", "touches")),
    "journey": Need(("events", "touches", "orders"), ("events", "touches", "tickets")),
    "offers": Need(("order_items",), named=False),
    "plan": Need(("orders", "subscriptions"), ("consents", "touches", "action_results")),
}


@dataclass(frozen=True)
class Applicability:
    """Whether a notebook applies, and the tables it lacks: those it needs one of, or those that would add to it."""

    word: str
    applies: bool
    lacks: tuple[str, ...]


def applicability(words: Iterable[str], tables: Iterable[str], customers: int) -> list[Applicability]:
    """Of each notebook whether it applies to a data set with these tables and so many customers."""
    present = set(tables)
    found = []
    for word in words:
        need = NEEDS.get(word, Need((), named=False))
        applies = (not need.one_of or bool(present & set(need.one_of))) and (customers > 0 or not need.named)
        wanted = need.better_with if applies else need.one_of
        found.append(Applicability(word, applies, tuple(name for name in wanted if name not in present)))
    return found
