"""The columns of this word's key figures and portraits, each declared once.

Those of `records` and of `engagement` stand in the vocabulary of their room.
"""

from __future__ import annotations

from helpers.findings.columns import Column, Kind

# which table, as sentences name it
IN_TABLE = Column(
    "table",
    Kind.CODE,
    "the table of the data set",
    words={
        "customers": "the customers", "orders": "the orders", "order_items": "the order items", "events": "the events",
        "subscriptions": "the subscriptions", "tickets": "the tickets", "surveys": "the surveys",
        "touches": "the touches", "experiments": "the experiments", "experiment_totals": "the experiments' totals",
        "products": "the products", "consents": "the consents", "planned_actions": "the planned actions",
        "action_results": "the results of actions", "points": "the movements of points",
        "spending": "the spending on channels",
        "leads": "the leads",
    },
)  # fmt: skip

# key figures and shares
KPI = Column(
    "kpi",
    Kind.CODE,
    "the key figure",
    words={
        "revenue": "revenue", "orders": "orders", "customers": "customers", "new customers": "new customers",
        "members": "running ⟨contracts⟩", "ARPU": "revenue per customer (ARPU)", "ARPPU": "revenue per buyer (ARPPU)",
        "AOV": "revenue per order (AOV)", "DAU": "active in a day (DAU)", "WAU": "active in a week (WAU)",
        "MAU": "active in a month (MAU)", "stickiness": "stickiness (DAU ÷ MAU)",
        "active in {} days": "ordered in {} days", "retention": "buyers who bought again",
        "churn": "⟨contracts⟩ that ended", "bought twice in {} days": "bought twice in {} days",
        "repurchase in {} days": "second order within {} days of the first",
        "time to second purchase": "time to second purchase", "refund": "orders with a refund",
        "cancellation": "cancelled orders", "subscribed": "customers with ⟨contracts⟩",
        "monthly subscription revenue": "monthly subscription revenue", "quick ratio": "quick ratio (gained ÷ lost)",
        "NPS": "NPS", "CSAT": "satisfied (CSAT)", "complaint": "customers who complained",
    },
)  # fmt: skip
UNIT = Column(
    "unit",
    Kind.CODE,
    "what the value is counted in; money in its currency",
    words=("", "customers", "orders", "days", "ratio", "points", "{} a month", "{}"),
)
PREVIOUS = Column("previous", Kind.MIXED, "the value in the window before, where the data reach back")
CHANGE_RATE = Column("change_rate", Kind.SHARE, "by how much the value is above that of the window before")
CHANGE_LOWER = Column("change_lower", Kind.SHARE, "95% CI of the change, lower end, over customers with both windows")
CHANGE_UPPER = Column("change_upper", Kind.SHARE, "95% CI of the change, upper end, over customers with both windows")
CHANGE = Column(
    "change",
    Kind.CODE,
    "whether the change is beyond chance, where it has an interval",
    words={"more": "more", "less": "less", "no_evidence": "no change beyond chance"},
)
SINCE_LAST_RUN_RATE = Column(
    "since_last_run_rate",
    Kind.SHARE,
    "by how much the value is above that of the report before",
    heading="Since the last report",
)
RATE = Column("rate", Kind.SHARE, "the share: count ÷ of", of="of")
PREVIOUS_RATE = Column("previous_rate", Kind.SHARE, "the share in the window before, where the data reach back")
LAST_RUN_RATE = Column("last_run_rate", Kind.SHARE, "the share in the report before", heading="In the last report")
COUNT = Column("count", Kind.COUNT, "how many the share counts", people=True, of="of")

# through whom sales changed
AGAINST = Column(
    "against",
    Kind.CODE,
    "what the days are compared with",
    words={"last_year": "last year", "before": "the days before"},
    heading="Compared with",
)
PART = Column(
    "part",
    Kind.CODE,
    "through whom or through what sales changed",
    words={
        "all": "all sales", "new": "new customers", "existing": "existing customers", "buyers": "more or fewer buyers",
        "orders_each": "orders of each buyer", "basket": "money of an order",
    },
    heading="Through",
)  # fmt: skip
SALES = Column("sales", Kind.MONEY, "money from orders in the window", summed=True)
EARLIER_SALES = Column("earlier_sales", Kind.MONEY, "money from orders in the days compared with", summed=True)
CHANGE_AMOUNT = Column("change_amount", Kind.MONEY, "sales less those compared with", heading="Change", summed=True)
CHANGE_AMOUNT_LOWER = Column("change_amount_lower", Kind.LIMIT, "lower end of the 95% interval of the change")
CHANGE_AMOUNT_UPPER = Column("change_amount_upper", Kind.LIMIT, "upper end of the 95% interval of the change")
BUYERS = Column("buyers", Kind.COUNT, "customers with an order in the window", people=True)
EARLIER_BUYERS = Column("earlier_buyers", Kind.COUNT, "customers with an order in the days compared with", people=True)

# how a measure stands
LAST_YEAR = Column("last_year", Kind.MIXED, "the value in the same days of the year before, where the data reach back")
DIRECTIONS = {"better": "better", "worse": "worse", "level": "within chance", "": ""}
ON_BEFORE = Column("on_before", Kind.CODE, "what the change on the window before is", words=DIRECTIONS)
ON_LAST_YEAR = Column("on_last_year", Kind.CODE, "what the change on last year is", words=DIRECTIONS)
OF_HIGHEST = Column(
    "of_highest_share", Kind.SHARE, "its value over its highest of all periods", heading="Of its highest"
)
PERIOD_ON = Column("period_on", Kind.DATE, "the last day of the period", heading="To")

# how to read one
FORMULA = Column(
    "formula",
    Kind.CODE,
    "how the figure is made",
    words=(
        "customers who had joined, or were first seen, by the last day",
        "orders placed, without cancelled ones unless the policy keeps them",
        "money of orders placed in the window",
        "money of orders placed in the window, net of cancellations and refunds as the policies say",
        "revenue ÷ customers (average revenue per user)",
        "revenue of buyers ÷ buyers (average revenue per paying user)",
        "revenue ÷ orders (average order value)",
        "sum of the monthly prices of running subscriptions",
        "customers with an event on a day, mean of {} days",
        "customers with an order on a day, mean of {} days",
        "customers with an event in {} days",
        "customers with an order in {} days",
        "revenue gained (new + grown customers) ÷ lost (shrunk + left), against the window before",
        "net revenue gained (new + grown customers) ÷ lost (shrunk + left), against the window before",
        "monthly price gained (new + grown customers) ÷ lost (shrunk + left), against the window before",
        "days from the first to the second order day by which half have it (Kaplan–Meier); none if fewer do",
        "share of 9 and 10 − share of 0 to 6, × 100 (latest answer of each customer; interval: adjusted Wald)",
        "customers with an order in the window ÷ customers",
        "customers with two orders or more in the window ÷ customers with an order in it",
        "mean daily active customers (DAU) ÷ monthly active customers (MAU)",
        "of customers with an order in the {} days before, those with one in the window",
        "of customers with an order in the {} days before, those without one in the window",
        "of customers with a running subscription on {}, those without one on {}",
        "of customers with a first order at least {} days before the last day, those with a second order day "
        "within {} days of the first",
        "orders with a refund ÷ orders placed",
        "orders with a refund ÷ paid orders",
        "cancelled orders ÷ orders placed",
        "customers with a running subscription ÷ customers",
        "customers whose latest answer is 4 or 5 of 5 ÷ customers with one",
        "customers with a complaint in the window ÷ customers",
    ),
)
WINDOW = Column(
    "window",
    Kind.CODE,
    "the days that the figure is of",
    words=("all orders to {}", "first orders to {}", "{} to {}", "on {}"),
)
DENOMINATOR = Column(
    "denominator",
    Kind.CODE,
    "what the figure is a share or a mean of; – for totals",
    words=(
        "–", "orders placed", "paid orders", "customers with an answer", "of {} customers", "customers known on {}",
        "customers with an order in the window",
        "customers with an order in the {} days before", "customers with a running subscription on {}",
        "customers with a first order at least {} days before the last day",
        "{} days × customers active in them, by events", "{} days × customers active in them, by orders",
        "{} customers with an order", "{} customers", "{} buyers", "{} orders", "{} answers",
        "{} of net revenue lost", "{} of revenue lost", "{} of monthly price lost",
    ),
)  # fmt: skip
PREVIOUS_ON = Column("previous_on", Kind.DATE, "the last day of the window before")
TELLS_MOST = Column("tells_most", Kind.FLAG, "whether the share is among those that tell most of customers staying")

# targets
TARGET = Column("target", Kind.MIXED, "the value that is wanted")
BY = Column("by", Kind.DATE, "the day by which it is wanted", heading="Due on")
BETTER = Column("better", Kind.CODE, "whether more or less is better", words=("higher", "lower"))
STATUS = Column(
    "status",
    Kind.CODE,
    "where the value stands on its way to the target",
    words={
        "reached": "reached", "on_track": "on track", "behind": "behind", "missed": "missed",
        "unknown": "too close to call",
    },
)  # fmt: skip
GAP = Column("gap", Kind.MIXED, "target less value")
TARGET_OUTSIDE_INTERVAL = Column(
    "target_outside_interval", Kind.FLAG, "whether the interval leaves the target out, so that chance is no excuse"
)
BASELINE = Column("baseline", Kind.MIXED, "the value from which the way to the target began")
SINCE = Column("since", Kind.DATE, "the day on which it began")
EXPECTED = Column("expected", Kind.MIXED, "the value that the straight way from baseline to target has today")
NEEDED_A_MONTH = Column("needed_a_month", Kind.MIXED, "the change a month that still leads to the target in time")
IS_SHARE = Column("is_share", Kind.FLAG, "whether the figure is a share, written as a percentage", heading="Is a share")
SO_FAR = Column("so_far", Kind.MIXED, "what the days of the target's window that are over have brought")
PROJECTED = Column("projected", Kind.MIXED, "what the window that ends on the target's day will likely bring")
REACHED_CHANCE = Column("reached_chance", Kind.SHARE, "the chance that the target is reached", heading="Chance")
PROJECTION = Column(
    "projection", Kind.CODE, "where the interval of what is to come lies beside the target", heading="Outlook",
    words={"reached": "will be reached", "missed": "will be missed", "open": "may be reached or missed"},
)  # fmt: skip
METHOD = Column(
    "method", Kind.CODE, "how the days to come are forecast",
    words={
        "last_year": "the same days a year before, as the last 84 days compare with theirs",
        "lately": "the mean day of the last 56 days",
    },
)  # fmt: skip
TRIALS = Column("trials", Kind.COUNT, "past forecasts that share no day, on which the interval rests")
INTERVAL = Column("interval", Kind.NAME, "the ends of the 95% CI")
OF_TARGET_SHARE = Column("of_target_share", Kind.SHARE, "the value as a share of its target", heading="Of the target")

# what becomes of an order
STAGE = Column(
    "stage",
    Kind.CODE,
    "how far an order came",
    words=("created", "paid", "refunded"),
)
OF_CREATED_SHARE = Column(
    "of_created_share", Kind.SHARE, "share of the orders created", heading="Of all created", tells="orders"
)
OF_STAGE_BEFORE_SHARE = Column(
    "of_stage_before_share",
    Kind.SHARE,
    "share of the orders of the stage before",
    heading="Of the stage before",
    tells="orders",
)

# what describes customers
ASPECT = Column(
    "aspect",
    Kind.CODE,
    "what side of the customers the field describes",
    words=("demographics", "acquisition", "relationship", "attributes", "behaviour", "preferences", "needs"),
)  # fmt: skip
FIELD = Column("field", Kind.FIELD, "the field that describes customers")
BAND = Column(  # how the bands that code cuts are written; values of the data stand as they are
    "band",
    Kind.CODE,
    "a band of numbers, of days or of hours",
    words=(
        "within 30 days", "31–90 days ago", "91–180 days ago", "181–365 days ago", "over a year ago", "none",
        "over 10", "night (0–6)", "morning (6–12)", "afternoon (12–18)", "evening (18–24)", "under {}",
        "{} to under {}", "{} and over",
    ),
)  # fmt: skip
FIELD_VALUE = Column("field_value", Kind.NAME, "one value of the field", heading="Its value")
LARGEST_GROUP = Column("largest_group", Kind.NAME, "the value that most customers share")
NOT_RECORDED_SHARE = Column("not_recorded_share", Kind.SHARE, "share of customers of whom none is recorded")
TRAIT = Column("trait", Kind.NAME, "a field and one of its values")
AMONG = Column(
    "among", Kind.CODE, "of whom the share is", words={"segment": "in the segment", "all": "of all customers"}
)

# fields that code makes of what customers did
AGE_BAND = Column("age_band", Kind.NAME, "the customer's age, in bands")
LAST_ORDER = Column("last_order", Kind.NAME, "how long ago the customer last ordered, in bands")
SPEND = Column("spend", Kind.NAME, "what the customer brought so far, in bands")
MAIN_CATEGORY = Column("main_category", Kind.NAME, "the category of most of the customer's items")
MAIN_ORDER_CHANNEL = Column("main_order_channel", Kind.NAME, "the channel of most of the customer's orders")
TIME_OF_ORDERS = Column("time_of_orders", Kind.NAME, "the part of the day of most of the customer's orders")
MAIN_NEED = Column("main_need", Kind.NAME, "the category of most of the customer's tickets")

# how complete records are
FILLED = Column("filled", Kind.COUNT, "customers with the field filled", people=True, of="customers")
FILLED_SHARE = Column("filled_share", Kind.SHARE, "share of customers with the field filled", of="customers")
FIELDS_FILLED = Column("fields_filled", Kind.CODE, "how many of the fields are filled", words={"{} to {}": "{} to {}"})

# what customers turn to the service for
SOURCE = Column(
    "source",
    Kind.CODE,
    "the table that the theme is from",
    words=("tickets", "surveys"),
)
THEME = Column("theme", Kind.NAME, "a ticket's category or a survey's question")
RECORDS = Column("records", Kind.COUNT, "tickets or answers under the theme", people=True)
COMPLAINT_SHARE = Column(
    "complaint_share", Kind.SHARE, "share of the theme's tickets that are complaints", of="records"
)
MEAN_SCORE = Column("mean_score", Kind.NUMBER, "mean score of the theme's answers")
