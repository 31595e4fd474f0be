"""What is true of the demo shop: the numbers that its tables were drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.data.days import MONTH_DAYS


@dataclass(frozen=True)
class Action:
    """What an action of the earlier plans does, each of them planned for the same number of customers."""

    customers: int  # planned for, held out or not, in each plan
    holdout_share: float
    reached: Mapping[str, float]  # plan of membership → share of those to be treated who are reached; "" for the others
    cost: float  # CNY for each one reached
    hazard_ratio: float = 1.0  # of leaving, for `acts_days` after somebody is reached
    ordered_points: float = 0.0  # more of those reached who order within `acts_days`
    acts_days: int = 90


@dataclass(frozen=True)
class Truth:
    """The demo's known answers: what moves the shop, its goods, its members, its plans, and the faults in its files."""

    newcomers: Mapping[str, float]  # day → how many join a busy day from then on, 1 being usual
    unresolved_shares: Mapping[str, float]  # day → share of the complaints that stay unresolved, from then on
    unresolved_days: int  # at least so long does an unresolved complaint stay open
    pairs: tuple[tuple[int, int], ...]  # products in one basket more often than chance has it
    pair_lift: float  # how many times as often, sizes of baskets and frequencies of goods kept
    bestseller_share: float  # of ordinary lines, of the five bestsellers together
    taste_share: float  # of ordinary lines, in the customer's one or two favourite categories
    follow_on: tuple[float, float]  # chance that somebody's first device is followed by a cover in 30 days; else
    repeat_days: float  # median gap between two purchases of one consumable
    repeat_share: float  # of the purchases of a consumable that are followed by another, if the customer stays
    redeemed_share: float  # of the points, in the end
    redeemed_after_days: float  # mean of the exponential time to redemption, which ends with `expire_days`
    expire_days: int
    complaint_hazard: float  # hazard of leaving for `complaint_days` after an unresolved complaint, 1 at other times
    complaint_days: int
    halved_hazard: float  # hazard of leaving while somebody's visits are halved
    actions: Mapping[str, Action]  # of the two earlier plans
    global_holdout: float  # share of customers who get no action at all
    lazy: tuple[str, str, float]  # owner, day of the plan and share of save calls made

    lead_rates: Mapping[str, float]  # source → share of its leads that become customers in the end
    monthly_leave_rates: Mapping[str, float]  # plan → chance to leave within one month, the same in every month
    hazard_ratios: Mapping[str, float]  # channel → hazard beside the other channels; 1 where not named
    reason_shares: Mapping[str, float]  # reason → share of the leavers, at any time (proportional competing risks)
    conversions: Mapping[str, Mapping[str, float]]  # experiment → variant → chance to buy
    basket: float  # CNY that a buyer spends in the mean, in every arm: arms differ by conversion alone
    ticket_work: Mapping[str, float]  # stage or event → its chance, of the replied (followed up) or the closed tickets
    response_rates: Mapping[str, float]  # channel → share of survey invitations that are answered; "" for the others
    acquisition_costs: Mapping[str, float]  # channel → CNY spent for each new buyer; the others cost nothing
    referred_share: float  # of the customers whose channel is a link, those whom a customer brought
    faults: Mapping[tuple[str, str], int]  # (table, fault) → rows that break the contract
    full_width: Mapping[tuple[str, str], int]  # (table, column) → values in full-width characters, harmless once folded

    def daily_hazard(self, plan: str, channel: str) -> float:
        """Hazard per day of a content member: −ln(1 − monthly leave rate) ÷ days of a month × hazard ratio.

        It is multiplied on days on which a complaint, visits or a call tell (see `memberships.strain`).
        """
        return -np.log1p(-self.monthly_leave_rates[plan]) / MONTH_DAYS * self.hazard_ratios.get(channel, 1.0)

    def stay_share(self, plan: str, channel: str, days: float) -> float:
        """Share of content members who stay for more than `days`; exact for whole days, S(t) = exp(−hazard · t).

        What is true of all is the mean over members of S(Σ strain of their days): see `memberships.stay_shares`.
        """
        return float(np.exp(-self.daily_hazard(plan, channel) * days))

    def conversion_effect(self, experiment: str, variant: str) -> float:
        """Chance to buy in `variant` less that in control."""
        return self.conversions[experiment][variant] - self.conversions[experiment]["control"]

    def spend_effect(self, experiment: str, variant: str) -> float:
        """Mean CNY spent per customer assigned in `variant` less that in control."""
        return self.conversion_effect(experiment, variant) * self.basket


TRUTH = Truth(
    newcomers={"2024-01-01": 1.5, "2024-04-01": 1.0, "2025-07-01": 0.5, "2025-10-01": 0.2},
    unresolved_shares={"2024-01-01": 0.3, "2025-07-01": 0.6},
    unresolved_days=60,
    pairs=((6, 24), (7, 23), (10, 21), (11, 20), (13, 17), (14, 16)),
    pair_lift=4.0,
    bestseller_share=1 / 3,
    taste_share=0.6,
    follow_on=(0.25, 0.03),
    repeat_days=35.0,
    repeat_share=0.35,
    redeemed_share=0.55,
    redeemed_after_days=120.0,
    expire_days=365,
    complaint_hazard=1.8,
    complaint_days=60,
    halved_hazard=1.5,
    actions={
        "save_call": Action(1_000, 0.5, {"月付": 0.52, "季付": 0.66, "年付": 0.75}, 8.0, hazard_ratio=0.7),
        "coupon": Action(2_000, 0.2, {"": 1.0}, 12.0),
        "replenish": Action(1_200, 0.3, {"": 0.97}, 0.1, ordered_points=0.08, acts_days=30),
    },
    global_holdout=0.05,
    lazy=("A03", "2025-10-01", 0.15),
    lead_rates={"官网": 0.25, "展会": 0.25, "转介绍": 0.45, "直播": 0.25},
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
    acquisition_costs={"微信": 90.0, "App Store": 160.0, "天猫": 220.0, "小红书": 290.0, "抖音": 520.0},
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
