"""A feed is asked for by one SELECT, of texts, from its last value on."""

import pytest

from helpers.data.intake.servers import selects
from helpers.data.intake.servers.forms import Column, Kind
from helpers.data.intake.servers.mysql import MySQL
from helpers.data.intake.servers.postgresql import PostgreSQL
from helpers.data.intake.wording import settings

COLUMNS = {"order_id": Kind.EXACT, "Buyer": Kind.TEXT, "phone": Kind.TEXT, "changed": Kind.MOMENT}


@pytest.fixture(params=[PostgreSQL, MySQL])
def session(request):
    """A session that is not open, and knows the columns of one table."""
    known = request.param.__new__(request.param)
    known.columns = lambda asked: [Column(name, kind, known.named(name)) for name, kind in COLUMNS.items()]
    return known


def selected(session, tmp_path, toml):
    feed = feed_of(tmp_path, toml)
    return selects.select(session, feed, "tables.orders.table"), feed


def feed_of(tmp_path, toml):
    (tmp_path / "dataset.toml").write_text(
        f"[source]\nurl = 'mysql://a@h/d'\n[tables.orders]\n{toml}", encoding="utf-8"
    )
    return settings.read(tmp_path).feeds["orders"]


def test_what_is_not_mentioned_is_not_asked_for(session, tmp_path):
    select, feed = selected(session, tmp_path, "table = 'my.orders'\ncolumns = { customer_id = 'buyer' }")
    plain = select.rows(session, feed, None, "salt").replace("`", '"')
    assert plain == 'SELECT "order_id" AS "order_id", "Buyer" AS "buyer", NULL AS "phone", NULL AS "changed" FROM (SELECT * FROM "my"."orders") AS asked'  # fmt: skip


def test_only_rows_from_the_last_value_on_are_asked_for(session, tmp_path):
    select, feed = selected(session, tmp_path, "table = 'o'\nsince = 'Changed'")
    assert select.key == ("order_id",)
    plain = select.rows(session, feed, "2024-01-05", "salt").replace("`", '"')
    assert plain.endswith("""AS asked WHERE "changed" >= '2024-01-05' OR ("changed") IS NULL""")
    assert selects.select(session, feed_of(tmp_path, "table = 'o'\nsince = 'order_id'\nkey = 'phone'"), "tables.orders.table").key == ("phone",)  # fmt: skip


def test_a_query_is_proved_and_printed_anew(session, tmp_path):
    select, _ = selected(session, tmp_path, "query = 'select a.order_id from x.orders a -- all'")
    assert select.asked == "SELECT a.order_id FROM x.orders AS a"
    for query in ("DELETE FROM orders", "SELECT load_file(1)", "SELECT * FROM f(1)", "SELECT 1; SELECT 2"):
        with pytest.raises(ValueError, match=r"^tables\.orders\.query = "):
            selects.select(session, feed_of(tmp_path, f"query = '{query}'"), "tables.orders.query")
