"""The columns that several rooms of churn share, each declared once; a room's own stand in its `vocabulary`."""

from __future__ import annotations

from helpers.findings import Column, Kind

EVERYBODY = "all"  # the one group where no column divides the customers

# a stay
LEFT = Column("left", Kind.FLAG, "whether its end was seen", heading="Has left")
STATED_REASON = Column("reason", Kind.NAME, "the reason that the customer gave for leaving")

# customers over their stay
STAYS = Column("stays", Kind.COUNT, "how many stays of customers", people=True)
TENURE_DAYS = Column("tenure_days", Kind.DAYS, "days since the customer came")
STAY_RATE = Column("stay_rate", Kind.SHARE, "share still there by then (Kaplan–Meier)", heading="Still there")
STAY_RATE_ON = Column(
    "stay_{}d_rate",
    Kind.SHARE,
    "share still there so many days after they came",
    heading="Still there after {} days",
    of="customers",
)

HAZARD_RATIO = Column(
    "hazard_ratio",
    Kind.NUMBER,
    "times the rate of leaving of the reference; above 1 leaves sooner",
    heading="Times the leave rate (hazard ratio)",
)

LEFT_RATE = Column("left_rate", Kind.SHARE, "share of them that left")

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
