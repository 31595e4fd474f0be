"""Poor data sets, each named by what is wrong with it: small folders of raw files, the same every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]

END = pd.Timestamp("2025-06-30")
EVERYTHING = (
    "customers",
    "orders",
    "order_items",
    "events",
    "subscriptions",
    "tickets",
    "surveys",
    "touches",
    "experiments",
)
HOSTILE = (
    "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "a\"b''c`", "\u202egnp.exe", "👩\u200d👩\u200d👧 🇨🇳",
    "long " * 2_000, "nul\x00nul", "</style><img src=x onerror=alert(1)>", "$\\frac{1}{0}$ {{ x }} %s %(a)s {0}", "line\nfeed\r\ttab", "\u2028\ufeff ",
)  # fmt: skip
SETTINGS = {
    "experiments": "metrics.bought = { from = 'bought', kind = 'proportion', missing = '0' }\n"
    "metrics.spend = { from = 'spend', kind = 'mean', missing = '0' }\n"
    "covariates.before = { from = 'before', type = 'number' }\n",
    "experiment_totals": "metrics.bought = { from = 'bought', kind = 'proportion' }\n"
    "metrics.spend = { from = 'spend', squares = 'squares' }\n",
}
MEASURED = {"experiments": {"bought", "spend", "before"}}  # the columns without which these settings do not stand
POOR: dict[str, Callable[[], Tables]] = {}


def poor(name: str) -> Callable[[Callable[[], Tables]], Callable[[], Tables]]:
    """Keeps what makes a data set under its name."""

    def keep(make: Callable[[], Tables]) -> Callable[[], Tables]:
        POOR[name] = make
        return make

    return keep


def tables(customers: int = 40, names: Iterable[str] = EVERYTHING, seed: int = 1) -> Tables:
    """Plain tables of so many customers over the two years before `END`."""
    chance = np.random.default_rng(seed)
    ids = np.array([f"c{number:03}" for number in range(customers)])

    def days(rows: int) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(END - pd.to_timedelta(chance.integers(0, 700, rows), unit="D") - pd.Timedelta(hours=6))

    n = 4 * customers
    some = ids[np.arange(n) % customers]
    started, opened = days(customers), days(n)
    made = {
        "customers": pd.DataFrame({"customer_id": ids, "joined_at": END - pd.Timedelta(days=720), "birth_year": chance.integers(1950, 2005, customers), "channel": chance.choice(["shop", "web"], customers)}),
        "orders": pd.DataFrame({"order_id": [f"o{row}" for row in range(n)], "customer_id": some, "ordered_at": days(n), "amount": chance.gamma(2, 30, n).round(2), "refund": 0.0, "channel": chance.choice(["app", "web"], n)}),
        "order_items": pd.DataFrame({"order_id": [f"o{row}" for row in range(n)], "product_id": chance.choice(["p", "q"], n), "category": chance.choice(["tea", "cups"], n), "quantity": 1, "amount": 10.0}),
        "events": pd.DataFrame({"customer_id": some, "event": chance.choice(["visit", "add_to_cart", "share"], n), "happened_at": days(n), "channel": "app", "content": chance.choice(["home", "sale"], n)}),
        "subscriptions": pd.DataFrame({"customer_id": ids, "started_at": started, "ended_at": pd.Series(started + pd.to_timedelta(chance.integers(1, 600, customers), unit="D")).where(lambda ends: ends <= END), "reason": "price", "plan": chance.choice(["basic", "plus"], customers), "price": 9.0}),
        "tickets": pd.DataFrame({"ticket_id": [f"t{row}" for row in range(n)], "customer_id": some, "opened_at": opened, "first_reply_at": opened + pd.Timedelta(hours=1), "closed_at": opened + pd.to_timedelta(chance.integers(2, 90, n), unit="h"), "category": chance.choice(["delivery", "bill"], n), "channel": "phone", "complaint": chance.integers(0, 2, n), "reopened": 0, "text": chance.choice(["late delivery", "wrong bill sent"], n)}),
        "surveys": pd.DataFrame({"customer_id": some, "answered_at": days(n), "question": chance.choice(["nps", "csat"], n), "score": chance.integers(1, 6, n), "text": chance.choice(["good tea", "slow"], n)}),
        "touches": pd.DataFrame({"customer_id": some, "touched_at": days(n), "campaign": chance.choice(["spring", "autumn"], n), "channel": "mail"}),
        "experiments": pd.DataFrame({"experiment": "test", "customer_id": ids, "variant": np.where(np.arange(customers) % 2, "a", "control"), "assigned_at": END - pd.Timedelta(days=60), "bought": chance.integers(0, 2, customers), "spend": chance.gamma(2, 5, customers).round(2), "before": chance.normal(size=customers).round(3)}),
    }  # fmt: skip
    return {name: made[name] for name in names}


def write(made: Tables, folder: Path) -> Path:
    """The folder, with a file a table and its settings."""
    folder.mkdir(parents=True)
    settings = ""
    for name, frame in made.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        settings += f"[tables.{name}]\nfile = '{name}.csv'\n"
        own = [column for column in frame if column.startswith("attribute")] if name == "customers" else []
        settings += "".join(f"attributes.{column} = {{ from = '{column}' }}\n" for column in own)
        settings += SETTINGS.get(name, "") if set(frame) >= MEASURED.get(name, set()) else ""
    (folder / "dataset.toml").write_text(settings, encoding="utf-8")
    return folder


def every(made: Tables, **values: object) -> Tables:
    """The tables with these values in every row of the columns that they have of these names."""
    return {
        name: frame.assign(**{key: value for key, value in values.items() if key in frame})
        for name, frame in made.items()
    }


def times(made: Tables) -> list[tuple[str, str]]:
    """The columns of times, with their tables."""
    return [(name, column) for name, frame in made.items() for column in frame if column.endswith("_at")]


def moved(made: Tables, days: int) -> Tables:
    """The tables with all times so many days later, as texts, for pandas may have no such times."""
    result = {name: frame.copy() for name, frame in made.items()}
    for name, column in times(made):
        later = [
            None if time is pd.NaT else str(time.to_pydatetime() + dt.timedelta(days=days))
            for time in result[name][column]
        ]
        result[name][column] = later
    return result


def with_attributes(columns: int) -> Tables:
    """300 subscribers described by so many columns, half numbers and half words."""
    made = tables(300, ("customers", "subscriptions"))
    chance = np.random.default_rng(2)
    own = {
        f"attribute_{place}": chance.normal(size=300).round(2) if place % 2 else chance.choice(["x", "y", "z"], 300)
        for place in range(columns)
    }
    return made | {"customers": pd.concat([made["customers"], pd.DataFrame(own)], axis=1)}


@poor("one customer")
def one_customer() -> Tables:
    return tables(1)


@poor("two customers of everything")
def two_customers() -> Tables:
    return tables(2, ("customers", "orders", "subscriptions", "touches", "experiments"))


@poor("one row a table")
def one_row_a_table() -> Tables:
    return {name: frame.head(1) for name, frame in tables().items()}


@poor("headers only")
def headers_only() -> Tables:
    return {name: frame.head(0) for name, frame in tables(names=("orders", "tickets", "experiments")).items()}


@poor("headers of all tables")
def headers_of_all_tables() -> Tables:
    return {name: frame.head(0) for name, frame in tables().items()}


@poor("one day")
def one_day() -> Tables:
    made = tables()
    begun = {column: END for column in ("joined_at", "started_at", "opened_at", "assigned_at")}
    return every(every(made, **{column: END + pd.Timedelta(hours=18) for _, column in times(made)}), **begun)


@poor("all times equal")
def all_times_equal() -> Tables:
    made = tables()
    return every(made, **{column: END for _, column in times(made)})


@poor("a thousand equal rows")
def a_thousand_equal_rows() -> Tables:
    return {name: pd.concat([frame.head(1)] * 1_000, ignore_index=True) for name, frame in tables().items()}


@poor("one plan, one price, one reason")
def one_plan() -> Tables:
    return every(tables(names=("subscriptions",)), plan="basic")


@poor("all amounts negative")
def all_amounts_negative() -> Tables:
    return every(tables(names=("customers", "orders", "order_items")), amount=-20.0)


@poor("all amounts zero")
def all_amounts_zero() -> Tables:
    return every(tables(), amount=0.0, price=0.0, spend=0.0, bought=0)


@poor("all amounts equal")
def all_amounts_equal() -> Tables:
    return every(tables(names=("customers", "orders", "experiments")), amount=10.0, spend=10.0, bought=1, before=1.0)


@poor("amounts beyond reason")
def amounts_beyond_reason() -> Tables:
    made = tables(names=("customers", "orders", "experiments"))
    made["orders"]["amount"] = np.resize([1e300, 1e-300, -1e300, 0.01], len(made["orders"]))
    made["experiments"]["spend"] = np.resize([1e300, 1e-300], len(made["experiments"]))
    return made


@poor("no money")
def no_money() -> Tables:
    made = tables(names=("customers", "orders", "order_items"))
    return {name: frame.drop(columns=["amount", "refund"], errors="ignore") for name, frame in made.items()}


@poor("every order without its amount")
def every_order_without_its_amount() -> Tables:
    return every(tables(names=("customers", "orders")), amount=None)


@poor("every order cancelled")
def every_order_cancelled() -> Tables:
    made = tables(names=("customers", "orders", "order_items", "events"))
    return made | {"orders": made["orders"].assign(cancelled=1)}


@poor("every order refunded twice over")
def every_order_refunded() -> Tables:
    made = tables(names=("customers", "orders"))
    return made | {"orders": made["orders"].assign(refund=2 * made["orders"]["amount"])}


@poor("every order by a guest")
def every_order_by_a_guest() -> Tables:
    return every(tables(names=("orders", "order_items")), customer_id=None)


@poor("orders in 2262")
def orders_in_2262() -> Tables:
    return moved(tables(names=("customers", "orders", "subscriptions")), 86_500)


@poor("orders in 1677")
def orders_in_1677() -> Tables:
    return moved(tables(names=("customers", "orders", "subscriptions")), -126_700)


@poor("orders in the first and the last of all years")
def orders_in_all_years() -> Tables:
    made = moved(tables(names=("customers", "orders")), 0)
    made["orders"].loc[0, "ordered_at"] = "0001-01-01 00:00:00"
    made["orders"].loc[1, "ordered_at"] = "9999-12-31 23:59:59"
    return made


def totals(*customers: int | None) -> Tables:
    """Totals of two arms on as many days as each has numbers of customers, a tenth of whom bought."""
    made = [(day, arm, n) for day, n in enumerate(customers) for arm in ("a", "control")]
    frame = pd.DataFrame(made, columns=["place", "variant", "customers"]).assign(experiment="test")
    frame = frame.assign(day=END - pd.to_timedelta(frame.pop("place"), unit="D"), bought=frame["customers"] // 10)
    return {"experiment_totals": frame.assign(spend=3.0 * frame["bought"], squares=9.0 * frame["bought"])}


@poor("totals of an experiment alone")
def totals_alone() -> Tables:
    return totals(100, 1, 0, 250, 80, 3)


@poor("totals of nobody")
def totals_of_nobody() -> Tables:
    return totals(0, 0)


@poor("no repeat buyer")
def no_repeat_buyer() -> Tables:
    return {name: frame.head(40) for name, frame in tables(names=("customers", "orders")).items()}


@poor("one leaver")
def one_leaver() -> Tables:
    made = tables(names=("customers", "subscriptions"))
    made["subscriptions"].loc[1:, ["ended_at", "reason"]] = None
    return made


@poor("nobody left")
def nobody_left() -> Tables:
    return every(tables(names=("customers", "subscriptions")), ended_at=None, reason=None)


@poor("everybody left")
def everybody_left() -> Tables:
    made = tables(names=("customers", "subscriptions"))
    stays = made["subscriptions"]
    return made | {"subscriptions": stays.assign(ended_at=stays["started_at"] + (END - stays["started_at"]) / 2)}


@poor("everybody left on the day they came")
def left_on_the_day() -> Tables:
    made = tables(names=("customers", "subscriptions"))
    return made | {"subscriptions": made["subscriptions"].assign(ended_at=made["subscriptions"]["started_at"])}


@poor("everybody left on one day")
def left_on_one_day() -> Tables:
    return every(tables(names=("customers", "subscriptions")), ended_at=END)


@poor("60 columns that describe 300 customers")
def sixty_attributes() -> Tables:
    return with_attributes(60)


@poor("300 columns that describe 300 customers")
def three_hundred_attributes() -> Tables:
    return with_attributes(300)


@poor("columns called like ours")
def columns_called_like_ours() -> Tables:
    made = tables()
    ours = dict(
        file="f",
        file_row=1,
        row_hash="h",
        value=2,
        rule="r",
        table="t",
        feed="x",
        place=1,
        n=3,
        day="d",
        rows=4,
        part=5,
        index=6,
    )
    return {name: frame.assign(**ours) for name, frame in made.items()}  # fmt: skip


@poor("attributes called like columns of ours")
def attributes_called_like_ours() -> Tables:
    made = tables(names=("customers", "orders", "subscriptions"))
    ours = [
        "segment",
        "tier",
        "stage",
        "group",
        "cohort",
        "orders",
        "monetary",
        "tenure_days",
        "duration",
        "event",
        "at_risk",
        "weight",
        "customers",
    ]
    own = pd.DataFrame({f"attribute_{name}": np.resize(["u", "v"], 40) for name in ours})
    return made | {"customers": pd.concat([made["customers"], own], axis=1)}  # fmt: skip


@poor("ids that are numbers with blanks")
def ids_with_blanks() -> Tables:
    made = tables()
    for frame in made.values():
        if "customer_id" in frame:
            frame["customer_id"] = [f" {int(text[1:]):,} ".replace(",", " ") for text in frame["customer_id"]]
    return made


@poor("hostile texts")
def hostile_texts() -> Tables:
    made = tables(80)
    for frame in made.values():
        for column in frame.select_dtypes("object"):
            if not column.endswith("_id"):
                texts = HOSTILE if column == "text" else [text[:200] for text in HOSTILE]
                frame[column] = np.resize(np.array(texts, dtype=object), len(frame))
    return made


@poor("a value of its own in every row")
def own_values() -> Tables:
    made = tables()
    for frame in made.values():
        for column in ("channel", "category", "plan", "reason", "event", "content", "question", "campaign", "variant"):
            if column in frame:
                frame[column] = [f"{column} {row}" for row in range(len(frame))]
    return made


@poor("optional columns all empty")
def optional_columns_empty() -> Tables:
    kept = ("customer_id", "order_id", "ticket_id", "ordered_at", "happened_at", "event", "started_at", "opened_at",
            "answered_at", "score", "touched_at", "experiment", "variant", "amount")  # fmt: skip
    return {
        name: frame.assign(**{column: None for column in frame if column not in kept})
        for name, frame in tables().items()
    }


@poor("customers only")
def customers_only() -> Tables:
    return tables(names=("customers",))


@poor("orders only")
def orders_only() -> Tables:
    return tables(names=("orders",))


@poor("lines only")
def lines_only() -> Tables:
    return tables(names=("order_items",))


@poor("events only")
def events_only() -> Tables:
    return tables(names=("events",))


@poor("tickets only")
def tickets_only() -> Tables:
    return tables(names=("tickets",))


@poor("surveys only")
def surveys_only() -> Tables:
    return tables(names=("surveys",))


@poor("touches only")
def touches_only() -> Tables:
    return tables(names=("touches",))


@poor("experiments only")
def experiments_only() -> Tables:
    return tables(names=("experiments",))


@poor("one arm")
def one_arm() -> Tables:
    return every(tables(names=("experiments", "orders")), variant="control")


@poor("an arm of one")
def an_arm_of_one() -> Tables:
    made = tables(names=("experiments",))
    made["experiments"]["variant"] = ["a"] + ["control"] * 39
    return made


@poor("every customer in both arms")
def every_customer_in_both_arms() -> Tables:
    made = tables(names=("experiments",))["experiments"]
    return {"experiments": pd.concat([made.assign(variant="a"), made.assign(variant="control")])}


@poor("an experiment without metrics")
def without_metrics() -> Tables:
    return {"experiments": tables()["experiments"][["experiment", "customer_id", "variant", "assigned_at"]]}


@poor("one answer given by all")
def one_answer() -> Tables:
    return every(tables(names=("surveys",)), score=5, text="ok", question="nps")


@poor("every ticket open")
def every_ticket_open() -> Tables:
    return every(tables(names=("tickets",)), closed_at=None, first_reply_at=None)


@poor("tickets closed before they were opened")
def closed_before_opened() -> Tables:
    made = tables(names=("tickets",))
    return every(made, closed_at=END - pd.Timedelta(days=900), first_reply_at=END - pd.Timedelta(days=900))


@poor("customers who joined after all they did")
def joined_later() -> Tables:
    return every(tables(), joined_at=END + pd.Timedelta(days=400))


@poor("one event, one page, one campaign")
def one_of_each() -> Tables:
    return every(tables(names=("events", "touches", "orders")), event="visit", content="home", campaign="spring")


@poor("a thousand equal rows of a table with a key")
def a_thousand_equal_orders() -> Tables:
    return {"orders": pd.concat([tables()["orders"].head(1)] * 1_000, ignore_index=True)}
