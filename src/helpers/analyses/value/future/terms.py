"""How the future is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers import parameters
from helpers.analyses.value.future.purchases import Histories
from helpers.data.days import MONTH_DAYS
from helpers.findings import Sentence, facts, say
from helpers.statistics.purchases import PurchaseModel, discounted_value


@dataclass(frozen=True)
class Terms:
    """How the future is counted: months ahead, interest a year, and the part of the revenue that is earned."""

    horizon_months: int = 12
    discount_rate: float = 0.10  # a year
    margin: float | None = None  # none: value is revenue, and payback goes by `[plan]`

    def __post_init__(self) -> None:
        parameters.between("horizon_months", self.horizon_months, 1, 60)
        parameters.between("discount_rate", self.discount_rate, 0, 1)
        if self.margin is not None:
            parameters.between("margin", self.margin, 0.001, 1)

    @property
    def part(self) -> float:
        """The part of the revenue that values count."""
        return 1.0 if self.margin is None else self.margin

    def value(self, model: PurchaseModel, spend: np.ndarray, known: Histories) -> np.ndarray:
        """Discounted money that each customer brings, by `model` and the mean `spend` of an order."""
        monthly = (1 + self.discount_rate) ** (1 / 12) - 1
        return discounted_value(
            model,
            spend,
            *known.columns,
            periods=self.horizon_months,
            period_length=MONTH_DAYS,
            discount_rate=monthly,
            margin=self.part,
        )

    def told(self) -> Sentence:
        """What of the money to come is counted."""
        return say(
            "{margin} of the revenue counts, discounted by {rate} a year; customers still to come are not in it.",
            margin=facts.Share(self.part),
            rate=facts.Share(self.discount_rate),
        )
