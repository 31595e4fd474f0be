"""Columns that several words share, each declared once. A word's own columns stand in its own `vocabulary`."""

from __future__ import annotations

from helpers.findings.columns import Column, Kind

# who
CUSTOMER_ID = Column("customer_id", Kind.PLAIN, "the customer, as the data name it")
CUSTOMERS = Column("customers", Kind.COUNT, "how many customers", people=True)
CUSTOMER_SHARE = Column("customer_share", Kind.SHARE, "share of all customers", tells="customers")
GROUP = Column("group", Kind.NAME, "the group of customers")
SEGMENT = Column("segment", Kind.NAME, "the segment of customers")
COHORT = Column("cohort", Kind.NAME, "the customers who came in the same time")

# how many and how much
ROWS = Column("rows", Kind.COUNT, "how many rows")
SHARE = Column("share", Kind.SHARE, "share of the whole")
OVERALL_SHARE = Column("overall_share", Kind.SHARE, "share of all customers with this value")
OF = Column("of", Kind.COUNT, "of how many")
ORDERS = Column("orders", Kind.COUNT, "how many orders")
REVENUE = Column("revenue", Kind.MONEY, "money from orders, less what was given back, as the policy says", summed=True)
REVENUE_SHARE = Column("revenue_share", Kind.SHARE, "share of all revenue", summed=True)

# how sure
LOWER = Column("lower", Kind.LIMIT, "lower end of the 95% interval")
UPPER = Column("upper", Kind.LIMIT, "upper end of the 95% interval")
STD_ERROR = Column("std_error", Kind.NUMBER, "standard error of the estimate before it", heading="Standard error")
P_VALUE = Column("p_value", Kind.P_VALUE, "how often chance alone would give a difference so large")
ADJUSTED_P_VALUE = Column("adjusted_p_value", Kind.P_VALUE, "the p-value, corrected for the number of tests (Holm)")
LIKELY_RATE = Column(
    "likely_rate", Kind.SHARE, "what the share likely is, drawn towards that of all the less it is sure"
)

# how far apart
STABILITY_INDEX = Column(
    "stability_index", Kind.NUMBER, "how far two distributions are apart (population stability index)"
)
BY_CHANCE = Column("by_chance", Kind.NUMBER, "how large the index may be by chance alone")

# what and when
MEASURE = Column("measure", Kind.NAME, "what is measured")
VALUE = Column("value", Kind.MIXED, "its value, in the unit of the measure", heading="Result")
METRIC = Column("metric", Kind.NAME, "the metric")
MEANING = Column("meaning", Kind.NAME, "what it means")
DAY = Column("day", Kind.DATE, "the day")
MONTH = Column("month", Kind.DATE, "the month, by its first day")

# rows of the raw data, and what became of them
TABLE = Column(
    "table",
    Kind.CODE,
    "the table of the data set",
    words={
        "customers": "customers",
        "orders": "orders",
        "order_items": "order items",
        "subscriptions": "subscriptions",
        "events": "events",
        "tickets": "tickets",
        "surveys": "surveys",
        "touches": "touches",
        "experiments": "experiments",
        "experiment_totals": "experiment totals",
        "products": "products",
        "consents": "consents",
        "planned_actions": "planned actions",
        "action_results": "results of actions",
        "points": "movements of points",
        "spending": "spending on channels",
        "leads": "leads",
    },
)
COLUMN = Column("column", Kind.FIELD, "the column of that table")
RULE = Column(
    "rule",
    Kind.CODE,
    "the rule that sets a row aside; empty where there is none",
    words={
        "": "",
        "{} is missing": "“{}” is missing",
        "{} is not a number": "“{}” is not a number",
        "{} is not a whole number": "“{}” is not a whole number",
        "{} is not a time": "“{}” is not a time",
        "{} is not a flag": "“{}” is not yes or no",
        "{} is below {}": "“{}” is below {}",
        "{} is above {}": "“{}” is above {}",
        "{} is beyond {}": "“{}” is beyond {}",
        "{} is none of: {}": "“{}” is none of: {}",
        "{} is before {}": "“{}” is before “{}”",
        "{} is {}, which stands for no day": "“{}” is {}, which stands for no day",
        "{} is more than a year after all else ({})": "“{}” is more than a year after all else ({})",
        "row repeats (all columns equal)": "the row repeats (all columns equal)",
        "row is a total": "the row is a total",
        "row is in a newer export too": "the row is in a newer export too",
        "lines of one order": "lines of one order",
        "row repeats the header": "the row repeats the header",
        "{} repeats": "“{}” repeats",
        "{} has no sum of squares": "“{}” has no sum of squares",
        "an arm has several rows of one day": "an arm has several rows of one day",
        "quantity or price is not positive": "quantity or price is not above zero",
        "quote is never closed": "a quote is never closed",
        "line does not split into the header's columns": "the line does not split into the header's columns",
        "cancelled (policy: drop)": "cancelled (policy: drop)",
        "refunded (policy: drop)": "refunded (policy: drop)",
        "negative (policy: drop)": "negative (policy: drop)",
    },
    fields=True,
)
ACCOUNTING = (
    TABLE,
    Column(
        "outcome",
        Kind.CODE,
        "what became of the rows",
        words={
            "read": "read",
            "used": "used",
            "merged": "merged",
            "kept": "kept",
            "quarantined": "quarantined",
            "guest": "without a customer",
            "later": "later than the report's day",
            "emptied": "used without the value that the rule is about",
        },
    ),
    RULE,
    Column("rows", Kind.COUNT, "how many rows had this outcome, each counted once"),
    Column("rows_meeting", Kind.COUNT, "how many rows meet the rule, whatever became of them"),
    Column("money", Kind.MONEY, "the money of the rows with this outcome; empty where their table has none"),
)
