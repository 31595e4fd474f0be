"""The tables of a database are guessed as files are, and become tables or queries of a dataset.toml."""

from contextlib import contextmanager

import pandas as pd
import pytest

from helpers.data import draft
from helpers.data.draft import databases
from helpers.data.intake.servers.forms import Column, Kind, Refused, Why
from helpers.data.intake.wording import settings

URL = "postgresql://analyst@db.host/shop"
DAYS = [f"2024-01-{day:02} 10:00:00" for day in range(1, 29)] * 2
BUYERS = [f"C{row % 20:03}" for row in range(56)]


class Tables:
    """A session whose database holds these tables; None is one without rights."""

    def __init__(self, **tables):
        self.known = {
            name: table if table is None else pd.DataFrame(table).astype("string") for name, table in tables.items()
        }

    def tables(self):
        return list(self.known)

    def columns(self, asked):
        table = self.known[asked.split('"')[1]]
        if table is None:
            raise Refused(Why.NO_RIGHT, "permission denied")
        return [Column(name, Kind.TEXT, f'"{name}"') for name in table]

    def fetch(self, sql, names, path, tell):
        self.known[path.name].to_parquet(path)
        return len(self.known[path.name])

    def named(self, name):
        return f'"{name}"'


@pytest.fixture
def written(monkeypatch, tmp_path):
    """The draft of tables, and the settings that its text is read as."""

    def write(**tables):
        @contextmanager
        def session(address, folder):
            yield Tables(**tables)

        monkeypatch.setattr(databases.sessions, "session", session)
        found, database = draft.of_database(URL)
        (tmp_path / "dataset.toml").write_text(draft.as_toml(found, database), encoding="utf-8")
        return found, settings.read(tmp_path)

    return write


def orders(**more):
    rows = [str(row) for row in range(56)]
    return {"order_id": rows, "customer_id": BUYERS, "ordered_at": DAYS, "amount": [f"{row}.50" for row in rows]} | more


def test_a_table_is_named_with_the_column_that_says_when_a_row_was_changed(written):
    found, words = written(orders=orders(updated_at=DAYS), secret=None)
    feed = words.feeds["orders"]
    assert (words.source.url, words.title, feed.sheet, feed.since) == (URL, "shop", "orders", "updated_at")
    assert found.unread == {"secret": "permission denied"} and found.observed_on is None


def test_a_server_that_goes_away_is_one_sentence(written, monkeypatch):
    monkeypatch.setattr(Tables, "fetch", lambda *_: (_ for _ in ()).throw(Refused(Why.GONE, "reset by peer")))
    with pytest.raises(
        ValueError, match=r"^postgresql://analyst@db\.host/shop: the connection broke \(reset by peer\)"
    ):
        written(orders=orders())


def test_tables_that_differ_in_digits_alone_are_one_query(written):
    later = orders() | {"order_id": [str(row) for row in range(100, 156)]}
    _, words = written(orders_2024=orders(), orders_2025=later)
    assert words.feeds["orders"].query == "SELECT * FROM orders_2024 UNION ALL SELECT * FROM orders_2025"


ORDERS = {"order_id": [f"o{n}" for n in range(20)], "customer_id": [f"k{n}" for n in range(20)],
          "order_date": ["2025-01-02"] * 20, "amount": ["5"] * 20}  # fmt: skip
PEOPLE = {
    "customer_id": ORDERS["customer_id"],
    "Customer Unique ID": [f"p{n // 2}" for n in range(20)],
    "city": ["x"] * 20,
}
REVIEWS = {
    "order_id": ORDERS["order_id"],
    "score": ["4"] * 20,
    "answered_at": [f"2025-02-0{n % 9 + 1}" for n in range(20)],
}


def test_columns_of_other_tables_are_joined_one_row_for_each(written):
    _, words = written(orders=ORDERS, people=PEOPLE, reviews=REVIEWS)
    joined = "LEFT JOIN people AS j{} ON j{}.customer_id = {}.customer_id"
    assert (
        words.feeds["orders"].query
        == f'SELECT t.*, j0."Customer Unique ID" FROM orders AS t {joined.format(0, 0, "t")}'
    )
    assert words.feeds["orders"].columns["customer_id"].headers == ("customer_unique_id",)
    assert words.feeds["surveys"].query == (
        'SELECT t.*, j0.customer_id, j1."Customer Unique ID" FROM reviews AS t LEFT JOIN orders AS j0 ON j0.order_id = '
        f"t.order_id {joined.format(1, 1, 'j0')}"
    )


def test_of_a_key_that_stands_on_several_rows_one_value_is_taken(written):
    returns = {"order_id": ["o1", "o2", "o2"], "returned": ["yes"] * 3}
    _, words = written(orders=ORDERS, returns=returns)
    feed = words.feeds["orders"]
    looked_into = "(SELECT order_id, MAX(returned) AS returned FROM returns GROUP BY order_id)"
    assert f"SELECT t.*, j0.returned FROM orders AS t LEFT JOIN {looked_into} AS j0 ON" in feed.query
    assert feed.columns["cancelled"].sql == 'flag("returned")'


@pytest.mark.parametrize("url, name", [(URL, "shop"), ("mysql://a@h/../..%2Fx", "_x"), ("mysql://a@h/商城", "商城")])
def test_a_folder_is_called_as_the_database_and_leads_nowhere_else(url, name):
    assert draft.folder_name(url) == name
