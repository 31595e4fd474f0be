"""Features in the words of a reason: no order for 120 days, 2 tickets in 90 days, plan 月付."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.findings import formats
from helpers.findings.facts import Fact
from helpers.findings.folding import UNKNOWN
from helpers.language import _, later


def titled(feature: str) -> str:
    """What a feature is about, whatever its value."""
    return _(WORDS[feature][0]) if feature in WORDS else formats.label(feature).lower()


class Feature(Fact):
    """A feature by its name, said as what it is about."""

    def __str__(self) -> str:
        """What the feature is about, in the language that is spoken."""
        return titled(self.value)


def worded(feature: str, value: Any) -> str:
    """One value of a feature."""
    if pd.isna(value):
        return f"{titled(feature)} {UNKNOWN}"
    return WORDS[feature][1](value) if feature in WORDS else f"{titled(feature)} {formats.text(value)}"


def _counted(title: str, one: str, when: str) -> tuple[str, Callable[[float], str]]:
    """Counts of something: no ticket in 90 days, 1 ticket in 90 days, 2 tickets in 90 days."""
    return title, lambda n: f"{'no' if n == 0 else formats.number(n)} {one}{'s' * (n > 1)} {when}"


def _lasting(title: str, words: str) -> tuple[str, Callable[[float], str]]:
    return title, lambda days: f"{words} {formats.days(round(days))}"


def _spent(title: str, when: str) -> tuple[str, Callable[[float], str]]:
    return title, lambda amount: f"{formats.money(amount)} spent {when}"


WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "tenure_days": _lasting(later("time there"), "there for"),
    "recency_days": _lasting(later("time since the last order"), "no order for"),
    "mean_gap_days": _lasting(later("time between orders"), "an order every"),
    "order_days": _counted(later("order days so far"), "order day", "so far"),
    "order_days_90d": _counted(later("order days in 90 days"), "order day", "in 90 days"),
    "amount": _spent(later("money spent so far"), "so far"),
    "amount_90d": _spent(later("money spent in 90 days"), "in 90 days"),
    "tickets_90d": _counted(later("tickets in 90 days"), "ticket", "in 90 days"),
    "complaints_90d": _counted(later("complaints in 90 days"), "complaint", "in 90 days"),
    "active_days_30d": _counted(later("active days in 30 days"), "active day", "in 30 days"),
    "active_days_90d": _counted(later("active days in 90 days"), "active day", "in 90 days"),
    "last_score": (later("last survey score"), lambda score: f"last survey score {formats.number(score)}"),
    "price": (later("price"), lambda price: f"price {formats.money(price)}"),
}
