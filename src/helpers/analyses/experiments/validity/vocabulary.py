"""The columns of whether an experiment can be read: how its arms came, are alike, and lose customers."""

from __future__ import annotations

from helpers.findings import Column, Kind

ARM_SHARE = Column(
    "arm_share",
    Kind.SHARE,
    "share of the customers compared (of the week, where one is named) who are in this arm",
    heading="Customer share",
    tells="customers",
)
PLANNED_SHARE = Column("planned_share", Kind.SHARE, "share of the customers that was planned for this arm")
SAMPLE_RATIO_P_VALUE = Column(
    "sample_ratio_p_value", Kind.P_VALUE, "p-value that the arms came in the planned ratio", heading="Sample ratio p"
)
SAMPLE_RATIO = Column(
    "sample_ratio",
    Kind.CODE,
    "whether the arms came in the planned ratio",
    words={
        "planned": "as planned",
        "close": "close to plan: watch",
        "broken": "not as planned",
        "untested": "not tested",
    },
)
IN_TWO_ARMS = Column(
    "in_two_arms",
    Kind.COUNT,
    "customers of this arm who were met in another arm too and are left out",
    people=True,
    of="customers",
)
FIRST_ASSIGNED_ON = Column("first_assigned_on", Kind.DATE, "day of the first assignment")
LAST_ASSIGNED_ON = Column("last_assigned_on", Kind.DATE, "day of the last assignment")
CUSTOMERS_A_DAY = Column("customers_a_day", Kind.NUMBER, "customers assigned a day, between the first and the last")
CHANGED_RATIO_P_VALUE = Column(
    "changed_ratio_p_value", Kind.P_VALUE, "p-value that the arms' shares were the same in every week"
)
EXPOSED = Column("exposed", Kind.COUNT, "customers whose first treatment is dated", people=True)
EXPOSED_BEFORE = Column(
    "exposed_before", Kind.COUNT, "of them, those treated before they were assigned", people=True, of="exposed"
)
NEVER_EXPOSED = Column(
    "never_exposed", Kind.COUNT, "customers of arms with dated treatments who never had one", people=True, of="treated"
)
TREATED = Column("treated", Kind.COUNT, "customers of arms, other than the control, with dated treatments", people=True)
MET_IN_TWO_ARMS = Column(
    "met_in_two_arms",
    Kind.COUNT,
    "customers met in more than one arm, rows that were set aside counted too",
    heading="In two arms",
    people=True,
    of="(all)",
)
HISTORY_DAYS = Column("history_days", Kind.DAYS, "days before the assignment that are compared, ninety at most")
COVARIATE = Column("covariate", Kind.NAME, "what was known before the assignment")
CONTROL_MEAN = Column("control_mean", Kind.NUMBER, "its mean, or the share who have it, in the control")
ARM_MEAN = Column("arm_mean", Kind.NUMBER, "its mean, or the share who have it, in the arm")
DIFFERENCE = Column("difference", Kind.NUMBER, "arm less control, in standard deviations of a customer")
MISSING = Column("missing", Kind.COUNT, "customers of the arm without a value", people=True, of="customers")
MISSING_SHARE = Column("missing_share", Kind.SHARE, "share of the arm's customers without a value", of="customers")
A_MISSING_VALUE = Column(
    "a_missing_value",
    Kind.CODE,
    "what the settings say that a missing value means",
    words={"0": "counts as 0", "not eligible": "is left out"},
)
COUNTED = Column("counted", Kind.COUNT, "customers of the arm who count in the metric", people=True)
UNEQUAL_LOSS_P_VALUE = Column(
    "unequal_loss_p_value", Kind.P_VALUE, "p-value that the arms leave out the same share of customers"
)
