"""The columns of goods: what goes together, what follows and comes again, dearer goods and plans."""

from __future__ import annotations

from helpers.findings import Column, Kind

# the goods
LEVEL = Column(
    "level",
    Kind.CODE,
    "what counts as one good",
    words={"product_id": "product", "family": "product family", "category": "category"},
    heading="Goods by",
)
MEDIAN_BUYERS = Column(
    "median_buyers", Kind.NUMBER, "the buyers that half of the goods have, or more", heading="Buyers of the median good"
)
IS_CHOSEN = Column("is_chosen", Kind.FLAG, "it is what this page calls a good", heading="Used here")

# what goes together
GOOD_A = Column("good_a", Kind.NAME, "one good", heading="Good")
GOOD_B = Column("good_b", Kind.NAME, "another good", heading="With")
PAIR = Column("pair", Kind.NAME, "two goods")
BASKETS = Column("baskets", Kind.COUNT, "how many baskets have both", people=True)
BASKET_SHARE = Column(
    "basket_share", Kind.SHARE, "share of all baskets that have both", heading="Of all baskets", tells="baskets"
)
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
    "expected_baskets",
    Kind.NUMBER,
    "baskets that would have both by size and popularity alone",
    heading="Expected baskets",
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

# what follows, and what comes again
FIRST_GOOD = Column("first_good", Kind.NAME, "the good that is bought first", heading="First bought")
NEXT_GOOD = Column("next_good", Kind.NAME, "a good that is new to the customer then", heading="Then bought")
FIRST_BUYERS = Column(
    "first_buyers",
    Kind.COUNT,
    "customers who bought the first good and were known long enough before",
    heading="Buyers",
    people=True,
)
FOLLOWED_RATE = Column(
    "followed_rate",
    Kind.SHARE,
    "share of them who bought the next good within the window",
    heading="Bought it after",
    of="first_buyers",
)
BEFORE_RATE = Column(
    "before_rate",
    Kind.SHARE,
    "share of them who had first bought it in a window as long before",
    heading="Before",
    of="first_buyers",
)
DIFFERENCE_RATE = Column(
    "difference_rate",
    Kind.SHARE,
    "the former share less the latter",
    heading="Difference",
    tells=("followed_rate", "before_rate"),
)
MEDIAN_DAYS = Column("median_days", Kind.DAYS, "days within which half of those who bought it had done so")
DUE_ON = Column("due_on", Kind.DATE, "the day by which the next purchase is as likely as not, if one comes")
CHANCE_AHEAD = Column(
    "chance_{}d",
    Kind.SHARE,
    "chance to buy the good within so many days, given the silence so far",
    heading="Chance within {} days",
)
GAP_DAYS = Column("gap_days", Kind.DAYS, "days between two purchases of this customer that are as likely as not")
REPEAT_RATE = Column(
    "repeat_rate", Kind.SHARE, "share of the purchases that are followed by another one within a year", heading="Again"
)
LISTED = Column(
    "listed", Kind.COUNT, "customers who bought the good within a year", heading="Bought within a year", people=True
)
DUE_CUSTOMERS = Column(
    "due_customers",
    Kind.COUNT,
    "those of them whose due day lies in the days ahead",
    heading="Due",
    people=True,
    of="listed",
)
EXPECTED_PURCHASES = Column(
    "expected_purchases",
    Kind.NUMBER,
    "how many of them are expected to buy in the days ahead",
    heading="Expected to buy",
)
MEDIAN_GAP_DAYS = Column("median_gap_days", Kind.DAYS, "the gap of the customer in the middle", heading="Usual gap")
TENTH = Column("tenth", Kind.PLAIN, "tenth of the list by chance, the smallest first")
WAITING = Column("waiting", Kind.COUNT, "how many customers and goods were listed", heading="Listed", people=True)
EXPECTED_RATE = Column("expected_rate", Kind.SHARE, "the mean of their chances", heading="Expected to buy")
BOUGHT_RATE = Column("bought_rate", Kind.SHARE, "share of them that was bought in time", heading="Bought", of="waiting")

# dearer goods
RETURNING = Column(
    "returning",
    Kind.COUNT,
    "customers who bought in the family on two days or more",
    heading="Returned",
    people=True,
)
RISEN_RATE = Column(
    "risen_rate",
    Kind.SHARE,
    "share of them whose last purchase is in a dearer third than their first",
    heading="Traded up",
    of="returning",
)
BY_CHANCE_RATE = Column(
    "by_chance_rate",
    Kind.SHARE,
    "share that would rise if each customer's purchases came in any order",
    heading="By chance",
)
STEP = Column(
    "step",
    Kind.CODE,
    "the step up that would come next, by thirds of the family's prices",
    words={
        "low_middle": "from the cheapest third",
        "middle_high": "from the middle third",
        "dearer_plan": "to a dearer plan",
    },
)

# dearer plans
MOVE = Column("move", Kind.NAME, "the plan before and the dearer one after")
MOVED = Column("moved", Kind.COUNT, "customers who moved so and have others alike", heading="Moved up", people=True)
PRICE_RISE = Column(
    "price_rise", Kind.MONEY, "what the customer in the middle pays more a month", heading="More a month"
)
MOVED_LEFT_RATE = Column(
    "moved_left_rate", Kind.SHARE, "share of them that left within 180 days", heading="Left", of="moved"
)
ALIKE_LEFT_RATE = Column(
    "alike_left_rate",
    Kind.SHARE,
    "share that left of others of the same plan, quarter and time there, who kept their plan",
    heading="Others alike",
)
LEFT_DIFFERENCE = Column(
    "left_difference",
    Kind.SHARE,
    "the former share less the latter",
    heading="Difference",
    tells=("moved_left_rate", "alike_left_rate"),
)
