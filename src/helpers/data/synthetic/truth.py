"""What is true of the demo shop: the numbers that its tables were drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.data.days import MONTH_DAYS


@dataclass(frozen=True)
class Truth:
    """The demo's known answers: membership, experiments, and the faults planted in its files."""

    monthly_leave_rates: Mapping[str, float]  # plan → chance to leave within one month, the same in every month
    hazard_ratios: Mapping[str, float]  # channel → hazard beside the other channels; 1 where not named
    reason_shares: Mapping[str, float]  # reason → share of the leavers, at any time (proportional competing risks)
    conversions: Mapping[str, Mapping[str, float]]  # experiment → variant → chance to buy
    basket: float  # CNY that a buyer spends in the mean, in every arm: arms differ by conversion alone
    ticket_work: Mapping[str, float]  # stage or event → its chance, of the replied (followed up) or the closed tickets
    response_rates: Mapping[str, float]  # channel → share of survey invitations that are answered; "" for the others
    referred_share: float  # of the customers whose channel is a link, those whom a customer brought
    faults: Mapping[tuple[str, str], int]  # (table, fault) → rows that break the contract
    full_width: Mapping[tuple[str, str], int]  # (table, column) → values in full-width characters, harmless once folded

    def daily_hazard(self, plan: str, channel: str) -> float:
        """Constant hazard per day of a membership: −ln(1 − monthly leave rate) ÷ days of a month × hazard ratio."""
        return -np.log1p(-self.monthly_leave_rates[plan]) / MONTH_DAYS * self.hazard_ratios.get(channel, 1.0)

    def stay_share(self, plan: str, channel: str, days: float) -> float:
        """Share of memberships that last longer than `days`; exact for whole days, S(t) = exp(−hazard · t)."""
        return float(np.exp(-self.daily_hazard(plan, channel) * days))

    def conversion_effect(self, experiment: str, variant: str) -> float:
        """Chance to buy in `variant` less that in control."""
        return self.conversions[experiment][variant] - self.conversions[experiment]["control"]

    def spend_effect(self, experiment: str, variant: str) -> float:
        """Mean CNY spent per customer assigned in `variant` less that in control."""
        return self.conversion_effect(experiment, variant) * self.basket


TRUTH = Truth(
    monthly_leave_rates={"月付": 0.08, "季付": 0.04, "年付": 0.015},
    hazard_ratios={"抖音": 1.6},
    reason_shares={"价格": 0.5, "服务": 0.3, "搬迁/其他": 0.2},
    conversions={
        "spring_coupon": {"control": 0.12, "treatment": 0.16},
        "checkout_aa": {"control": 0.20, "treatment": 0.20},
        "push_copy": {"control": 0.10, "price_copy": 0.10, "story_copy": 0.14},
    },
    basket=150.0,
    ticket_work={"followed up": 0.70, "revisited": 0.65, "summarised": 0.50, "reopened": 0.08},
    response_rates={"抖音": 0.40, "": 0.55},
    referred_share=0.35,
    faults={
        ("orders", "no customer"): 20,
        ("orders", "date cannot be read"): 16,
        ("orders", "order_id repeated"): 12,
        ("orders", "negative refund"): 10,
        ("subscriptions", "ends before it starts"): 8,
        ("surveys", "score outside 0 to 100"): 9,
        ("experiments", "customer in two arms"): 12,  # six customers, two rows each
    },
    full_width={("surveys", "score"): 25, ("customers", "city"): 20},
)
