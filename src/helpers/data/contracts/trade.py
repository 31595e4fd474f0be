"""What is bought: orders and their lines, goods, contracts, the points earned by it, and what buyers cost to win."""

from __future__ import annotations

from helpers.data.contracts.forms import FLAG, ID, NUMBER, TEXT, TIME, Column, Table
from helpers.data.contracts.shared import CURRENCY, CUSTOMER_ID, RATE, UPDATED_AT

NAMED = Column("product_name", TEXT, "what the product is called, as pages show it")
FAMILY = Column("family", TEXT, "the smaller group of goods inside its category: a line, a sub-category")

DISCOUNT = Column(
    "discount",
    NUMBER,
    "money taken off the list price; the amount is what was left",
    seldom=True,
    money=True,
    returned=True,
    low=0,
)

ORDERS = Table(
    "orders",
    "one order, invoice or purchase",
    ("order_id",),
    "ordered_at",
    (
        Column("order_id", ID, "the order", required=True),
        CUSTOMER_ID,
        Column("ordered_at", TIME, "when it was placed", required=True),
        Column("amount", NUMBER, "money of the whole order; summed from its items when no source has it", money=True),
        Column("refund", NUMBER, "money given back of it", money=True, returned=True, low=0),
        DISCOUNT,
        CURRENCY,
        RATE,
        Column("cancelled", FLAG, "the order was cancelled"),
        Column("paid_at", TIME, "when it was paid"),
        Column("channel", TEXT, "where it was placed"),
        UPDATED_AT,
    ),
)

ORDER_ITEMS = Table(
    "order_items",
    "one line of an order",
    (),
    "ordered_at",
    (
        Column("order_id", ID, "the order", required=True),
        Column("product_id", ID, "the product"),
        NAMED,
        Column("category", TEXT, "the product's category"),
        FAMILY,
        Column("quantity", NUMBER, "units sold; negative on a returned line"),
        Column("unit_price", NUMBER, "money for one unit", money=True),
        Column("amount", NUMBER, "money of the line; quantity × unit_price when no source has it", money=True),
        DISCOUNT,
        CURRENCY,
        RATE,
        Column("customer_id", ID, "the customer, where lines carry it: then orders are made from lines", carried=True),
        Column("ordered_at", TIME, "when the order was placed, where lines carry it", carried=True),
        Column("cancelled", FLAG, "the line was cancelled"),
    ),
)

PRODUCTS = Table(
    "products",
    "one product",
    ("product_id",),
    "",
    (
        Column("product_id", ID, "the product, as in order_items", required=True),
        NAMED,
        Column("category", TEXT, "its category"),
        FAMILY,
        Column("price", NUMBER, "list price of one unit", money=True, low=0),
        Column("cost", NUMBER, "what one unit costs the shop", money=True, low=0),
        Column("stock", NUMBER, "units that can be sold"),
        Column("sold_from", TIME, "the first day on which it is sold", fact=False),
        Column("sold_until", TIME, "the last day on which it is sold; empty: no end is known", fact=False),
        Column("once", FLAG, "nobody needs a second one"),
        CURRENCY,
        RATE,
        UPDATED_AT,
    ),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    "one contract or membership period",
    (),
    "started_at",
    (
        CUSTOMER_ID,
        Column("started_at", TIME, "when it began", required=True),
        Column("ended_at", TIME, "when it ended; empty while it runs", ahead=True),
        Column("reason", TEXT, "why it ended"),
        Column("plan", TEXT, "what was subscribed to"),
        Column("price", NUMBER, "money per month", money=True, low=0),
        CURRENCY,
        RATE,
    ),
    not_before=("ended_at", "started_at"),
    lasting=("customer_id", "started_at", "plan"),
)

POINTS = Table(
    "points",
    "one movement of a customer's points",
    (),
    "moved_at",
    (
        CUSTOMER_ID,
        Column("moved_at", TIME, "when they were booked", required=True),
        Column("points", NUMBER, "how many; negative where they were taken off", required=True),
        Column("reason", TEXT, "why they moved", choices=("earn", "redeem", "expire", "adjust")),
    ),
)

SPENDING = Table(
    "spending",
    "money spent on winning customers through one channel in one month; several rows of both add up",
    (),
    "month",
    (
        Column("channel", TEXT, "the channel, named as where customers were won", required=True),
        Column("month", TIME, "the month, or any day of it", required=True, fact=False),  # a budget may lie ahead
        Column("cost", NUMBER, "what was spent", required=True, money=True, low=0),
        CURRENCY,
        RATE,
    ),
)
