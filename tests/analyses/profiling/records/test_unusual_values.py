"""Suspicious patterns: each planted case is found with the rows it concerns, and clean tables show none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.records import suspicions as kinds
from helpers.analyses.profiling.records.unusual_values import patterns
from helpers.data import contracts, datasets
from helpers.data.intake import parsing, settings
from shops import SHARED

DAY = dt.date(2025, 12, 31)


def dataset(**tables: pd.DataFrame) -> datasets.Dataset:
    known = {
        name: parsing.completed(ibis.memtable(frame), contracts.TABLES[name])
        if name != "customers"
        else ibis.memtable(frame)
        for name, frame in tables.items()
    }
    accounting = pd.DataFrame(
        [(name, "used", "", len(frame), len(frame)) for name, frame in tables.items()],
        columns=["table", "outcome", "rule", "rows", "rows_meeting"],
    )
    words = settings.Settings("Test", "", "UTC", "EUR", None, "", "", {}, {}, {}, {})
    return datasets.Dataset("test", DAY, words, known, accounting, Path(), (), Path())


def orders(n: int = 1200) -> pd.DataFrame:
    """Clean orders of two years, with amounts that no two orders share."""
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "order_id": [f"o{place}" for place in range(n)],
            "customer_id": [f"c{place % 300}" for place in range(n)],
            "ordered_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D"),
            "amount": np.round(20 + rng.gamma(2.0, 30.0, n), 2),
            "channel": rng.choice(["app", "web", "shop"], n),
        }
    )


def customers(n: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(n)],
            "birth_year": pd.array(rng.integers(1950, 2005, n), dtype="Int64"),
            "city": rng.choice(["Paris", "Lyon", "Lille"], n),
        }
    )


def surveys(before: int = 5, after: int = 5) -> pd.DataFrame:
    """100 answers a month, on 1 to `before` in the first half of 2025 and on 1 to `after` in the second."""
    months = [pd.Timestamp(2025, month, 15) for month in range(1, 13) for _ in range(100)]
    scores = [1 + place % (before if month.month <= 6 else after) for place, month in enumerate(months)]
    ids = [f"c{place % 400}" for place in range(len(months))]
    return pd.DataFrame({"customer_id": ids, "answered_at": months, "question": "csat", "score": scores}).astype(
        {"score": "float64"}
    )


def found(data: datasets.Dataset, without: str = kinds.CONSTANT) -> dict[tuple[str, str, str], int]:
    lines = patterns(data).lines
    lines = lines[lines["pattern"] != without]
    return {(line.table, line.column, line.pattern): line.rows for line in lines.itertuples()}


def test_clean_tables_show_no_pattern():
    result = patterns(dataset(customers=customers(), orders=orders()))
    assert result.lines.empty and (result.sought["columns"] == 0).all()
    assert "None of" in result.headline() and len(result.summary()) == len(kinds.MEANINGS)


def test_answers_on_one_scale_show_no_pattern_but_the_single_question():
    data = dataset(surveys=surveys())
    assert found(data) == {}
    assert patterns(data).lines[["column", "pattern"]].to_numpy().tolist() == [["question", kinds.CONSTANT]]


def test_identifiers_spoilt_by_a_spreadsheet_are_counted_and_never_shown():
    table = orders()
    table.loc[:9, "customer_id"] = "17850.0"
    table.loc[10:14, "order_id"] = [f"{place}.2E+17" for place in range(1, 6)]
    result = patterns(dataset(orders=table))
    rows = result.lines.set_index("column")["rows"].to_dict()
    assert rows == {"customer_id": 10, "order_id": 5} and set(result.lines["pattern"]) == {kinds.SPREADSHEET_ID}
    assert "17850" not in result.lines.to_csv() + result.headline()


def test_long_identifiers_that_lost_their_last_digits_are_told_from_whole_ones():
    rng = np.random.default_rng(1)
    whole = [f"{value}" for value in rng.integers(10**17, 9 * 10**17, 1200)]
    assert found(dataset(orders=orders().assign(order_id=whole))) == {}
    lost = [f"{value[:15]}000" for value in whole]
    assert found(dataset(orders=orders().assign(order_id=lost))) == {("orders", "order_id", kinds.DIGITS_LOST): 1200}


@pytest.mark.parametrize("nobody", ["0", "99999", "Unknown", "游客"])
def test_an_identifier_that_stands_for_nobody_is_found(nobody):
    table = orders()
    table.loc[:7, "customer_id"] = nobody
    assert found(dataset(orders=table)) == {("orders", "customer_id", kinds.PLACEHOLDER_ID): 8}


def test_zero_is_an_identifier_like_others_where_numbers_begin_with_it():
    assert found(dataset(orders=orders().assign(customer_id=[str(place % 300) for place in range(1200)]))) == {}


def test_a_customer_with_a_tenth_of_all_rows_is_found_and_not_named():
    table = orders()
    table.loc[:150, "customer_id"] = "walkin77"
    data = dataset(orders=table)
    assert found(data) == {("orders", "customer_id", kinds.COMMON_ID): 151}
    assert "walkin" not in patterns(data).lines.to_csv()


@pytest.mark.parametrize(("value", "rows"), [(-1.0, 6), (99_999.0, 6), (5_000.0, 12)])
def test_a_repeated_number_far_from_all_others_is_a_sentinel(value, rows):
    table = orders()
    table.loc[: rows - 1, "amount"] = value
    assert found(dataset(orders=table)) == {("orders", "amount", kinds.SENTINEL): rows}


def test_one_large_order_and_a_short_list_of_prices_are_no_sentinels():
    table = orders()
    table.loc[0, "amount"] = 99_999.0
    assert found(dataset(orders=table)) == {}
    assert found(dataset(orders=orders().assign(amount=np.tile([39.0, 99.0, 999.0], 400)))) == {}


def test_999_among_ages_of_a_household_is_a_sentinel_but_not_99_among_prices():
    people = customers().assign(household=np.tile([1.0, 2.0, 3.0, 4.0], 250))
    people.loc[:19, "household"] = 999.0
    assert found(dataset(customers=people)) == {("customers", "household", kinds.SENTINEL): 20}
    table = orders()
    table["amount"] = np.where(np.arange(1200) % 10 == 0, 99.0, 1 + np.arange(1200) % 20)
    assert found(dataset(orders=table)) == {}


def test_impossible_ages_and_a_year_filled_in_by_habit_are_told_apart():
    """118 years before the report is the age that a form leaves when nobody is asked."""
    people = customers()
    people.loc[:29, "birth_year"] = 1907
    people.loc[30:32, "birth_year"] = 2031
    people.loc[33:232, "birth_year"] = 1970
    assert found(dataset(customers=people)) == {
        ("customers", "birth_year", kinds.IMPOSSIBLE_AGE): 33,
        ("customers", "birth_year", kinds.USUAL_YEAR): int((people["birth_year"] == 1970).sum()),
    }


def test_an_impossible_year_of_fewer_than_five_customers_is_not_shown():
    people = customers()
    people.loc[:2, "birth_year"] = 1903
    lines = patterns(dataset(customers=people)).lines
    assert lines["rows"].to_list() == [3] and "1903" not in lines.to_csv()


def test_a_few_dates_far_away_are_stray_and_a_shop_that_paused_is_not():
    table = orders()
    table.loc[:2, "ordered_at"] = pd.Timestamp("1970-01-01")
    table.loc[3:6, "ordered_at"] = pd.Timestamp("2099-12-31")
    lines = patterns(dataset(orders=table)).lines
    assert lines["pattern"].to_list() == [kinds.STRAY_TIME] * 2 and lines["rows"].to_list() == [3, 4]
    paused = orders()
    paused.loc[:599, "ordered_at"] -= pd.Timedelta(days=1500)
    assert found(dataset(orders=paused)) == {}


def test_a_few_rows_after_the_report_are_counted_from_the_accounting():
    data = dataset(orders=orders())
    data.accounting.loc[0, "rows"] += 9
    assert found(data) == {("orders", "ordered_at", kinds.LATER): 9}
    data.accounting.loc[0, "rows"] += 900
    assert found(data) == {}


def test_amounts_in_cents_from_a_month_on_are_a_change_of_unit():
    table = orders()
    late = table["ordered_at"] >= "2025-03-01"
    table["amount"] = table["amount"].where(~late, table["amount"] * 100)
    data = dataset(orders=table)
    assert found(data) == {("orders", "amount", kinds.NEW_UNIT): int((~late).sum())}
    assert "from 2025-03 on" in patterns(data).lines["evidence"].iloc[0]


def test_amounts_that_shrink_are_a_change_of_unit_and_one_high_month_is_not():
    table = orders()
    late, once = table["ordered_at"] >= "2025-03-01", table["ordered_at"].dt.strftime("%Y-%m") == "2024-11"
    shrunk = table.assign(amount=table["amount"].where(~late, table["amount"] / 50))
    assert found(dataset(orders=shrunk)) == {("orders", "amount", kinds.NEW_UNIT): int((~late).sum())}
    assert found(dataset(orders=table.assign(amount=table["amount"].where(~once, table["amount"] * 8)))) == {}


def test_a_question_that_moves_from_five_to_ten_points_is_a_change_of_scale():
    data = dataset(surveys=surveys(5, 10))
    assert found(data) == {("surveys", "score", kinds.NEW_SCALE): 600}
    evidence = patterns(data).lines.query("pattern == @kinds.NEW_SCALE")["evidence"].iloc[0]
    assert evidence == "csat: highest answer 5 before 2025-07, 10 from then on"


def test_two_questions_on_scales_of_their_own_are_no_change():
    both = pd.concat([surveys(5, 5), surveys(10, 10).assign(question="nps")], ignore_index=True)
    assert found(dataset(surveys=both)) == {}


def test_spellings_that_differ_in_case_space_and_width_are_one_value():
    table = orders()
    table.loc[table.index[:8], "channel"] = "ＡＰＰ"
    table.loc[table.index[8:18], "channel"] = "A pp"
    table.loc[table.index[18], "channel"] = "APP"  # of one customer, who is not shown
    data = dataset(orders=table)
    line = patterns(data).lines.iloc[0]
    assert (line["column"], line["pattern"], line["rows"]) == ("channel", kinds.SPELLINGS, 19)
    assert line["evidence"].startswith("4 spellings of 1 value") and "“APP”" not in line["evidence"]
    assert "“A pp”" in line["evidence"]


def test_words_that_say_nothing_are_counted():
    people = customers()
    people.loc[:39, "city"] = "未知"
    assert found(dataset(customers=people)) == {("customers", "city", kinds.PLACEHOLDER): 40}


def test_a_constant_column_is_found_where_every_row_has_its_value():
    constant = {"cancelled": False, "channel": "shop"}
    lines = patterns(dataset(orders=orders().assign(**constant))).lines
    assert lines[["column", "pattern", "rows"]].to_numpy().tolist() == [
        ["channel", kinds.CONSTANT, 1200], ["cancelled", kinds.CONSTANT, 1200]
    ]  # fmt: skip
    gaps = orders().assign(channel=np.where(np.arange(1200) % 2, "shop", None))
    assert found(dataset(orders=gaps), without="") == {}


def test_what_people_wrote_is_never_quoted():
    tickets = pd.DataFrame({
        "ticket_id": [f"t{place}" for place in range(40)], "customer_id": [f"c{place}" for place in range(40)],
        "opened_at": pd.Timestamp("2025-05-01"), "text": "call me at 13800138000",
    })  # fmt: skip
    result = patterns(dataset(tickets=tickets))
    assert {("opened_at", kinds.CONSTANT), ("text", kinds.CONSTANT)} == set(
        zip(result.lines["column"], result.lines["pattern"], strict=True)
    )
    assert "13800138000" not in result.lines.to_csv() + result.headline()


def test_tables_without_rows_or_columns_fail_nowhere():
    assert patterns(dataset(orders=orders(0), customers=pd.DataFrame({"customer_id": ["a"]}))).lines.empty


def test_the_figure_shows_every_pattern_looked_for(tmp_path):
    ax = patterns(dataset(orders=orders(50))).plot()
    assert len(ax.patches) == len(kinds.MEANINGS)
    plt.close(ax.figure)


def test_the_country_of_the_chinese_superstore_is_all_that_looks_odd(tmp_path):
    if not (SHARED / "superstore_zh").is_dir():
        pytest.skip("the public data set superstore_zh is not beside the project")
    data = datasets.open(SHARED / "superstore_zh", prepared=tmp_path)
    assert found(data, without="") == {("customers", "country", kinds.CONSTANT): 790}
