"""What each table promises: one row's meaning, its columns with types and rules, and its key.

Declared once. `sources` validates with it, `data/raw/README.md` prints it, presets map onto it.
"""

from __future__ import annotations

from dataclasses import dataclass

ID, TEXT, INTEGER, NUMBER, FLAG, TIME = "id", "text", "integer", "number", "flag", "time"
PROSE = "prose"  # what people wrote: its words are counted, never shown as they stand
WORDS = (ID, TEXT, PROSE)  # any text is one

# Columns of customers that are recorded when a customer comes and stay as they are, unless the settings mark them as
# known as of the export alone. `level` and others may know what happened since.
LASTING = ("channel", "gender", "country", "province", "birth_year")


@dataclass(frozen=True)
class Column:
    """One promised column, whose values lie between `low` and `high`.

    A row without a readable value goes to quarantine where the column is required, or carried; else its cell is empty.
    """

    name: str
    type: str
    meaning: str
    required: bool = False
    carried: bool = False  # a source may lack it, but one that maps it has it in every row
    money: bool = False  # in the currency of its row
    scale: bool = False  # an answer on a scale, whose ends are often named in words
    returned: bool = False  # money that goes back: its sign says nothing, so a column of negative ones is turned
    consumed: bool = False  # used up in reading, and not there afterwards
    ahead: bool = False  # an end: a fact where rows that run have none, else a term, which may lie after the day
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One contract table: `key` columns identify a row (empty: equal rows are legitimate), `fact_at` dates it."""

    name: str
    row: str
    key: tuple[str, ...]
    fact_at: str  # the time from which the row is known: rows later than as_of are never seen
    columns: tuple[Column, ...]
    history: bool = False  # rows of one key are the steps of one thing, of which the last tells how it stands
    not_before: tuple[str, str] | None = None  # (later, earlier): the first column is never before the second

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def shareable(self) -> bool:
        """Whether its key is a number that customers might share."""
        return len(self.key) == 1 and self.key != ("customer_id",)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a source must map."""
        return tuple(column.name for column in self.columns if column.required)


CUSTOMER_ID = Column("customer_id", ID, "the customer, the same in every table", required=True)
CURRENCY = Column("currency", TEXT, "the currency of the row's money, such as USD", consumed=True)
UPDATED_AT = Column(
    "updated_at", TIME, "when the row was last changed: of rows of one key the latest counts", consumed=True
)
RATE = Column("rate", NUMBER, "what one unit of that currency is worth in the data set's own", low=0, consumed=True)

CUSTOMERS = Table(
    "customers",
    "one customer",
    ("customer_id",),
    "joined_at",
    (
        CUSTOMER_ID,
        Column("joined_at", TIME, "first contact or registration"),
        Column("birth_year", INTEGER, "year of birth", low=1900, high=2100),
        Column("gender", TEXT, "as recorded"),
        Column("country", TEXT, "country of residence"),
        Column("province", TEXT, "province or state"),
        Column("city", TEXT, "city"),
        Column("channel", TEXT, "where the customer was won"),
        Column("referred_by", ID, "the customer who brought this one"),
        Column("level", TEXT, "tier or level as the source has it"),
        Column("opted_out", FLAG, "asked not to be contacted"),
        UPDATED_AT,
    ),
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
        Column("category", TEXT, "the product's category"),
        Column("quantity", NUMBER, "units sold; negative on a returned line"),
        Column("unit_price", NUMBER, "money for one unit", money=True),
        Column("amount", NUMBER, "money of the line; quantity × unit_price when no source has it", money=True),
        CURRENCY,
        RATE,
        Column("customer_id", ID, "the customer, where lines carry it: then orders are made from lines", carried=True),
        Column("ordered_at", TIME, "when the order was placed, where lines carry it", carried=True),
        Column("cancelled", FLAG, "the line was cancelled"),
    ),
)

EVENTS = Table(
    "events",
    "one thing that a customer did",
    (),
    "happened_at",
    (
        CUSTOMER_ID,
        Column("event", TEXT, "what was done, such as visit or add_to_cart", required=True),
        Column("happened_at", TIME, "when", required=True),
        Column("channel", TEXT, "app, mini programme, web …"),
        Column("content", TEXT, "page, article or product it was done on"),
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
)

TICKETS = Table(
    "tickets",
    "one service request or complaint",
    ("ticket_id",),
    "opened_at",
    (
        Column("ticket_id", ID, "the ticket", required=True),
        CUSTOMER_ID,
        Column("opened_at", TIME, "when it was recorded", required=True),
        Column("handled_at", TIME, "when somebody began to work on it"),
        Column("first_reply_at", TIME, "when somebody first answered"),
        Column("followed_up_at", TIME, "when the customer was told how it stands"),
        Column("closed_at", TIME, "when it was resolved; empty while it is open"),
        Column("revisited_at", TIME, "when the customer was asked whether it is settled (回访)"),
        Column("summarised_at", TIME, "when what was learnt from it was written down"),
        Column("category", TEXT, "what it is about"),
        Column("channel", TEXT, "phone, chat …"),
        Column("workgroup", TEXT, "who works on it"),
        Column("priority", TEXT, "how urgent it is"),
        Column("complaint", FLAG, "it is a complaint"),
        Column("replies", INTEGER, "answers given to the customer", low=0),
        Column("reopened", INTEGER, "times it was opened again", low=0),
        Column("text", PROSE, "what the customer wrote"),
        UPDATED_AT,
    ),
    history=True,
    not_before=("closed_at", "opened_at"),
)

SURVEYS = Table(
    "surveys",
    "one answer to one question",
    (),
    "answered_at",
    (
        CUSTOMER_ID,
        Column("answered_at", TIME, "when it was answered", required=True),
        Column("question", TEXT, "nps, csat …"),
        Column("score", NUMBER, "the answer", required=True, scale=True, low=0, high=100),
        Column("text", PROSE, "what the customer wrote beside it"),
    ),
)

TOUCHES = Table(
    "touches",
    "one contact made with a customer",
    (),
    "touched_at",
    (
        CUSTOMER_ID,
        Column("touched_at", TIME, "when it was sent or made", required=True),
        Column("campaign", TEXT, "the campaign it belongs to"),
        Column("channel", TEXT, "e-mail, SMS, WeChat, visit …"),
        Column("opened_at", TIME, "when it was opened"),
        Column("clicked_at", TIME, "when it was clicked"),
        Column("invitation", FLAG, "it asks the customer to answer a survey"),
    ),
)

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

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CUSTOMERS,
        ORDERS,
        ORDER_ITEMS,
        EVENTS,
        SUBSCRIPTIONS,
        TICKETS,
        SURVEYS,
        TOUCHES,
        EXPERIMENTS,
        EXPERIMENT_TOTALS,
    )
}

# What a source may carry beyond the contract, when its preset or dataset.toml names it.
EXTRA_COLUMNS = {
    "customers": "attributes: text or numbers that describe the customer",
    "experiments": "metrics: numbers measured after assignment; covariates: text or numbers known before it",
    "experiment_totals": "metrics: their sums over these customers, of a proportion how many have it",
}


def as_markdown() -> str:
    """The contract tables as Markdown, for `data/raw/README.md`."""
    return "\n".join(_table_markdown(table) for table in TABLES.values())


def _table_markdown(table: Table) -> str:
    key = f" Key: {', '.join(table.key)}." if table.key else " No key: equal rows are legitimate."
    later = f" {table.not_before[0]} is never before {table.not_before[1]}." if table.not_before else ""
    extra = f" May carry {EXTRA_COLUMNS[table.name]}." if table.name in EXTRA_COLUMNS else ""
    head = f"### {table.name}\n\nOne row is {table.row}.{key}{later}{extra}\n"
    titles = "| column | type | meaning | rule |\n|---|---|---|---|"
    return "\n".join([head, titles, *(_column_markdown(column) for column in table.columns), ""])


def _column_markdown(column: Column) -> str:
    bounds = [
        f"at least {column.low:g}" if column.low is not None else "",
        f"at most {column.high:g}" if column.high is not None else "",
    ]
    presence = "required" if column.required else "required once mapped" if column.carried else ""
    ahead = "a term that may lie ahead, where every row has one" if column.ahead else ""
    rule = ", ".join(filter(None, [presence, *bounds, ahead]))
    return f"| {column.name} | {column.type} | {column.meaning} | {rule} |"


if __name__ == "__main__":
    print(as_markdown())
