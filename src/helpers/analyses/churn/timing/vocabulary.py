"""The columns of when customers leave, by tenure and by cohort."""

from __future__ import annotations

from helpers.findings import Column, Kind

# customers over their stay
LEAVERS = Column("leavers", Kind.COUNT, "how many of them left", heading="Left", people=True, of="customers")
LEAVERS_IN_MONTHS = Column(
    "leavers_in_months",
    Kind.COUNT,
    "how many of them left in a month that enough customers reached",
    heading="Left",
    people=True,
    of="stays",
)
AT_RISK = Column("at_risk", Kind.COUNT, "how many were still there and watched", people=True)
SINCE_DAYS = Column("days", Kind.DAYS, "how many days after they came")
MEDIAN_DAYS = Column("median_days", Kind.DAYS, "days by which half of them have left; empty where half have not")

# groups against each other
GROUP_A = Column("group_a", Kind.NAME, "the one group of a pair")
GROUP_B = Column("group_b", Kind.NAME, "the other group")
DIFFERENCE_DAYS = Column("difference_days", Kind.DAYS, "days that the one stays longer than the other, on average")

# months of the stay
MONTH_OF_STAY = Column("month_of_stay", Kind.COUNT, "month of the stay, 1 for the first")
MONTHS_AT_RISK = Column("months_at_risk", Kind.NUMBER, "stays watched in the month; one that was cut short counts half")
LEAVE_RATE = Column("leave_rate", Kind.SHARE, "share of those still there that leaves within the month")
MONTHS_1_TO_3_RATE = Column(
    "months_1_to_3_rate", Kind.SHARE, "share that leaves in a month of the first three", heading="Months 1 to 3"
)
MONTHS_4_TO_12_RATE = Column(
    "months_4_to_12_rate", Kind.SHARE, "share that leaves in a month of the fourth to twelfth", heading="Months 4 to 12"
)
LATER_MONTHS_RATE = Column(
    "later_months_rate", Kind.SHARE, "share that leaves in a later month", heading="Later months"
)
COX_HAZARD_RATIO = Column(
    "cox_hazard_ratio", Kind.NUMBER, "the same ratio of rates, from daily data (Cox)", heading="Hazard ratio (Cox)"
)

# cohorts
PERIOD = Column("period", Kind.NAME, "month, quarter or year of the calendar")
WATCHED_FROM = Column("watched_from", Kind.DATE, "the first day on which one of the cohort was watched")
WATCHED_UNTIL = Column("watched_until", Kind.DATE, "the last day on which one of the cohort was watched")
LEFT_30D_RATE = Column(
    "left_30d_rate",
    Kind.SHARE,
    "share that leaves within 30 days, at the rate seen",
    heading="Leave within 30 days",
    tells="leavers",
)
