"""The columns of what goes with leaving: attributes, covariates, reasons and shapes of time."""

from __future__ import annotations

from helpers.findings import Column, Kind

# attributes, and covariates made of them
ATTRIBUTE = Column("attribute", Kind.FIELD, "what is known of customers")
GROUPS = Column("groups", Kind.COUNT, "how many groups it divides customers into")
STATISTIC = Column("statistic", Kind.NUMBER, "the test's statistic, chi-squared where there is no difference")
DF = Column("df", Kind.COUNT, "degrees of freedom of the test", heading="Degrees of freedom")
CHI_SQUARED_PER_DF = Column(
    "chi_squared_per_df",
    Kind.NUMBER,
    "evidence of the test; 1 is what chance alone gives",
    heading="Chi-squared per degree of freedom",
)
EXAMINED = Column("examined", Kind.FIELD, "the column of customers that is examined", heading="Column")
CONCORDANCE = Column(
    "concordance", Kind.SHARE, "how well it alone tells who leaves first; 0.5 nothing, 1 everything",
    heading="Pairs told rightly (concordance)",
)  # fmt: skip
CORRELATION = Column(
    "correlation", Kind.NUMBER, "rank correlation with the length of the stay: of its values, or of being filled at all"
)
FILLED_LEAVERS_SHARE = Column(
    "filled_leavers_share", Kind.SHARE, "share of leavers for whom it is filled", heading="Filled for leavers"
)
FILLED_OTHERS_SHARE = Column(
    "filled_others_share", Kind.SHARE, "share of those still there for whom it is filled", heading="Filled for others"
)
SUSPICION = Column(
    "suspicion",
    Kind.CODE,
    "why it is suspect",
    words={
        "none": "",
        "order": "tells too well who leaves first",
        "length": "goes with the length of the stay",
        "filled": "filled for leavers and others so differently",
        "leavers": "a value that only leavers have",
    },
)
SUSPECT = Column("suspect", Kind.FLAG, "whether it tells too well, and is left out of tests and models")
COVARIATE = Column("covariate", Kind.NAME, "one value of an attribute, or one step of a number")
REFERENCE = Column("reference", Kind.NAME, "what its ratio is against")
EARLY_HAZARD_RATIO = Column("early_hazard_ratio", Kind.NUMBER, "the ratio among those who left early in their stay")
LATE_HAZARD_RATIO = Column("late_hazard_ratio", Kind.NUMBER, "the ratio among those who left late")
LATE_OVER_EARLY = Column(
    "late_over_early", Kind.NUMBER, "the late ratio by the early one; 1 where it holds", heading="Late ÷ early"
)

# reasons for leaving
LEAVERS_FOR_IT = Column("leavers_for_it", Kind.COUNT, "how many left for the reason", heading="Leavers", people=True)
LEAVERS_SHARE = Column("leavers_share", Kind.SHARE, "share of all who left", tells="leavers_for_it")
BY_TENURE_DAYS = Column("by_tenure_days", Kind.DAYS, "days after they came, by which the shares are counted")
LEFT_SHARE = Column(
    "left_share", Kind.SHARE, "share of all customers who have left for the reason by then", tells="leavers_for_it"
)
LOG_STD_ERROR = Column(
    "log_std_error", Kind.NUMBER, "standard error of the log of the ratio", heading="Standard error (log)"
)
CAUSE_SPECIFIC_HAZARD_RATIO = Column(
    "cause_specific_hazard_ratio",
    Kind.NUMBER,
    "ratio of the rates of leaving for the reason among those still there",
    heading="Cause-specific hazard ratio",
)
SUBDISTRIBUTION_HAZARD_RATIO = Column(
    "subdistribution_hazard_ratio", Kind.NUMBER, "the ratio where the share who ever leave for the reason is compared"
)
VIEW = Column(
    "view",
    Kind.CODE,
    "what the ratio compares: rates among those still there, or shares of all who ever came",
    words={"cause_specific": "cause-specific", "subdistribution": "subdistribution"},
)

# shapes of time
DISTRIBUTION = Column(
    "distribution",
    Kind.CODE,
    "the shape of the length of stays",
    words=("Weibull", "log-normal", "log-logistic", "observed"),
)
PARAMETERS = Column("parameters", Kind.COUNT, "how many numbers its model has")
LOG_LIKELIHOOD = Column("log_likelihood", Kind.NUMBER, "log of the likelihood of the stays under it")
AIC = Column("aic", Kind.NUMBER, "Akaike's criterion; less is better", heading="AIC")
DELTA_AIC = Column("delta_aic", Kind.NUMBER, "how much more than the best one's", heading="AIC above the best")
WIDEST_GAP_SHARE = Column(
    "widest_gap_share", Kind.SHARE, "how far its curve is from Kaplan–Meier at the widest", heading="Widest gap"
)
BEYOND_CHANCE_IN_COX = Column(
    "beyond_chance_in_cox", Kind.COUNT, "covariates beyond chance in Cox's model", heading="Beyond chance in Cox"
)
SAME_DIRECTION = Column("same_direction", Kind.COUNT, "how many of them point the same way under this shape")
CONFIRMED = Column("confirmed", Kind.COUNT, "how many of them are beyond chance here too")
