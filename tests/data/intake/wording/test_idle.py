"""What could do nothing where it stands is told with its value, why, and the remedy; what could is read."""

import pytest

from helpers.data.intake.wording import settings

ORDERS = "[tables.orders]\nfile = 'a.csv'\n"
CUSTOMERS = "[tables.customers]\nfile = 'c.csv'\n[tables.customers.attributes]\n"
TRIALS = "[tables.experiments]\nfile = 'x.csv'\n[tables.experiments.metrics]\n"
COLUMN = ORDERS + "[tables.orders.columns]\n"

IDLE = {
    "rates = { USD = 7.1 }\n" + ORDERS: "rates.USD = 7.1: the data set's own currency is not said. Write currency = ",
    "currency = 'CNY'\nrates = { CNY = 7.1 }\n" + ORDERS: "rates.CNY = 7.1: all money is told in CNY already. Leave ",
    "[source]\nurl = 'postgresql://a@b/c'\n" + ORDERS: "source.url: no table is read from there, each names files. ",
    ORDERS + "skip = 3": "tables.orders.skip = 3: only files of fixed width, with `fields`, have lines to skip; of ",
    ORDERS + "fields = [['a', 1, 2]]\nsheet = 'x'": "tables.orders.sheet = 'x': files of fixed width, with `fields`, ",
    ORDERS + "fields = [['a', 1, 2]]\nquery = 'x'": "tables.orders.query = 'x': files of fixed width, with `fields`, ",
    ORDERS + "since = 'x'": "tables.orders.since: it serves to read new rows of a table of [source] by `since`. Leave ",
    ORDERS + "key = 'x'": "tables.orders.key: it serves to read new rows of a table of [source] by `since`. Leave it ",
    "[tables.touches]\nfile = 'a.csv'\nmerge = true": "tables.touches.merge = true: rows of touches have no key by ",
    COLUMN + "channel = { from = 'a', decimal = ',' }": "tables.orders.columns.channel.decimal = ',': the column is read as text, not as a number. Leave it out.",
    COLUMN + "amount = { from = 'a', time_layouts = ['%d/%m/%Y'] }": "tables.orders.columns.amount.time_layouts = ['%d/%m/%Y']: the column is read as number, ",
    CUSTOMERS + "seats = { from = 'a', decimal = ',' }": "tables.customers.attributes.seats.decimal = ',': the column is ",
    CUSTOMERS + "seats = { from = 'a', kind = 'count' }": "tables.customers.attributes.seats.kind: it is of metrics alone",
    CUSTOMERS + "seats = { from = 'a', missing = '0' }": "tables.customers.attributes.seats.missing: it is of metrics ",
    CUSTOMERS + "seats = { from = 'a', cap = [0, 0.9] }": "tables.customers.attributes.seats.cap: it is of metrics alone",
    TRIALS + "a = 'a'\n[tables.experiments.covariates]\nb = { from = 'b', better = 'lower' }": "tables.experiments.covariates.b.better: it is of metrics alone, the outcomes of experiments. Leave it out.",
    TRIALS + "a = { from = 'a', kind = 'proportion', cap = [0, 0.9] }": "tables.experiments.metrics.a.cap = [0.0, 0.9]: of a proportion, ",
    "[[tables.orders]]\nfile = 'a.csv'\n[[tables.orders]]\nfile = 'b.csv'\nskip = 1": "tables.orders[2].skip = 1: only ",
}  # fmt: skip

AT_WORK = [
    "currency = 'CNY'\nrates = { USD = 7.1, CNY = 1 }\n" + ORDERS,
    "[source]\nurl = 'postgresql://a@b/c'\n[tables.orders]\ntable = 'o'\nsince = 'x'\nkey = 'y'",
    ORDERS + "fields = [['a', 1, 2]]\nskip = 3",
    ORDERS + "merge = true",
    COLUMN + "amount = { from = 'a', decimal = ',' }\nordered_at = { from = 'b', time_layouts = ['%d/%m/%Y'] }",
    COLUMN + "channel = { sql = \"CASE WHEN number(a) > 1 THEN 'x' END\", decimal = ',' }",
    CUSTOMERS + "seats = { from = 'a', type = 'number', decimal = ',' }",
    TRIALS + "a = { from = 'a', kind = 'mean', missing = '0', better = 'lower', cap = [0, 0.9], decimal = ',' }",
]


def read(folder, toml):
    (folder / "dataset.toml").write_text(toml, encoding="utf-8")
    return settings.read(folder)


@pytest.mark.parametrize("toml", IDLE)
def test_what_could_do_nothing_is_told(tmp_path, toml):
    with pytest.raises(ValueError) as caught:
        read(tmp_path, toml)
    assert str(caught.value).startswith(IDLE[toml]) and str(caught.value).endswith(".")


@pytest.mark.parametrize("toml", AT_WORK)
def test_what_does_something_is_read(tmp_path, toml):
    assert read(tmp_path, toml).feeds
