"""What each table promises, declared once: one row's meaning, its columns with types and rules, and its key.

`forms` says what a table and a column are; `people`, `trade`, `contact`, `trials` and `programme` declare the tables,
`shared` the columns of several; `tables` has them all.
"""

from helpers.data.contracts.contact import EVENTS, SURVEY, SURVEYS, TICKETS, TOUCHES
from helpers.data.contracts.forms import FLAG, ID, INTEGER, NUMBER, PROSE, TEXT, TIME, WORDS, Column, Table
from helpers.data.contracts.people import CONSENTS, CUSTOMERS, LASTING, LEADS
from helpers.data.contracts.programme import ACTION_RESULTS, EVERYTHING, HOLDOUT, PLANNED_ACTIONS, TREAT
from helpers.data.contracts.shared import CURRENCY, CUSTOMER_ID, RATE, UPDATED_AT
from helpers.data.contracts.tables import EXTRA_COLUMNS, TABLES, as_markdown
from helpers.data.contracts.trade import ORDER_ITEMS, ORDERS, POINTS, PRODUCTS, SPENDING, SUBSCRIPTIONS
from helpers.data.contracts.trials import EXPERIMENT_TOTALS, EXPERIMENTS

__all__ = [
    "ACTION_RESULTS", "CONSENTS", "CURRENCY", "CUSTOMERS", "CUSTOMER_ID", "EVENTS", "EXPERIMENTS", "EXPERIMENT_TOTALS",
    "EVERYTHING", "EXTRA_COLUMNS", "FLAG", "HOLDOUT", "ID", "INTEGER", "LASTING", "LEADS", "NUMBER", "ORDERS",
    "ORDER_ITEMS", "PLANNED_ACTIONS", "POINTS", "PRODUCTS", "PROSE", "RATE", "SPENDING", "SUBSCRIPTIONS", "SURVEY",
    "SURVEYS", "TABLES", "TEXT", "TICKETS", "TIME", "TOUCHES", "TREAT", "UPDATED_AT", "WORDS", "Column", "Table",
    "as_markdown",
]  # fmt: skip
