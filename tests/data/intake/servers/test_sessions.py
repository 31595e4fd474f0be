"""Whatever keeps a database from being read is one sentence with its remedy, and leaves what there was."""

import sys

import pytest

import servers
from helpers.data.intake.servers import forms, sessions
from helpers.data.intake.wording.addresses import PASSWORD, address


def refusal(desk, url=""):
    """What is said where the desk's database, or the one at `url`, is read."""
    if url:
        desk.say((desk.folder / "dataset.toml").read_text().replace(desk.url, url))
    with pytest.raises(ValueError) as caught:
        desk.copied()
    told = str(caught.value)
    assert "\n" not in told and told.endswith((".", "?")) and servers.SECRET not in told
    assert not [path for path in desk.files() if path.suffix == ".parquet"]
    return told


def test_no_such_host(desk):
    told = refusal(desk, desk.url.replace("127.0.0.1", "no.such.host.invalid"))
    assert "no.such.host.invalid" in told and "no host has this name" in told


def test_nobody_listens_there(desk):
    assert "nothing takes the call there" in refusal(desk, desk.url.replace(str(desk.server.port), "1"))


def test_no_such_database(desk):
    assert "it has no such database" in refusal(desk, desk.url.replace("/shop", "/shoppe"))


@pytest.mark.parametrize("given, words", [("wrong", f"with the password in {PASSWORD}"), ("", "without a password")])
def test_a_wrong_password_and_none(desk, monkeypatch, given, words):
    monkeypatch.setenv(PASSWORD, given)
    told = refusal(desk)
    assert f"does not let boss in {words}" in told and PASSWORD in told


def test_no_right_to_read_a_table(desk):
    if desk.server.kind == "postgresql":
        desk.run("DROP ROLE IF EXISTS guest", f"CREATE ROLE guest LOGIN PASSWORD '{servers.SECRET}'")
    else:
        desk.run(f"CREATE OR REPLACE USER guest@'%' IDENTIFIED BY '{servers.SECRET}'", "CREATE TABLE other (a int)")
        desk.run("GRANT SELECT ON shop.other TO guest@'%'")
    told = refusal(desk, desk.server.url("shop", "guest"))
    assert told.startswith("tables.orders.table = 'orders': guest may not read it (")


@pytest.mark.parametrize(
    "word, other, told",
    [
        ('"orders"', '"order"', "tables.orders.table = 'order': no such table"),
        ('table = "orders"', 'query = "SELECT nix FROM orders"', "refused it ("),
        ('table = "orders"', 'query = "DELETE FROM orders"', "it is not one SELECT."),
        ('table = "orders"', "query = \"SELECT pg_read_file('x') FROM orders\"", "function pg_read_file() is not allowed"),
        ('"updated_at"', '"updated"', "tables.orders: no column 'updated' in orders. It has order_id, buyer"),
        ('"updated_at"', '"buyer"', "tables.orders.since = 'buyer': it holds texts. Name a column of times"),
        ('"updated_at"', '"updated_at"\nkey = "id"', "tables.orders: no column 'id' in orders."),
    ],
)  # fmt: skip
def test_what_the_settings_name_and_the_database_lacks(desk, word, other, told):
    desk.say((desk.folder / "dataset.toml").read_text().replace(word, other))
    said = refusal(desk)
    assert told in said and said.startswith("tables.orders")
    if "no such table" in told:
        assert "shop has orders" in said and "orders" in desk.server.url("orders")


def grown(desk, rows):
    """A table so large that its rows come in many packets."""
    values = ", ".join(
        f"({row}, 'c', NULL, '2024-01-07 10:00:00', 5, '2024-01-07 10:00:00')" for row in range(9, 9 + rows)
    )
    desk.run(f"INSERT INTO orders VALUES {values}")


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_goes_away_in_the_middle(desk):
    grown(desk, 5_000)
    with servers.wire(desk.server, 100_000, "breaks") as port:
        told = refusal(desk, desk.url.replace(str(desk.server.port), str(port)))
    assert "the connection broke (" in told and "nothing was changed here. Run it again" in told
    assert not list(desk.prepared.rglob(".draft-*"))


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_says_no_more(desk, monkeypatch):
    grown(desk, 5_000)
    monkeypatch.setattr(forms, "PATIENCE_SECONDS", 1)
    with servers.wire(desk.server, 100_000, "stalls") as port:
        assert "it did not answer in time" in refusal(desk, desk.url.replace(str(desk.server.port), str(port)))


@pytest.mark.parametrize("safety", ["require", "verify-full"])
def test_a_way_that_is_not_safe_is_not_taken_where_it_has_to_be(desk, safety):
    assert "the way there is not safe (" in refusal(desk, f"{desk.url}?sslmode={safety}")


@pytest.mark.parametrize("url, package", [("postgresql://a@b/c", "pg8000"), ("mariadb://a@b/c", "pymysql")])
def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch, tmp_path, url, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ValueError) as caught:
        with sessions.session(address(url), tmp_path):
            pass
    assert str(caught.value).endswith(
        f"{package} is needed to read it. Install it: {sys.executable} -m pip install {package}"
    )
