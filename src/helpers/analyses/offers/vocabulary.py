"""The columns of offers, each declared once: what it is called, what it holds, how readers see its codes."""

from __future__ import annotations

from helpers.findings import Column, Kind

# the goods
LEVEL = Column(
    "level",
    Kind.CODE,
    "what counts as one good",
    words={"product_id": "product", "family": "product family", "category": "category"},
)
GOODS = Column("goods", Kind.COUNT, "how many goods there are")
MEDIAN_BUYERS = Column(
    "median_buyers", Kind.NUMBER, "the buyers that half of the goods have, or more", heading="Buyers of the median good"
)
IS_CHOSEN = Column("is_chosen", Kind.FLAG, "it is what this page calls a good", heading="Used here")

# what goes together
GOOD_A = Column("good_a", Kind.NAME, "one good", heading="Good")
GOOD_B = Column("good_b", Kind.NAME, "another good", heading="With")
PAIR = Column("pair", Kind.NAME, "two goods")
BASKETS = Column("baskets", Kind.COUNT, "how many baskets have both")
BASKET_SHARE = Column("basket_share", Kind.SHARE, "share of all baskets that have both", heading="Of all baskets")
CONFIDENCE_AB = Column(
    "confidence_ab", Kind.SHARE, "share of the baskets with the first good that have the second", heading="Of the first"
)
CONFIDENCE_BA = Column(
    "confidence_ba",
    Kind.SHARE,
    "share of the baskets with the second good that have the first",
    heading="Of the second",
)
LIFT = Column(
    "lift",
    Kind.NUMBER,
    "baskets with both over those that would have both if goods came alone; large baskets raise it for all",
    heading="Plain lift",
)
EXPECTED_BASKETS = Column(
    "expected_baskets", Kind.NUMBER, "baskets that would have both by size and popularity alone", heading="Expected"
)
ADJUSTED_LIFT = Column(
    "adjusted_lift",
    Kind.NUMBER,
    "baskets with both over those expected by basket size and popularity",
    heading="Times the expected",
)
FALSE_DISCOVERY_P_VALUE = Column(
    "adjusted_p_value",
    Kind.P_VALUE,
    "the p-value, corrected for the number of tests so that few of those called are false (Benjamini & Hochberg)",
)
