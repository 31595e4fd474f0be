"""The columns of membership, points and discounts, each declared once."""

from __future__ import annotations

from helpers.findings import Column, Kind
from helpers.language import later

IN_FORCE = later("(in force)")  # the rules that the settings call `tiers`

# the rules
RULES = Column("rules", Kind.NAME, "the rules in force, or the proposal")
TIER = Column("tier", Kind.NAME, "the tier of members")
TIER_SPEND = Column(
    "tier_spend", Kind.PRICE, "money spent within the window, from which the tier begins", heading="From"
)
WINDOW_DAYS = Column("window_days", Kind.DAYS, "days of which the spend counts")
MEMBERS = Column("members", Kind.COUNT, "customers in the tier on the report's day", people=True)
RISEN = Column(
    "risen",
    Kind.COUNT,
    "of these, how many are in a lower tier, or none, by the rules in force",
    people=True,
    of="members",
)
FALLEN = Column(
    "fallen", Kind.COUNT, "of these, how many are in a higher tier by the rules in force", people=True, of="members"
)
MEMBER_REVENUE = Column(
    "member_revenue", Kind.MONEY, "what members of the tier spent in a year while they were in it", heading="Revenue"
)
YEARLY_COST = Column("yearly_cost", Kind.MONEY, "what the tier gives its members in a year", heading="Cost a year")
BREAK_EVEN_RATE = Column(
    "break_even_rate",
    Kind.SHARE,
    "by how much of what they spend members must spend more because of the tier, for it to pay its cost",
    heading="Pays from",
)

# what reaching a tier changes
COMPARISON = Column(
    "comparison",
    Kind.CODE,
    "who is compared",
    words={"members": "members and all others", "threshold": "just above and just below"},
)
ORDERS_MORE = Column(
    "orders_more",
    Kind.NUMBER,
    "orders a customer within the days after, more than those compared",
    heading="More orders",
)
ORDERS_BELOW = Column(
    "orders_below", Kind.NUMBER, "orders a customer of those compared", heading="Orders of the others"
)
BUNCHING_P_VALUE = Column(
    "bunching_p_value", Kind.P_VALUE, "how often chance alone would crowd so many, or few, just above the threshold"
)

# whether a tier that is near makes customers hurry
FAR_RATE = Column(
    "far_rate", Kind.SHARE, "share of weeks with an order, farther from the tier than a fifth of its spend",
    heading="Ordered a week",
)  # fmt: skip
NEAR_CHANGE = Column(
    "near_change", Kind.POINTS, "change of it close to the tier, among the same customers", heading="Change when near"
)
PLACEBO_CHANGE = Column(
    "placebo_change", Kind.POINTS, "the same at thresholds that there are not, in the mean",
    heading="Near thresholds that there are not",
)  # fmt: skip
NEAR_MORE = Column("near_more", Kind.POINTS, "the one less the other: what the tier changes", heading="Difference")

# what it comes to
SCENARIO = Column(
    "scenario",
    Kind.CODE,
    "what is assumed that members spend more because of their tier",
    words={"none": "nothing more", "break_even": "what pays the cost", "measured": "as at the threshold"},
)
EFFECT_RATE = Column("effect_rate", Kind.SHARE, "by how much members spend more because of the tier", heading="Effect")
CONTRIBUTION = Column(
    "contribution", Kind.MONEY, "what the rules bring a year, less their cost", heading="Contribution a year"
)
CONTRIBUTION_LOWER = Column("contribution_lower", Kind.LIMIT, "lower end of its 95% interval")
CONTRIBUTION_UPPER = Column("contribution_upper", Kind.LIMIT, "upper end of its 95% interval")

# points
EARNED_FROM = Column("earned_from", Kind.DATE, "the first day on which these points were earned", heading="Earned from")
EARNED = Column("earned", Kind.COUNT, "points that were earned", unit="points")
REDEEMED = Column("redeemed", Kind.COUNT, "of these, redeemed so far", unit="points")
OUTSTANDING = Column("outstanding", Kind.COUNT, "of these, neither redeemed nor lapsed", unit="points")
REDEEMED_RATE = Column("redeemed_rate", Kind.SHARE, "share redeemed so far", heading="Redeemed so far")
EXPECTED_RATE = Column("expected_rate", Kind.SHARE, "share that is redeemed in the end", heading="Redeemed in the end")
LIABILITY = Column("liability", Kind.MONEY, "what those that are still redeemed will cost", heading="Still to cost")

# discounts
ORDER_COUNT = Column(
    "order_count", Kind.NAME, "how many orders the customers have; 5+: five or more", heading="Orders each"
)
ONLY_RATE = Column(
    "only_rate",
    Kind.SHARE,
    "share of them all of whose orders were at a discount",
    heading="Only at a discount",
    of="customers",
)
BY_LUCK_RATE = Column(
    "by_luck_rate",
    Kind.SHARE,
    "share that would be so if every order were as likely at a discount",
    heading="By chance",
)
