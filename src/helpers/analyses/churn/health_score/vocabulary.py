"""The columns of the health score, and of its trial."""

from __future__ import annotations

from helpers.findings import Column, Kind

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
    "returns": "money given back in 90 days",
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
    "auc",
    Kind.SHARE,
    "of one who left and one who stayed, how often the one who left stood lower",
    heading="Pairs told rightly (AUC)",
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
GAIN = Column(
    "gain",
    Kind.SHARE,
    "how much more often the score of all measures alike is right with it than without",
    heading="More often right",
)
CUSTOMER_DAYS = Column(
    "customer_days",
    Kind.COUNT,
    "how many scores were given: a customer counts on each day of the trial",
    heading="Scores",
)
MEAN_POINTS = Column("mean_points", Kind.NUMBER, "points by which it moved the mean score")
FELL = Column("fell", Kind.COUNT, "how many scores fell, by this measure most", people=True, of="(all)")
ROSE = Column("rose", Kind.COUNT, "how many scores rose, by this measure most", people=True, of="(all)")
