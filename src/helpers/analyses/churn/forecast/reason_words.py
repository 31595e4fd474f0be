"""Features in the words of a reason: no order for 120 days, 2 tickets in 90 days, plan 月付."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.findings import formats
from helpers.findings.folding import UNKNOWN


def titled(feature: str) -> str:
    """What a feature is about, whatever its value."""
    return WORDS[feature][0] if feature in WORDS else formats.label(feature).lower()


def worded(feature: str, value: Any) -> str:
    """One value of a feature."""
    if pd.isna(value):
        return f"{titled(feature)} {UNKNOWN}"
    return WORDS[feature][1](value) if feature in WORDS else f"{titled(feature)} {formats.text(value)}"


def _counted(one: str, when: str) -> tuple[str, Callable[[float], str]]:
    """Counts of something: no ticket in 90 days, 1 ticket in 90 days, 2 tickets in 90 days."""
    return f"{one}s {when}", lambda n: f"{'no' if n == 0 else formats.number(n)} {one}{'s' * (n > 1)} {when}"


def _lasting(title: str, words: str) -> tuple[str, Callable[[float], str]]:
    return title, lambda days: f"{words} {formats.days(round(days))}"


def _spent(when: str) -> tuple[str, Callable[[float], str]]:
    return f"money spent {when}", lambda amount: f"{formats.money(amount)} spent {when}"


WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "tenure_days": _lasting("time there", "there for"),
    "recency_days": _lasting("time since the last order", "no order for"),
    "mean_gap_days": _lasting("time between orders", "an order every"),
    "order_days": _counted("order day", "so far"),
    "order_days_90d": _counted("order day", "in 90 days"),
    "amount": _spent("so far"),
    "amount_90d": _spent("in 90 days"),
    "tickets_90d": _counted("ticket", "in 90 days"),
    "complaints_90d": _counted("complaint", "in 90 days"),
    "active_days_30d": _counted("active day", "in 30 days"),
    "active_days_90d": _counted("active day", "in 90 days"),
    "last_score": ("last survey score", lambda score: f"last survey score {formats.number(score)}"),
    "price": ("price", lambda price: f"price {formats.money(price)}"),
}
