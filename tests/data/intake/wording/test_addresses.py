"""The address of a database is told, and read, without a password."""

import pytest

from helpers.data.intake.wording import settings
from helpers.data.intake.wording.addresses import Address, address, without_secrets


@pytest.mark.parametrize(
    "url, found, told",
    [
        ("postgresql://analyst@db.host/shop", Address("postgresql", "analyst", "db.host", 5432, "shop"), ""),
        ("postgres://a@h:6543/s", Address("postgresql", "a", "h", 6543, "s"), "postgresql://a@h:6543/s"),
        ("mariadb://a%40b@h/shop", Address("mysql", "a@b", "h", 3306, "shop"), "mysql://a@b@h/shop"),
        ("mysql://a@[::1]/商城", Address("mysql", "a", "::1", 3306, "商城"), ""),
        ("sqlite:///shop.db", Address("sqlite", "", "", 0, "shop.db"), ""),
        ("duckdb://own/商城.duckdb", Address("duckdb", "", "", 0, "own/商城.duckdb"), "duckdb:///own/商城.duckdb"),
        ("sqlite:////srv/shop.db", Address("sqlite", "", "", 0, "/srv/shop.db"), ""),
        ("mysql://a@h/s?sslmode=require", Address("mysql", "a", "h", 3306, "s", "require"), "mysql://a@h/s"),
    ],
)
def test_an_address_says_whose_account_on_which_host_and_which_database(url, found, told):
    assert address(url) == found and str(address(url)) == (told or url)


@pytest.mark.parametrize(
    "toml, told",
    [
        ("[source]\nurl = 'postgresql://u:s3cret@h/d'", "source: it holds a password. Take it out, and give it in the environment as KEHU_DATABASE_PASSWORD."),
        ("[source]\nurl = 'postgresql://u:s3cret/x@h/d'", "source: it is no address"),
        ("[source]\nurl = 'mysql://u@h/d?password=s3cret'", "source: it holds a password"),
        ("[source]\nurl = 'postgresql://u@h/d'\npassword = 's3cret'", "source: no password stands in a file"),
        ("[source]\nurl = 'oracle://u@h/d'", "source: no such kind of database is read. Write one of postgresql"),
        ("[source]\nurl = 'mysql://h/d'", "source: it lacks its user"),
        ("[source]\nurl = 'mysql://u@/d'", "source: it lacks its host"),
        ("[source]\nurl = 'mysql://u@h'", "source: it lacks the database's name"),
        ("[source]\nurl = 'mysql://u@h/d?sslmode=no'", "source: sslmode = 'no': choose one of disable"),
        ("[source]\nurl = 'mysql://u@h/d?sslcert=x'", "source: url = 'sslcert': choose one of sslmode"),
        ("[source]\nurl = 'sqlite://'", "source: it names no file. Write one such as sqlite:///shop.db."),
        ("[source]\nadress = 'x'", "source: 'adress' is not a setting."),
        ("source = 'postgresql://u:s3cret@h/d'", "source = 'postgresql://u:…@h/d': write a table"),
        ("[tables.orders]\nfile = 'postgresql://u:s3cret@h/d'", "tables.orders.file = 'postgresql://u:…@h/d': a database is no file"),
        ("title = 3\n[source]\nurl = 3", "title = 3: write a text"),
    ],
)  # fmt: skip
def test_a_wrong_address_is_told_without_the_password_in_it(tmp_path, toml, told):
    (tmp_path / "dataset.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        settings.read(tmp_path)
    assert str(caught.value).startswith(told) and "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text, told",
    [
        ("postgresql://u:p@h/d", "postgresql://u:…@h/d"),
        ("postgresql://u:p@q/r@h/d", "postgresql://u:…@h/d"),
        ("{'url': 'mysql://u@h/d?password=p&x=1'}", "{'url': 'mysql://u@h/d?password=…&x=1'}"),
        ("orders_*.csv", "orders_*.csv"),
    ],
)
def test_texts_are_shown_without_the_passwords_of_addresses(text, told):
    assert without_secrets(text) == told
