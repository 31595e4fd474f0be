"""The columns of churn's findings, each declared once, and the words of its codes."""

from __future__ import annotations

from helpers.findings import Column, Kind

EVERYBODY = "all"  # the one group where no column divides the customers

# a stay
STARTED_ON = Column("started_on", Kind.DATE, "the day on which the stay began")
ENDED_ON = Column("ended_on", Kind.DATE, "the day on which it ended; empty while it runs")
ENTRY_DAYS = Column("entry_days", Kind.DAYS, "days since it began from which it was watched; 0 for from the start")
DURATION_DAYS = Column("duration_days", Kind.DAYS, "how long it lasted, or was seen to last")
LEFT = Column("left", Kind.FLAG, "whether its end was seen", heading="Has left")
STATED_REASON = Column("reason", Kind.NAME, "the reason that the customer gave for leaving")
DESCRIPTION = Column("{}", Kind.MIXED, "one column for each attribute that describes the customer")
BEGAN_OR_LEFT = Column("what", Kind.NAME, "whether the stays began or ended in the month")

# customers over their stay
STAYS = Column("stays", Kind.COUNT, "how many stays of customers", people=True)
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
TENURE_DAYS = Column("tenure_days", Kind.DAYS, "days since the customer came")
SINCE_DAYS = Column("days", Kind.DAYS, "how many days after they came")
STAY_RATE = Column("stay_rate", Kind.SHARE, "share still there by then (Kaplan–Meier)", heading="Still there")
STAY_RATE_ON = Column(
    "stay_{}d_rate",
    Kind.SHARE,
    "share still there so many days after they came",
    heading="Still there after {} days",
    of="customers",
)
MEDIAN_DAYS = Column("median_days", Kind.DAYS, "days by which half of them have left; empty where half have not")

# silence
SILENCE_DAYS = Column("silence_days", Kind.DAYS, "days without an order, beyond which a customer counts as having left")
SILENCES = Column("silences", Kind.COUNT, "how often somebody was silent for so long", people=True)
RETURNED_SO_FAR_RATE = Column(
    "returned_so_far_rate", Kind.SHARE, "share of these silences that an order has followed", of="silences"
)
WRONG_RATE = Column(
    "wrong_rate", Kind.SHARE, "share of these silences that an order follows, open ones allowed for", of="silences"
)
REACTIVATION_RATE = Column("reactivation_rate", Kind.SHARE, "share of silences that an order has followed")

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
CONCORDANCE = Column("concordance", Kind.NUMBER, "how well it alone tells who leaves first; 0.5 nothing, 1 everything")
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
HAZARD_RATIO = Column("hazard_ratio", Kind.NUMBER, "times the rate of leaving of the reference; above 1 leaves sooner")
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
LEFT_RATE = Column("left_rate", Kind.SHARE, "share of them that left")
LIFT = Column("lift", Kind.NUMBER, "times the share that left of all")
FOUND_SHARE = Column(
    "found_share", Kind.SHARE, "share of all leavers in this tenth and those before it", heading="Leavers found"
)
LEAVER_SHARE = Column("leaver_share", Kind.SHARE, "share of all leavers who would have been reached")

# how healthy customers are
BASIS = Column(
    "basis",
    Kind.CODE,
    "what leaving is: the end of the contract, or no order within the horizon",
    heading="Leaving by",
    words={"contract": "contract", "silence": "orders"},
)
HEALTH = Column("health", Kind.NUMBER, "the customer's score from 0 to 100; 100 is well")
BAND = Column("band", Kind.CODE, "the colour of the score", words=("red", "yellow", "green"))
MEASURES_USED = Column("measures_used", Kind.COUNT, "how many measures the score is made of; missing ones are not")
HEALTH_BEFORE = Column("health_before", Kind.NUMBER, "the score on the day before; empty where there was none")
POINTS_CHANGE = Column("change", Kind.NUMBER, "points by which the score rose since; below 0 it fell")
HEALTH_MEASURES = {
    "recency": "time since the last order",
    "pace": "silence against their own pace",
    "orders": "order days so far",
    "amount": "money spent so far",
    "order_trend": "orders in 90 days against 90 before",
    "visit_trend": "visits in 90 days against 90 before",
    "complaints": "complaints still open",
    "answer": "last survey score",
    "answer_age": "time since the last answer",
}
HEALTH_MEASURE = Column("health_measure", Kind.CODE, "what is measured", heading="Measure", words=HEALTH_MEASURES)
FIRST_CAUSE = Column(
    "first_cause", Kind.CODE, "the measure that moved the score most, its way", words={"": "", **HEALTH_MEASURES}
)
SECOND_CAUSE = Column(
    "second_cause", Kind.CODE, "the one that moved it most after that", words={"": "", **HEALTH_MEASURES}
)
SCORED_ON = Column("scored_on", Kind.DATE, "the last day of which the score knows")
BEFORE_ON = Column("before_on", Kind.DATE, "the last day of which the score before knows")
SCALE_ON = Column(
    "scale_on", Kind.DATE, "the day among whose customers everybody is placed, kept from report to report"
)
WEIGHTING = Column(
    "weighting",
    Kind.CODE,
    "how measures are weighed; two are rules of thumb beside the scores",
    words={
        "equal": "all measures alike",
        "given": "weights as given",
        "learnt": "weights learnt from who left",
        "recency": "time since the last order alone",
        "churn_risk": "chance to leave",
    },
)
LANDMARK_ON = Column("landmark_on", Kind.DATE, "the day of the trial; empty for all of them together")
AUC = Column(
    "auc", Kind.SHARE, "of one who left and one who stayed, how often the one who left stood lower", heading="AUC"
)
AUC_LOWER = Column("auc_lower", Kind.LIMIT, "lower end of its 95% interval", heading="AUC, lower end")
AUC_UPPER = Column("auc_upper", Kind.LIMIT, "upper end of its 95% interval", heading="AUC, upper end")
AGAINST_RECENCY = Column(
    "against_recency", Kind.SHARE, "how much more often than by the time since the last order alone"
)
AGAINST_LOWER = Column(
    "against_lower", Kind.LIMIT, "lower end of its 95% interval", heading="Against recency, lower end"
)
AGAINST_UPPER = Column(
    "against_upper", Kind.LIMIT, "upper end of its 95% interval", heading="Against recency, upper end"
)
QUESTION = Column("question", Kind.NAME, "the question of the survey")
RECENCY_AUC = Column(
    "recency_auc",
    Kind.SHARE,
    "how often the time since the last order is right of the same customers",
    heading="AUC of recency",
)
MISSED_SHARE = Column("missed_share", Kind.SHARE, "share of those who left that had been green", heading="Missed")
FALSE_ALARM_SHARE = Column("false_alarm_share", Kind.SHARE, "share of the red that stayed", heading="False alarms")
KNOWN_SHARE = Column("known_share", Kind.SHARE, "share of customers of whom it is known")
WEIGHT_SHARE = Column("weight_share", Kind.SHARE, "what it weighs in the score", heading="Weight")
LEARNT_SHARE = Column("learnt_share", Kind.SHARE, "what it would weigh, learnt from who left", heading="Learnt weight")
GAIN = Column("gain", Kind.SHARE, "how much more often the score of all measures alike is right with it than without")
CUSTOMER_DAYS = Column(
    "customer_days",
    Kind.COUNT,
    "how many scores were given: a customer counts on each day of the trial",
    heading="Scores",
)
MEAN_POINTS = Column("mean_points", Kind.NUMBER, "points by which it moved the mean score")
FELL = Column("fell", Kind.COUNT, "how many scores fell, by this measure most", people=True, of="(all)")
ROSE = Column("rose", Kind.COUNT, "how many scores rose, by this measure most", people=True, of="(all)")

# how far to trust it
ASSUMPTION = Column(
    "assumption",
    Kind.CODE,
    "what the answers assume",
    words={
        "alike": "who is still there would leave like those who were watched longer",
        "contract_ends": "the end of a contract is the end of the relation",
        "silence_ends": "a silence so long is leaving",
        "dated": "ends are dated when they happened",
        "seen": "stays are seen from their beginning, and those that ended early are in the data",
        "first_order": "a customer's first order is in the data",
        "no_leakage": "no column repeats the length of the stay",
        "enough": "there are leavers enough for each factor",
        "as_they_came": "customers are described as they were when they came",
        "without": "columns and values are left out of the model",
        "estimated": "every ratio can be estimated",
        "proportional": "ratios hold over the whole stay (proportional hazards)",
    },
)
EVIDENCE = Column("evidence", Kind.NAME, "what the data say of it")
CONSEQUENCE = Column("consequence", Kind.NAME, "what follows for the reader")
FOLLOWED_SHARE = Column("followed_share", Kind.SHARE, "share still observed by then, had nobody left")

VERDICT = Column(
    "verdict",
    Kind.CODE,
    "whether the assumption holds",
    words={
        "holds": "holds",
        "fails": "does not hold",
        "untested": "cannot be tested",
        "noted": "noted",
    },
)

# what a second program says
RESULT = Column(
    "result",
    Kind.CODE,
    "what the two programs compute",
    words={
        "curve": "share still there (Kaplan–Meier)",
        "ratios": "hazard ratios (Cox)",
        "errors": "standard errors of their logarithms",
    },
)
COMPARED = Column("compared", Kind.COUNT, "how many numbers of each program are compared", heading="Numbers compared")
LARGEST_DIFFERENCE = Column(
    "largest_difference", Kind.SHARE, "largest difference: of shares as it is, of others as a share of ours"
)
AGREES = Column("agrees", Kind.FLAG, "whether the difference is less than a ten-thousandth")
