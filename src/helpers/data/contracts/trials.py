"""Who was assigned to what, customer by customer or as totals."""

from __future__ import annotations

from helpers.data.contracts.forms import INTEGER, TEXT, TIME, Column, Table
from helpers.data.contracts.shared import CUSTOMER_ID, UPDATED_AT

EXPERIMENTS = Table(
    "experiments",
    "one customer in one arm of an experiment",
    ("experiment", "customer_id", "variant"),
    "assigned_at",
    (
        Column("experiment", TEXT, "the experiment", required=True),
        CUSTOMER_ID,
        Column("variant", TEXT, "the arm that the customer was assigned to", required=True),
        Column("assigned_at", TIME, "when the customer was assigned"),
        Column("exposed_at", TIME, "when the customer was first treated, or would have been; none: never"),
        UPDATED_AT,
    ),
)

EXPERIMENT_TOTALS = Table(
    "experiment_totals",
    "all customers of one arm of an experiment, or those assigned on one day",
    ("experiment", "variant", "day"),
    "day",
    (
        Column("experiment", TEXT, "the experiment", required=True),
        Column("variant", TEXT, "the arm that the customers were assigned to", required=True),
        Column("day", TIME, "the day on which they were assigned"),
        Column("customers", INTEGER, "how many were assigned, each counted once", required=True, low=0),
        UPDATED_AT,
    ),
)
