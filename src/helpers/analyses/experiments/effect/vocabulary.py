"""The columns of what changed: effects adjusted and capped, effects day by day, times to an event, spread."""

from __future__ import annotations

from helpers.analyses.experiments.vocabulary import DIFFERENCES, SIZES
from helpers.findings import Column, Kind

# what is compared
LABEL = Column("label", Kind.NAME, "the metric as the settings call it")
ROLE = Column(
    "role",
    Kind.CODE,
    "whether the metric decides",
    words=("primary", "secondary"),
)
BETTER = Column(
    "better",
    Kind.CODE,
    "which way the metric is better, as the settings say",
    words={"higher": "more", "lower": "less"},
)

# what changed
PRIMARY_P_VALUE = Column(
    "primary_p_value", Kind.P_VALUE, "p-value of the metric that decides, corrected over arms alone"
)
LIFT_P_VALUE = Column("lift_p_value", Kind.P_VALUE, "p-value of the lift, not corrected")
CONVENTION = Column("convention", Kind.NAME, "how effect, interval and p-value were worked out")
LIFT_CONVENTION = Column("lift_convention", Kind.NAME, "how the lift and its interval were worked out")
SMALLEST_EFFECT = Column(
    "smallest_effect",
    Kind.NUMBER,
    "the smallest true effect that the test would see",
    **SIZES,
)

# customers by when they came, and values left out
CONTROL_FROM = Column(
    "control_from",
    Kind.CODE,
    "how the control was told from the other arms",
    words={
        "parameter": "as the notebook's parameter says",
        "settings": "as the settings say",
        "name": "by its name",
        "size": "as the largest arm, for want of a named one",
    },
)

# less noise from the same customers
METHOD = Column(
    "method",
    Kind.CODE,
    "how the effect was adjusted",
    words={"cuped": "CUPED", "post_stratified": "post-stratified"},
)
ADJUSTED_FOR = Column("adjusted_for", Kind.NAME, "what it was adjusted for")
ADJUSTED_EFFECT = Column("adjusted_effect", Kind.NUMBER, "the adjusted effect, in the metric's unit", **DIFFERENCES)
ADJUSTED_STD_ERROR = Column(
    "adjusted_std_error",
    Kind.NUMBER,
    "standard error of the adjusted effect",
    heading="Adjusted standard error",
    **SIZES,
)
ADJUSTED_LOWER = Column("adjusted_lower", Kind.NUMBER, "lower end of the adjusted effect's interval", **DIFFERENCES)
ADJUSTED_UPPER = Column("adjusted_upper", Kind.NUMBER, "upper end of the adjusted effect's interval", **DIFFERENCES)
LOWER_CAP = Column("lower_cap", Kind.NUMBER, "values below it count as it; of a ratio, denominators")
UPPER_CAP = Column("upper_cap", Kind.NUMBER, "values above it count as it; of a ratio, denominators")
CONTROL_RAISED_SHARE = Column(
    "control_raised_share", Kind.SHARE, "share of the control's values raised to the lower cap"
)
CONTROL_CUT_SHARE = Column("control_cut_share", Kind.SHARE, "share of the control's values cut to the upper cap")
ARM_RAISED_SHARE = Column("arm_raised_share", Kind.SHARE, "share of the arm's values raised to the lower cap")
ARM_CUT_SHARE = Column("arm_cut_share", Kind.SHARE, "share of the arm's values cut to the upper cap")
UNCAPPED_EFFECT = Column("uncapped_effect", Kind.NUMBER, "the effect of the values as recorded", **DIFFERENCES)
UNCAPPED_STD_ERROR = Column(
    "uncapped_std_error",
    Kind.NUMBER,
    "standard error of the effect as recorded",
    heading="Uncapped standard error",
    **SIZES,
)
UNCAPPED_LOWER = Column(
    "uncapped_lower", Kind.NUMBER, "lower end of the interval of the effect as recorded", **DIFFERENCES
)
UNCAPPED_UPPER = Column(
    "uncapped_upper", Kind.NUMBER, "upper end of the interval of the effect as recorded", **DIFFERENCES
)

# day by day
DAY = Column("day", Kind.DATE, "day of assignment; customers assigned up to it are compared")
ASSIGNED_UP_TO = Column("assigned_up_to", Kind.DATE, "the last day of assignment of the customers compared")
BAND_LOWER = Column("band_lower", Kind.LIMIT, "lower end of the band that holds at any look", heading="Lower")
BAND_UPPER = Column("band_upper", Kind.LIMIT, "upper end of the band that holds at any look", heading="Upper")
BAND_P_VALUE = Column("band_p_value", Kind.P_VALUE, "p-value that holds at any look")
NAIVE_LOWER = Column(
    "naive_lower", Kind.NUMBER, "lower end of the interval for one look, fixed beforehand", **DIFFERENCES
)
NAIVE_UPPER = Column(
    "naive_upper", Kind.NUMBER, "upper end of the interval for one look, fixed beforehand", **DIFFERENCES
)
NAIVE_P_VALUE = Column("naive_p_value", Kind.P_VALUE, "p-value of one look, fixed beforehand")
CALLED = Column(
    "called",
    Kind.CODE,
    "what daily looks without a correction would have said",
    words=("better", "worse"),
)

# times to an event
EVENT = Column(
    "event",
    Kind.CODE,
    "what is waited for, by the table that dates it",
    words={"orders": "first order", "subscriptions": "end of the subscription"},
)
COUNTED_FOR = Column(
    "counted_for",
    Kind.CODE,
    "of whom it is told",
    words={"orders": "of all customers", "subscriptions": "of customers who had one when assigned"},
)
HAPPENED = Column("events", Kind.COUNT, "customers in whom the event has happened so far", people=True, of="customers")
FOLLOWED_DAYS = Column("followed_days", Kind.DAYS, "days from the assignment to the report's day, in the mean")
SO_FAR_SHARE = Column(
    "so_far_share", Kind.SHARE, "share with the event so far, however long they were followed", of="customers"
)
WITHIN_SHARE = Column(
    "within_share",
    Kind.SHARE,
    "share with the event within the horizon (Kaplan–Meier)",
    heading="Within the time",
    of="customers",
)
DONE_SO_FAR_SHARE = Column(
    "{}_so_far_share", Kind.SHARE, "share with the event so far, however long followed", of="customers"
)
DONE_WITHIN_SHARE = Column(
    "{}_within_{}d_share",
    Kind.SHARE,
    "share with the event within so many days (Kaplan–Meier)",
    heading="{} within {} days",
    of="customers",
)
MEAN_DAYS = Column("mean_days", Kind.DAYS, "days without the event within the horizon, in the mean")
DIFFERENCE_DAYS = Column("difference_days", Kind.DAYS, "mean days without the event, arm less control")
MEAN_DAYS_P_VALUE = Column("mean_days_p_value", Kind.P_VALUE, "p-value of the difference of means, corrected")
LOG_RANK_P_VALUE = Column(
    "log_rank_p_value", Kind.P_VALUE, "p-value that both arms have one curve, corrected", heading="Log-rank p"
)
SO_FAR_P_VALUE = Column("so_far_p_value", Kind.P_VALUE, "p-value that the plain shares so far are equal")
SINCE_ASSIGNMENT = Column(
    "days_since_assignment", Kind.DAYS, "days since the assignment", heading="Days since assignment"
)
NO_ORDER_YET_SHARE = Column("no_order_yet_share", Kind.SHARE, "share who have not ordered yet (Kaplan–Meier)")
STILL_SUBSCRIBED_SHARE = Column("still_subscribed_share", Kind.SHARE, "share who have not left yet (Kaplan–Meier)")

# how values spread
NONZERO_SHARE = Column("nonzero_share", Kind.SHARE, "share of customers with a value other than 0", of="customers")
QUANTILE_5 = Column("5%", Kind.NUMBER, "a twentieth of the values other than 0 are up to it")
QUANTILE_25 = Column("25%", Kind.NUMBER, "a quarter of the values other than 0 are up to it")
MEDIAN = Column("median", Kind.NUMBER, "half of the values other than 0 are up to it")
QUANTILE_75 = Column("75%", Kind.NUMBER, "three quarters of the values other than 0 are up to it")
QUANTILE_95 = Column("95%", Kind.NUMBER, "all but a twentieth of the values other than 0 are up to it")
BAND_SHARE = Column(
    "band_share", Kind.SHARE, "share of the arm's values other than 0, or of its customers", heading="Share"
)
QUANTILE = Column(
    "quantile",
    Kind.CODE,
    "the quantile that is compared",
    words={"median": "median", "quantile_90": "90% quantile"},
)
