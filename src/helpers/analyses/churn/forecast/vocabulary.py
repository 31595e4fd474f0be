"""The columns of who may leave next, and of whether such chances came true."""

from __future__ import annotations

from helpers.findings import Column, Kind

# who may leave next
AT_RISK_SINCE = Column("at_risk_since", Kind.DATE, "the day on which the stay began, or of the first order")
LEAVE_30D_RATE = Column(
    "leave_30d_rate", Kind.SHARE, "chance to leave within 30 days; of a group, its mean", heading="Leave within 30 days"
)
LEAVE_90D_RATE = Column(
    "leave_90d_rate", Kind.SHARE, "chance to leave within 90 days; of a group, its mean", heading="Leave within 90 days"
)
EXPECTED_REMAINING_DAYS = Column(
    "expected_remaining_days", Kind.DAYS, "days that the customer is expected to stay within the horizon"
)
MAIN_REASON = Column("main_reason", Kind.NAME, "what raises the risk most, in words; empty where nothing does")
SECOND_REASON = Column("second_reason", Kind.NAME, "what raises it most after that, in words; empty where nothing does")
MAIN_FEATURE = Column("main_feature", Kind.NAME, "name of the feature that the main reason is about; empty for none")
SECOND_FEATURE = Column("second_feature", Kind.NAME, "name of the feature that the second reason is about")
TENTH = Column("tenth", Kind.PLAIN, "tenth of the customers by their chance to leave, 1 for the highest")
EXPECTED_LEAVERS = Column(
    "expected_leavers_in_90d",
    Kind.NUMBER,
    "how many are expected to leave within 90 days",
    heading="Leavers expected in 90 days",
)
MEAN_TENURE_DAYS = Column("mean_tenure_days", Kind.DAYS, "days since they came, on average")
CHANCE = Column("chance", Kind.SHARE, "chance to leave", heading="Leave rate")
FEATURE = Column("feature", Kind.NAME, "what raises the risk: the name of a feature", heading="Reason")
TOP_TENTH_SHARE = Column(
    "top_tenth_share", Kind.SHARE, "share of the tenth at highest risk of whom it is a main reason"
)
EVERYBODY_SHARE = Column(
    "everybody_share", Kind.SHARE, "share of everybody of whom it is a main reason", tells="customers"
)
NAMED_SHARE = Column("named_share", Kind.SHARE, "share of whom it is a main reason", heading="Customer share")

# whether chances come true
HORIZON_DAYS = Column("horizon_days", Kind.DAYS, "days within which leaving is told")
QUALITY = Column(
    "quality",
    Kind.CODE,
    "what is measured of the chances",
    heading="Measure",
    words={
        "expected_rate": "share expected to leave",
        "left_rate": "share that left",
        "auc": "AUC (0.5: chance)",
        "brier": "Brier score (0: perfect)",
        "scaled_brier": "scaled Brier (0: one rate for all)",
        "ici": "mean calibration error (ICI)",
        "e50": "median calibration error (E50)",
        "e90": "90% calibration error (E90)",
        "integrated_brier": "integrated Brier score",
    },
)
PREDICTED_RATE = Column("predicted_rate", Kind.SHARE, "chance to leave as it was given")
OBSERVED_RATE = Column("observed_rate", Kind.SHARE, "share that left of those given such a chance")
LIFT = Column("lift", Kind.NUMBER, "times the share that left of all")
FOUND_SHARE = Column(
    "found_share", Kind.SHARE, "share of all leavers in this tenth and those before it", heading="Leavers found"
)
LEAVER_SHARE = Column("leaver_share", Kind.SHARE, "share of all leavers who would have been reached")
