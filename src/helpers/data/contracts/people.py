"""Who the customers are, and what they agreed to."""

from __future__ import annotations

from helpers.data.contracts.forms import FLAG, ID, INTEGER, TEXT, TIME, Column, Table
from helpers.data.contracts.shared import CUSTOMER_ID, UPDATED_AT

# Columns of customers that are recorded when a customer comes and stay as they are, unless the settings mark them as
# known as of the export alone. `level` and others may know what happened since.
LASTING = ("channel", "gender", "country", "province", "birth_year")

CUSTOMERS = Table(
    "customers",
    "one customer",
    ("customer_id",),
    "joined_at",
    (
        CUSTOMER_ID,
        Column("joined_at", TIME, "first contact or registration"),
        Column("birth_year", INTEGER, "year of birth", low=1900, high=2100),
        Column("born_on", TIME, "day of birth, whose month and day are used", fact=False, private=True),
        Column("lunar_birthday", FLAG, "that day is of the Chinese calendar (农历)", private=True),
        Column("gender", TEXT, "as recorded"),
        Column("country", TEXT, "country of residence"),
        Column("province", TEXT, "province or state"),
        Column("city", TEXT, "city"),
        Column("channel", TEXT, "where the customer was won"),
        Column("referred_by", ID, "the customer who brought this one"),
        Column("level", TEXT, "tier or level as the source has it"),
        Column("opted_out", FLAG, "asked not to be contacted"),
        Column("owner", ID, "who looks after the customer", private=True),
        UPDATED_AT,
    ),
)

LEADS = Table(
    "leads",
    "one lead: somebody who may become a customer",
    ("lead_id",),
    "created_at",
    (
        Column("lead_id", ID, "the lead", required=True),
        Column("created_at", TIME, "when it was recorded", required=True),
        Column("source", TEXT, "where it came from"),
        Column("owner", ID, "who looks after the lead", private=True),
        Column("converted_at", TIME, "when it became a customer; empty while it is none"),
        Column("customer_id", ID, "the customer that it became"),
        UPDATED_AT,
    ),
    history=True,
    not_before=("converted_at", "created_at"),
)

CONSENTS = Table(
    "consents",
    "one answer to the question whether a channel may be used, of which the last counts",
    (),
    "asked_at",
    (
        CUSTOMER_ID,
        Column("channel", TEXT, "e-mail, SMS, WeChat, phone …", required=True),
        Column("asked_at", TIME, "when it was given, or taken back", required=True),
        Column("given", FLAG, "the channel may be used"),
    ),
)
