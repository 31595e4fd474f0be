"""The columns of this word, each declared once."""

from __future__ import annotations

from helpers.findings import Column, Kind

# models, and the days on which they are tried
MODEL = Column(
    "model", Kind.CODE, "the model, or the rule of thumb, by which orders or spends are foreseen",
    words={
        "bg_nbd": "BG/NBD",
        "mbg_nbd": "MBG/NBD",
        "pareto_nbd": "Pareto/NBD",
        "nbd": "NBD, nobody leaves",
        "common_rate": "one rate for all",
        "same_rate": "same rate as so far",
        "same_again": "same as in the days before",
        "gamma_gamma": "Gamma-Gamma",
        "common_spend": "one gamma for all",
    },
)  # fmt: skip
EXPECTED_IN_TRIAL = Column(
    "total_expected_orders", Kind.NUMBER, "orders that it expected of all customers in the days of the trial",
    heading="Expected orders",
)  # fmt: skip
BIAS_SHARE = Column("bias_share", Kind.SHARE, "by how much it expected too many orders; below zero: too few")
MEAN_ABSOLUTE_ERROR = Column(
    "mean_absolute_error", Kind.NUMBER, "by how many orders it was off for a customer, too many or too few, on average"
)
DEVIANCE = Column("deviance", Kind.NUMBER, "how surprising the orders are by it, the whole expectation scored")
DAY = Column("day", Kind.DATE, "the last day of a week")
LINE = Column(
    "line", Kind.CODE, "whose repeat orders: those bought, or those that a model expected",
    words={"bought": "bought", **MODEL.words},
)  # fmt: skip
REPEATS_SO_FAR = Column(
    "repeat_orders_so_far", Kind.NUMBER, "all orders but the first of each customer, up to the day",
    heading="Repeat orders",
)  # fmt: skip
REPEATS_BEFORE = Column("repeat_orders_before", Kind.NAME, "how often customers had come back before the trial")
EXPECTED_EACH = Column(
    "expected_orders_each", Kind.NUMBER, "orders of a customer in the trial that the model expected, on average",
    heading="Expected orders",
)  # fmt: skip
ORDERS_EACH = Column(
    "orders_each", Kind.NUMBER, "orders of a customer in the trial that came, on average", heading="Orders"
)
MEAN_ORDERS = Column("mean_orders", Kind.NUMBER, "orders of a customer that came, or that were expected, on average")

# what customers will bring
P_ALIVE = Column(
    "p_alive", Kind.SHARE, "how likely it is that the customer still buys", heading="Chance still a customer"
)
EXPECTED_ORDERS = Column("expected_orders", Kind.NUMBER, "orders that are expected of the customer over the horizon")
EXPECTED_SPEND = Column("expected_spend", Kind.MONEY, "what the customer is expected to spend on an order")
LIFETIME_VALUE = Column(
    "lifetime_value", Kind.MONEY, "what the customer's orders are expected to bring over the horizon, discounted"
)
CUSTOMERS_BY_VALUE = Column("customers_by_value", Kind.NAME, "a tenth of the customers, from the most valuable")
MEAN_ACTIVE_PROBABILITY = Column(
    "mean_active_probability",
    Kind.SHARE,
    "how likely a customer still buys, on average",
    heading="Mean chance still a customer",
)
MEAN_EXPECTED_ORDERS = Column(
    "mean_expected_orders", Kind.NUMBER, "orders that are expected of a customer over the horizon, on average",
    heading="Mean orders",
)  # fmt: skip
LEAST_LIFETIME_VALUE = Column("least_lifetime_value", Kind.MONEY, "lifetime value of the least valuable of them")
MEAN_LIFETIME_VALUE = Column("mean_lifetime_value", Kind.MONEY, "lifetime value of a customer, on average", summed=True)
TOTAL_LIFETIME_VALUE = Column(
    "total_lifetime_value",
    Kind.MONEY,
    "lifetime value of all of them",
    heading="Lifetime value",
    summed=True,
)
VALUE_SHARE = Column("value_share", Kind.SHARE, "their share of the lifetime value of all customers", summed=True)
REPEAT_ORDERS = Column("repeat_orders", Kind.NAME, "how often customers came back")
MEAN_SPEND = Column("mean_spend", Kind.MONEY, "what a customer spends on a repeat order, on average")

# groups and tiers
BUYERS = Column("buyers", Kind.COUNT, "customers who ever ordered", people=True)
BUYER_SHARE = Column("buyer_share", Kind.SHARE, "share of all customers who ever ordered", tells="buyers")
GROUPED_BY = Column("{}", Kind.PLAIN, "the group of customers, in the column by which they are grouped")
TIER = Column("tier", Kind.NAME, "the tier that customers have")
TIER_BY_VALUE = Column("tier_by_value", Kind.NAME, "the tier they would have if tiers of these sizes went by value")

# contracts
PLAN = Column("plan", Kind.NAME, "the plan of the contract")
TENURE_DAYS = Column("tenure_days", Kind.DAYS, "how long the contract has run")
PRICE = Column("price", Kind.MONEY, "what the contract costs a month")
EXPECTED_MONTHS = Column("expected_months", Kind.NUMBER, "months it is expected to run on, discounted")
CONTRACT_VALUE = Column("contract_value", Kind.MONEY, "what the running contract is expected to bring, discounted")
EXTRAPOLATED_SHARE = Column(
    "extrapolated_share", Kind.SHARE, "share of what is expected that lies beyond the tenures observed"
)
MEAN_PRICE = Column("mean_price", Kind.MONEY, "what a contract costs a month, on average", heading="Price")
MEAN_EXPECTED_MONTHS = Column(
    "mean_expected_months", Kind.NUMBER, "months a contract is expected to run on, on average",
    heading="Expected months",
)  # fmt: skip
PLAN_VALUE = Column(
    "plan_value", Kind.MONEY, "what all running contracts of the plan are expected to bring", heading="Expected value",
    summed=True,
)  # fmt: skip

# what winning customers cost, and what of it they have brought
SPENT = Column("spent", Kind.MONEY, "what was spent on winning these customers")
NEW_CUSTOMERS = Column("new_customers", Kind.COUNT, "customers whose first order fell into the months of the spending")
COST_EACH = Column(
    "cost_each",
    Kind.MONEY,
    "what was spent for each new customer (customer acquisition cost)",
    heading="Cost a customer",
)
FOLLOWED_MONTHS = Column("followed_months", Kind.COUNT, "months since the first order for which enough were followed")
EARNED_EACH = Column("earned_each", Kind.MONEY, "what a customer has brought by the end of these months, on average")
EARNED_SHARE = Column(
    "earned_share", Kind.SHARE, "what a customer has brought, over what one cost", heading="Earned back"
)
PAYBACK_MONTHS = Column(
    "payback_months", Kind.COUNT, "months until a customer has brought what one cost; missing: not yet",
    heading="Months to pay back",
)  # fmt: skip
SOONEST_MONTHS = Column(
    "soonest_months", Kind.COUNT, "the same by the upper end of the interval", heading="At the soonest"
)
LATEST_MONTHS = Column(
    "latest_months", Kind.COUNT, "the same by the lower end of the interval", heading="At the latest"
)
PAYS = Column(
    "pays", Kind.CODE, "whether customers bring what they cost within the horizon", heading="Pays back",
    words={"paid": "yes", "short": "no", "open": "too early to say"},
)  # fmt: skip
