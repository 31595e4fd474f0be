"""Columns that several tables have."""

from __future__ import annotations

from helpers.data.contracts.forms import ID, NUMBER, TEXT, TIME, Column

CUSTOMER_ID = Column("customer_id", ID, "the customer, the same in every table", required=True)
CURRENCY = Column("currency", TEXT, "the currency of the row's money, such as USD", consumed=True)
UPDATED_AT = Column(
    "updated_at", TIME, "when the row was last changed: of rows of one key the latest counts", consumed=True
)
RATE = Column("rate", NUMBER, "what one unit of that currency is worth in the data set's own", low=0, consumed=True)
ACTION_KEY = Column("action_key", ID, "the planned action")
