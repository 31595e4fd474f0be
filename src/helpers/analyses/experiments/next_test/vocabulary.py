"""The columns of how large the next test must be, and of its looks."""

from __future__ import annotations

from helpers.findings import Column, Kind

ADJUSTED_DAYS = Column("adjusted_days", Kind.DAYS, "days before the test that are adjusted for; 0 for none")
ADJUSTED_BY = Column("adjusted_by", Kind.NAME, "what is adjusted for, in words")
LEVEL = Column("level", Kind.NUMBER, "the metric of a customer today, in the mean", heading="Metric level")
CUSTOMERS_AN_ARM = Column("customers_an_arm", Kind.NUMBER, "customers that each arm needs for the worthwhile lift")
WEEKS_TO_ASSIGN = Column("weeks_to_assign", Kind.NUMBER, "weeks until so many customers have come")
DAYS_TO_RUN = Column(
    "days_to_run", Kind.DAYS, "days until the last of them has been watched too", heading="Days to run"
)
LIFT_IN_WEEKS_RATE = Column(
    "lift_in_{}_weeks_rate",
    Kind.SHARE,
    "the lift that so many weeks of assignment would show",
    heading="Lift seen in {} weeks",
)
INFORMATION = Column(
    "information_share", Kind.SHARE, "share of the planned customers known at this look", heading="Customers known"
)
Z = Column("z", Kind.NUMBER, "standard errors from 0 beyond which the effect must lie at this look", heading="z beyond")
LOOK_P_VALUE = Column(
    "look_p_value", Kind.P_VALUE, "p-value below which a result is beyond chance at this look", heading="p below"
)
ALPHA_SPENT = Column(
    "alpha_spent_share", Kind.SHARE, "chance of a false alarm at this look or before it", heading="False alarms so far"
)
