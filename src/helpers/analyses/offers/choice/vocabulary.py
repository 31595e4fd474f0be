"""The columns of which rule recommends best, and of what is offered to whom."""

from __future__ import annotations

from helpers.findings import Column, Kind

# which rule recommends best
TASK = Column(
    "task",
    Kind.CODE,
    "what a list is for: whatever a customer buys, or only goods that the customer has not bought yet",
    words={
        "any": "any good",
        "new": "goods new to the customer",
        "again": "goods bought before",
        "due": "goods due again",
        "up": "a dearer good",
    },
)
SCORER = Column(
    "rule",
    Kind.CODE,
    "the rule that orders the goods: bestsellers (buyers), own goods (orders of the customer; fading: each halved with "
    "every 90 days), goods that go with those bought (cosine), goods foretold by all those bought (EASE), and the mean "
    "of the ranks by own goods and by EASE",
    words={
        "popular": "bestsellers of 90 days",
        "popular_ever": "bestsellers of all time",
        "popular_in_group": "bestsellers of the group",
        "own": "own goods",
        "own_fading": "own goods, recent first",
        "alike": "goods that go with those bought",
        "ease": "goods foretold by all those bought",
        "together": "own and foretold goods mixed",
        "due": "usual gap between purchases",
        "up": "steps of others in the family",
    },
)
HIT_RATE_5 = Column(
    "hit_rate_5",
    Kind.SHARE,
    "share of customers who bought one of the five goods listed first",
    heading="Hit by five",
    of="customers",
)
HIT_RATE_10 = Column(
    "hit_rate_10",
    Kind.SHARE,
    "share of customers who bought one of the ten goods listed",
    heading="Hit by ten",
    of="customers",
)
PRECISION_10 = Column("precision_10", Kind.SHARE, "share of the ten goods that were bought", heading="Precision")
RECALL_10 = Column("recall_10", Kind.SHARE, "share of what was bought that was among the ten", heading="Recall")
NDCG_10 = Column(
    "ndcg_10",
    Kind.NUMBER,
    "how well the ten were ordered: 1 if all that could be right stands first (NDCG)",
    heading="Order of the ten",
)
CATALOGUE_SHARE = Column(
    "catalogue_share", Kind.SHARE, "share of the goods that stand on at least one list", heading="Goods shown"
)
POPULARITY_RANK = Column(
    "popularity_rank", Kind.NUMBER, "mean rank, by buyers, of the goods listed: 1 is the bestseller"
)
GAIN_POINTS = Column(
    "gain_points",
    Kind.SHARE,
    "share of customers hit by ten, less that of the better bestsellers",
    heading="More than bestsellers",
)

# what is offered to whom
RANK = Column("rank", Kind.COUNT, "the place on the customer's list, 1 first")
SCORE = Column("score", Kind.NUMBER, "the rule's score of the good, which orders this list and no other")
CHANCE = Column(
    "chance", Kind.SHARE, "chance that the customer buys the good within the days of the trial; empty if never tried"
)
EXPECTED_MARGIN = Column("expected_margin", Kind.MONEY, "chance times mean price times margin")
REASON = Column(
    "reason",
    Kind.CODE,
    "why the good is offered",
    words={
        "bought_before": "bought before",
        "bought_other": "goes with what was bought",
        "bestseller": "bestseller",
        "group_bestseller": "bestseller of the group",
        "due": "due again",
        "up": "others of the family moved on to dearer ones",
    },
)
BECAUSE_OF = Column("because_of", Kind.NAME, "the good bought before that speaks most for it")
BECAUSE_ON = Column("because_on", Kind.DATE, "the day on which that one was last bought")
IS_COLD = Column("is_cold", Kind.FLAG, "no purchase of the customer is known", heading="Nothing known")
FIRST_OFFERS = Column("first_offers", Kind.COUNT, "customers who are offered the good first", people=True)
OFFER_SHARE = Column(
    "offer_share", Kind.SHARE, "share of first offers", heading="Of first offers", tells="first_offers"
)
SALES_SHARE = Column("sales_share", Kind.SHARE, "share of what was bought, by orders", heading="Of sales")
SHARE_OF = Column(
    "share_of",
    Kind.CODE,
    "what the share is of",
    words={"offer_share": "first offers", "sales_share": "sales"},
)
EXCLUSION = Column(
    "exclusion",
    Kind.CODE,
    "why a good is not offered, the first reason that fits",
    words={
        "not_sold": "not sold on the day",
        "out_of_stock": "out of stock",
        "owned_once": "had already, and needed once",
        "given_back": "given back",
        "due": "on the list of what is due",
        "category": "of a category that is not offered",
    },
)
PAIRS_LEFT_OUT = Column("pairs_left_out", Kind.COUNT, "pairs of a customer and a good that are not offered")
