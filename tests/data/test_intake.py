"""What strangers' exports once became silently wrong numbers of, and what they are: read, counted, or one sentence."""

import datetime as dt

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.data.preparation import books

HEAD = "order_id,customer_id,ordered_at,amount"
MANY = [f"{place},c{place % 40},2024-0{1 + place % 6}-{1 + place % 28:02d},10" for place in range(200)]


@pytest.fixture
def opened(tmp_path):
    """Opens the data set of these orders, and of other files if any."""

    def made(lines=(), head=HEAD, top="", words="", as_of=None, orders=True, **others):
        files = {"orders": "\n".join([head, *lines]) + "\n"} if orders else {}
        tables = {name.partition("_")[0]: None for name in (*files, *others)}
        for name, text in (files | others).items():
            (tmp_path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        told = [f"[tables.{name}]\nfile = '{name}*.csv'\n{words if name == 'orders' else ''}" for name in tables]
        (tmp_path / "dataset.toml").write_text("\n".join([top, *told]), encoding="utf-8")
        return datasets.open(tmp_path, as_of, prepared=tmp_path / "prepared")

    return made


def outcomes(data, table="orders"):
    """Rows of a table by outcome and rule, without what was read and used."""
    lines = data.accounting[(data.accounting["table"] == table) & (data.accounting["rule"] != "")]
    return {(outcome, rule): rows for outcome, rule, rows in lines[["outcome", "rule", "rows"]].itertuples(index=False)}


def test_a_decimal_comma_is_a_decimal_comma(opened):
    lines = ["1;a;2024-01-01;9,99", "2;a;2024-02-01;1.234,56", "3;b;2024-02-03;12,5", "4;b;2024-02-04;1.500"]
    data = opened(lines, HEAD.replace(",", ";"))
    assert data.customers["monetary"].sum() == pytest.approx(2757.05)
    assert data.readings.set_index("column")["told"]["amount"] == "decimal comma, thousands point"


def test_a_second_file_may_change_how_the_first_is_read(opened, tmp_path):
    head = HEAD.replace(",", ";")
    data = opened(["1;a;2024-01-01;1,234", "2;a;2024-01-01;5"], head)
    assert sorted(data.tables["orders"].amount.execute()) == [5, 1234]
    (tmp_path / "orders_2.csv").write_text(f"{head}\n3;a;2024-01-01;0,50\n")
    again = datasets.open(tmp_path, prepared=tmp_path / "prepared")
    assert sorted(again.tables["orders"].amount.execute()) == [0.5, 1.234, 5]


def test_a_quote_that_is_never_closed_swallows_no_record(opened):
    lines = ["1,a,2024-01-01,1,ok", '2,b,2024-01-02,2,"5 inch', "3,c,2024-01-03,3,ok", "4,d,2024-01-04,4,ok"]
    data = opened(lines, f"{HEAD},note")
    assert data.accounting["rows"][0] == 4 and data.customers["monetary"].sum() == 10


@pytest.mark.parametrize("day", ["9999-12-31", "2204-06-01", "1970-01-01"])
def test_a_day_that_is_no_fact_costs_its_row_and_never_sets_the_reports_day(opened, day):
    data = opened([*MANY, f"900,c1,{day},10"])
    assert data.as_of.year == 2024 and len(data.tables["orders"].execute()) == 200
    ((outcome, rule),) = outcomes(data)
    assert outcome == "quarantined" and rule.startswith("ordered_at is ")


def test_an_optional_time_that_says_nothing_costs_no_order(opened):
    data = opened(["1,a,2024-01-01,9,0000-00-00 00:00:00", "2,b,2024-01-02,9,N/A", "3,c,2024-01-03,9,soon"],
                  f"{HEAD},paid_at")  # fmt: skip
    assert len(data.customers) == 3 and outcomes(data) == {("emptied", "paid_at is not a time"): 1}


def test_a_birth_year_that_is_none_costs_no_customer(opened):
    people = "customer_id,birth_year\n1,0\n2,1985\n3,85\n4,1985-03-02\n"
    data = opened(["1,1,2024-01-01,5"], customers=people)
    assert data.customers.set_index("customer_id")["orders"].tolist() == [1, 0, 0, 0]
    assert data.tables["customers"].birth_year.execute().dropna().tolist() == [1985]


def test_names_of_places_are_read_in_their_encoding(opened):
    cities = {"cp1252": ["Málaga", "Köln", "Besançon"], "big5": ["臺北市", "高雄市", "新竹縣"],
              "gb18030": ["上海", "北京", "广州"], "utf-8": ["Jose\u0301", "José", "a\xa0b"]}  # fmt: skip
    people = {
        f"customers_{encoding}": "customer_id,city\n"
        + "".join(f"{encoding}{n},{city}\n" for n, city in enumerate(some))
        for encoding, some in cities.items()
    }
    data = opened(["1,cp12520,2024-01-01,5"], **{name: text.encode(name[10:]) for name, text in people.items()})
    found = data.customers.set_index("customer_id")["city"].to_dict()
    expected = {f"{encoding}{n}": city for encoding, some in cities.items() for n, city in enumerate(some)}
    assert found == {name: city.replace("\xa0", " ") for name, city in expected.items()}


def test_rows_of_guests_are_told_with_their_money_and_are_no_loss(opened):
    data = opened(["1,a,2024-01-01,5", "2,,2024-01-02,6", "3,无,2024-01-02,7", "4,GUEST,2024-01-02,8", "5,,never,9"],
                  top="nulls = ['guest']")  # fmt: skip
    assert outcomes(data)["guest", "customer_id is missing"] == 3
    lines = data.accounting[data.accounting["rows"] > 0]
    assert lines.set_index("outcome")["money"].to_dict() == {
        "read": 35, "used": 5, "guest": 21, "quarantined": 9,
    }  # fmt: skip


def test_a_table_of_which_nothing_can_be_used_names_rule_column_and_values(opened):
    with pytest.raises(ValueError) as caught:
        opened([f"{place},a,soon {place},5" for place in range(5)])
    assert "none of its 5 rows can be used. Most of them: ordered_at is not a time ('soon 0', 'soon 1', 'soon 2')" in (
        str(caught.value)
    )


@pytest.mark.parametrize(("column", "rule"), [(2, "ordered_at is not a time"), (3, "amount is not a number")])
def test_more_than_a_fifth_lost_stops_unless_it_is_accepted(opened, column, rule):
    rows = [line.split(",") for line in MANY]
    lines = [",".join([*row[:column], f"x{row[0]}", *row[column + 1 :]] if place < 50 else row)
             for place, row in enumerate(rows)]  # fmt: skip
    with pytest.raises(ValueError, match=f"50 of its 200 rows would be lost.* accept_loss = ..{rule}"):
        opened(lines)
    data = opened(lines, words=f"accept_loss = '{rule}'")
    assert data.customers["monetary"].sum() == 1500


def test_rows_of_later_days_are_an_outcome_of_their_own(opened):
    data = opened(["1,a,2024-01-01,5", "2,b,2024-05-02,6", "3,b,2024-06-02,7"], as_of="2024-02-01")
    assert outcomes(data) == {("later", books.LATER): 2} and data.as_of == dt.date(2024, 2, 1)
    money = data.accounting.set_index("outcome")["money"]
    assert money.to_dict() == {"read": 18, "used": 5, "later": 13}


def test_an_open_end_means_running(opened):
    tokens = ["", "$null$", "NULL", "-", "至今", "9999-12-31", "2099-12-31"]
    lines = [f"{place},2024-01-01,{token}\n" for place, token in enumerate(tokens)]
    data = opened(
        orders=False, subscriptions=f"customer_id,started_at,ended_at\nb,2024-01-01,2024-03-01\n{''.join(lines)}"
    )
    found = data.customers.set_index("customer_id")["subscription"].to_dict()
    assert found == {str(place): "active" for place in range(len(tokens))} | {"b": "ended"}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1.23457E+10", "1.23457E+11"], "orders.order_id: 2 ids such as '1.23457E.10' were rounded by a spreadsheet"),
        ([f"12345678901234{place}000" for place in range(8)], r"8 ids such as .* \(zeros beyond the fifteenth digit"),
    ],
)
def test_ids_that_a_spreadsheet_rounded_are_refused(opened, texts, told):
    with pytest.raises(ValueError, match=told):
        opened([f"{text},a,2024-01-01,5" for text in texts])


def test_days_are_read_in_the_order_that_another_column_proves(opened):
    data = opened(["1,a,03/04/2024,5,13/04/2024", "2,b,05/06/2024,6,"], f"{HEAD},paid_at")
    assert data.tables["orders"].ordered_at.max().execute() == pd.Timestamp("2024-06-05")
    with pytest.raises(ValueError, match="orders.ordered_at: '03/04/2024' may be 3 April 2024 or 4 March 2024"):
        opened(["1,a,03/04/2024,5", "2,b,05/06/2024,6"])


TOTALS = """[tables.experiment_totals]
file = "totals*.csv"
[tables.experiment_totals.columns]
experiment = { sql = "'test'" }
[tables.experiment_totals.metrics]
bought = { from = "bought", kind = "proportion" }
spend = { from = "spend", squares = "spend_sq" }
"""


def test_totals_that_cannot_be_are_set_aside_by_name_and_the_others_count(tmp_path):
    sound = [f"2025-04-{day:02d},{arm},50,5,60,600" for day in range(1, 31) for arm in "ab"]
    wrong = {
        "2025-05-01,a,-3,0,0,0": "customers is below 0",
        "2025-05-02,a,2.5,0,0,0": "customers is not a whole number",
        "2025-05-03,a,10,11,5,25": "bought is above customers",
        "2025-05-04,a,10,0.4,5,25": "bought is not a whole number",
        "2025-05-05,a,10,1,50,249": "spend squared is below spend² / customers",
        "2025-05-06,a,10,1,50,": "spend has no sum of squares",
        "2025-05-07,a,10,1,5,25": "an arm has several rows of one day",
        "2025-05-07,a,12,1,5,25": "an arm has several rows of one day",
    }
    lines = ["day,variant,customers,bought,spend,spend_sq", *sound, *wrong, "2025-05-08,b,0,0,0,0"]
    (tmp_path / "totals.csv").write_text("\n".join([*lines, "2025-05-09,b,10,1,50,250", sound[0]]), encoding="utf-8")
    (tmp_path / "dataset.toml").write_text(TOTALS, encoding="utf-8")
    data = datasets.open(tmp_path, prepared=tmp_path / "prepared")
    expected = dict.fromkeys(wrong.values(), 1) | {"an arm has several rows of one day": 2}
    told = {("quarantined", rule): rows for rule, rows in expected.items()}
    assert outcomes(data, "experiment_totals") == told | {("merged", "experiment + variant + day repeats"): 1}
    assert data.tables["experiment_totals"].count().execute() == len(sound) + 2 and len(data.customers) == 0


def test_totals_of_two_rows_an_arm_without_days_are_one_sentence(tmp_path):
    lines = [f"{arm},50,5,60,600" for arm in "aabb"]
    (tmp_path / "totals.csv").write_text(
        "variant,customers,bought,spend,spend_sq\n" + "\n".join(lines) + "\na,60,5,60,600\n"
    )
    (tmp_path / "dataset.toml").write_text('observed_on = "2025-06-30"\n' + TOTALS, encoding="utf-8")
    with pytest.raises(ValueError, match=r"4 of its 5 rows would be lost.*an arm has several rows of one day \('"):
        datasets.open(tmp_path, prepared=tmp_path / "prepared")
