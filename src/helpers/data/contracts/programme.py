"""What was planned for whom, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from helpers.data.contracts.forms import ID, NUMBER, TEXT, TIME, Column, Table
from helpers.data.contracts.shared import ACTION_KEY, CURRENCY, CUSTOMER_ID, RATE, UPDATED_AT

TREAT, HOLDOUT = "treat", "holdout"  # arms
EVERYTHING = "(global holdout)"  # stands for the action of those whom none reaches in a season
KEY = replace(ACTION_KEY, required=True)
PLANNED_AT = Column("planned_at", TIME, "when it was planned", required=True)

PLANNED_ACTIONS = Table(
    "planned_actions",
    "one action planned for a customer, or held back from one to see what it does",
    ("action_key", "customer_id"),
    "planned_at",
    (
        KEY,
        CUSTOMER_ID,
        Column("action", TEXT, "what is to be done", required=True),
        Column("arm", TEXT, "whether it is done, or held back by lot", required=True, choices=(TREAT, HOLDOUT)),
        PLANNED_AT,
        Column("due_on", TIME, "the day on which it is to be done", fact=False),
        Column("channel", TEXT, "how the customer is reached"),
        Column("owner", ID, "who is to do it", private=True),
        Column("holdout_share", NUMBER, "the share that the lot held back", low=0, high=1),
        Column("season", TEXT, "the time for which a customer stays in one arm"),
        Column("cost", NUMBER, "what it should cost", money=True, low=0),
        CURRENCY,
        RATE,
        UPDATED_AT,
    ),
    history=True,
)

ACTION_RESULTS = Table(
    "action_results",
    "what became of one planned action",
    ("action_key", "customer_id"),
    "planned_at",
    (
        KEY,
        CUSTOMER_ID,
        PLANNED_AT,
        Column("done_at", TIME, "when it was done, or given up"),
        Column(
            "status",
            TEXT,
            "how it ended; open while somebody has it still to do, empty where nothing is known",
            choices=("done", "failed", "refused", "dropped", "open"),
        ),
        Column("cost", NUMBER, "what it cost", money=True, low=0),
        CURRENCY,
        RATE,
        UPDATED_AT,
    ),
    history=True,
)
