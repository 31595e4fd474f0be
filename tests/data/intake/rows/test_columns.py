"""The columns of one file: which headers answer, what is shown of them, and their values when read."""

from types import SimpleNamespace

import pytest

from helpers.data import contracts, engine
from helpers.data.intake import files, readings
from helpers.data.intake.feeds import Source
from helpers.data.intake.rows import columns, rules
from helpers.data.intake.rows.money import Exchange
from helpers.data.intake.wording import settings
from helpers.data.shelf import Shelf

TOML = "[tables.orders]\nfile = 'orders.csv'\n"
ORDERS = 'order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,"1.234,50"\n2,b,2024-01-02,n/a\n'


@pytest.fixture
def read(tmp_path):
    """The source of orders and its only file, read and joined."""

    def made(text=ORDERS, toml=TOML, **others):
        for name, content in {"orders": text, **others}.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        (tmp_path / "dataset.toml").write_text(toml, encoding="utf-8")
        words, scratch = settings.read(tmp_path), tmp_path / "scratch"
        scratch.mkdir()
        source = Source(engine.connect(), tmp_path, words.feeds["orders"], words, Shelf(tmp_path / "shelf"), tmp_path)
        text = files.read(source.connection, tmp_path / "orders.csv", source.layout, scratch)
        return SimpleNamespace(source=source, text=columns.joined(source, text, scratch))

    return made


def typed(file):
    """The file's rows in their types."""
    shown = columns.shown(file.source, file.text)
    chosen = readings.decided(columns.asked(file.source, shown), shown)
    return columns.typed(file.source, file.text, chosen, Exchange()).order_by(engine.ROW).execute()


def test_columns_are_read_and_the_texts_that_they_were_stand_beside_them(read):
    rows = typed(read())
    assert rows["amount"].fillna(0).tolist() == [1234.5, 0]
    assert rows[rules.raw("amount")].fillna("").tolist() == ["1.234,50", ""]
    assert rows["refund"].isna().all() and rows[engine.ROW].tolist() == [1, 2]


def test_what_is_found_are_the_columns_to_which_a_header_or_an_expression_answers(read):
    file = read(toml=TOML + "[tables.orders.columns]\nchannel = { sql = \"'shop'\" }\n")
    assert columns.found(file.source, file.text) == ["order_id", "customer_id", "ordered_at", "amount", "channel"]
    assert typed(file)["channel"].tolist() == ["shop", "shop"]


@pytest.mark.parametrize(
    ("header", "amount"),
    [("Amount (€)", True), ("amount $", True), ("amount_usd", False), ('Amount (€)","Amount ($)', False)],
)
def test_a_column_answers_to_its_header_with_the_sign_of_a_currency_where_there_is_one(read, header, amount):
    text = f'order_id,customer_id,ordered_at,"{header}"\n1,a,2024-01-01,5,6\n'
    file = read(text if '","' in header else text.replace(",6", ""))
    assert ("amount" in columns.found(file.source, file.text)) == amount


def test_a_call_of_a_reading_in_an_expression_is_a_column_of_its_own(read):
    file = read(toml=TOML + '[tables.orders.columns]\nrefund = { sql = "number(amount) / 2" }\n')
    shown = columns.shown(file.source, file.text)
    assert {name for name in shown if name.startswith("number(")} and "refund" not in shown
    asked = columns.asked(file.source, shown)
    assert {each.type for name, each in asked.items() if name.startswith("number(")} == {contracts.NUMBER}
    assert typed(file)["refund"].fillna(0).tolist() == [617.25, 0]


def test_the_words_of_a_column_win_over_those_of_its_table(read):
    toml = TOML + "decimal = ','\n[tables.orders.columns]\nrefund = { from = 'back', decimal = '.' }\n"
    rows = typed(read("order_id,customer_id,ordered_at,amount,back\n1,a,2024-01-01,1.234,1.234\n", toml))
    assert (rows["amount"][0], rows["refund"][0]) == (1234, 1.234)


def test_a_file_is_joined_by_the_first_row_of_each_key(read):
    toml = TOML + "join = [{ file = 'people.csv', on = 'customer_id' }]\n[tables.orders.columns]\nchannel = 'way'\n"
    rows = typed(read(toml=toml, people="customer_id,way\na,web\na,shop\n"))
    assert rows["channel"].fillna("").tolist() == ["web", ""]


def test_a_file_to_be_joined_that_is_absent_is_an_error(read):
    with pytest.raises(ValueError, match="tables.orders.join = 'people.csv': no such file in"):
        read(toml=TOML + "join = [{ file = 'people.csv', on = 'customer_id' }]\n")


def test_the_header_that_is_likeliest_is_shown_where_one_is_missing(read):
    file = read("order_id,Kunde,client_id,ordered_at,amount\n1,x,a,2024-01-01,5\n")
    with pytest.raises(ValueError, match=r"missing customer_id. Found .* such as .* customer_id = \"client_id\""):
        columns.found(file.source, file.text)


@pytest.mark.parametrize(
    ("more", "toml", "is_found"),
    [("", "", False), (",currency", "", True), ("", "[tables.orders.columns]\nrate = 'rate'\n", True)],
)
def test_a_rate_is_one_of_money_only_beside_a_currency_or_where_it_is_mapped(read, more, toml, is_found):
    file = read(f"order_id,customer_id,ordered_at,amount,rate{more}\n1,a,2024-01-01,100,0.5{more}\n", TOML + toml)
    assert ("rate" in columns.found(file.source, file.text)) == is_found
