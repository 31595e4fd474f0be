"""Tables are written by declaration, escaped, and alike in every run."""

import datetime as dt
import html
import re

import numpy as np
import pandas as pd
import pytest

from helpers import language
from helpers.findings import Column, Kind
from helpers.findings.tables import ROWS_KEPT, folded, table, width
from helpers.findings.vocabulary import CUSTOMERS, LOWER, P_VALUE, REVENUE, UPPER

COLUMNS = (
    Column("plan", Kind.NAME, "plan"), Column("tier", Kind.NAME, "tier"), Column("level", Kind.NAME, "level"), CUSTOMERS, LOWER, UPPER, REVENUE, P_VALUE,
    Column("churn_rate", Kind.SHARE, "share that left"), Column("rate", Kind.SHARE, "share"),
    Column("recency_days", Kind.DAYS, "since the last order"), Column("birth_year", Kind.PLAIN, "year of birth"),
    Column("first_order_on", Kind.DATE, "first order"), Column("opened_at", Kind.DATE, "opened"),
    Column("opted_out", Kind.FLAG, "whether out"), Column("state", Kind.CODE, "state", words={"ok": "holds <b>"}),
    Column("{}", Kind.MIXED, "one column for each value that names it"),
)  # fmt: skip


def written(frame: pd.DataFrame, currency: str = "") -> str:
    return table(frame, COLUMNS, currency)


def cells(frame: pd.DataFrame, currency: str = "") -> list[list[str]]:
    markup = written(frame, currency)
    rows = re.findall(r"<tr>.*?</tr>", markup, re.DOTALL)
    return [
        [html.unescape(cell) for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows
    ]


def test_a_table_writes_each_column_as_it_is_declared():
    frame = pd.DataFrame(
        {
            "plan": ["年付", None], "customers": [23456, 1], "churn_rate": [0.123, np.nan], "lower": [0.1, 0.2],
            "upper": [0.15, 0.25], "revenue": [1234.5, 99.5], "recency_days": [12.345, 400.0],
            "first_order_on": pd.to_datetime(["2020-01-31", None]), "p_value": [0.0001, 0.05],
            "birth_year": [1990.0, np.nan], "opted_out": [True, False],
            "opened_at": [dt.datetime(2020, 1, 2, 9, 30)] * 2,
        }
    )  # fmt: skip
    assert cells(frame, "CNY") == [
        ["Plan", "Customers", "Churn rate", "Lower", "Upper", "Revenue (¥)", "Recency (days)", "First order on", "p",
         "Birth year", "Opted out", "Opened at"],
        ["年付", "23,456", "12.3%", "10.0%", "15.0%", "1,230", "12.3", "2020-01-31", "< 0.001", "1990", "yes",
         "2020-01-02 09:30"],
        ["–", "1", "–", "20.0%", "25.0%", "99.50", "400", "–", "0.050", "–", "no", "2020-01-02 09:30"],
    ]  # fmt: skip


def test_a_column_that_only_says_what_others_are_is_not_shown():
    by = Column("is", Kind.NAME, "what it is", aside=True)
    effect = Column("effect", Kind.NUMBER, "what changed", by=by, kinds={"share": Kind.POINTS})
    frame = pd.DataFrame({"effect": [0.05, 12.5], "lower": [-0.01, 3.5], "is": ["share", "mean"]})
    columns = (effect, LOWER, by)
    markup = table(frame, columns)
    assert re.findall(r'<t[dh] class="n">(.*?)<', markup) == [
        "Effect", "Lower", "+5.0 points", "−1.0 points", "12.5", "3.50",
    ]  # fmt: skip
    assert "share" not in markup and "mean" not in markup
    assert width(frame, columns) == 2 * len("+5.0 points  ")


def test_words_in_a_column_of_numbers_are_shown_as_they_are():
    frame = pd.DataFrame({"churn_rate": ["fewer than 10", 0.2], "revenue": ["hidden", 5], "p_value": ["", 0.5]})
    assert cells(frame)[1:] == [["fewer than 10", "hidden", ""], ["20.0%", "5", "0.500"]]


def test_numbers_stand_to_the_right_and_words_to_the_left():
    markup = written(pd.DataFrame({"plan": ["a"], "rate": [0.5]}))
    assert '<td>a</td><td class="n">50.0%</td>' in markup
    name = re.search(r'<table[^>]* id="(\w+)"', markup)[1]
    assert f"#{name} :is(th, td) {{ text-align: left }}" in markup
    assert f"#{name} .n {{ text-align: right" in markup


@pytest.mark.parametrize(
    ("words", "least"), [("gold", "2.4em"), ("金卡会员", "4.8em"), ("a sentence of more than thirty letters", "12em")]
)
def test_words_keep_room_beside_numbers(words, least):
    markup = written(pd.DataFrame({"tier": [words, None], "rate": [0.5, 0.5]}))
    assert f'<th style="min-width: calc(min({least}, 36vw) + 1rem)">Tier</th>' in markup


def test_numbers_among_few_values_that_a_frame_keeps_as_categories_are_numbers_too():
    values = pd.DataFrame({"level": pd.Categorical([1.0, 1.0])})
    assert written(values).count('class="n"') == 3


def test_a_named_index_becomes_columns_and_an_unnamed_one_vanishes():
    frame = pd.DataFrame({"customers": [5]}, index=pd.Index(["gold"], name="level"))
    assert cells(frame) == [["Level", "Customers"], ["gold", "5"]]
    assert cells(frame.rename_axis(None)) == [["Customers"], ["5"]]


def test_markup_in_cells_headings_and_nested_values_is_never_run():
    attack = "<script>alert('x')</script>"
    frame = pd.DataFrame({attack: [attack, [attack]], "rate": [attack, {attack: 1}], "revenue": [attack, {attack}]})
    frame.index = pd.Index([attack, "<img src=x onerror=alert(1)>"], name="<b>index</b>")
    markup = written(frame, currency="<i>")
    assert not re.findall(r"<(?!/?(?:style|table|thead|tbody|tr|th|td)\b)[^>]*>", markup)
    assert markup.count("&lt;script&gt;") == 8  # a heading, an index cell and six cells


def test_a_table_leaves_its_input_untouched():
    frame = pd.DataFrame({"rate": [0.5]}, index=pd.Index([3], name="level"))
    before = frame.copy()
    written(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_columns_of_the_same_name_are_both_shown():
    frame = pd.DataFrame([[0.5, 0.25]], columns=["rate", "rate"])
    assert cells(frame) == [["Rate", "Rate"], ["50.0%", "25.0%"]]


def test_a_table_is_written_alike_in_every_run_and_goes_by_a_name_of_its_own():
    frame = pd.DataFrame({"rate": [0.5]})
    once, again, other = (written(one) for one in (frame, frame.copy(), frame + 0.1))
    assert once == again
    assert re.findall(r'id="(\w+)"', once) != re.findall(r'id="(\w+)"', other)


def test_codes_are_shown_in_their_words_and_unknown_ones_as_they_are():
    assert cells(pd.DataFrame({"state": ["ok", "new", None]}))[1:] == [["holds <b>"], ["new"], ["–"]]


def test_a_column_that_nobody_declared_is_refused_with_the_nearest_name():
    with pytest.raises(LookupError, match="column = 'revenu': it is not declared; .* Did you mean 'revenue'?"):
        table(pd.DataFrame({"revenu": [1.0]}), (CUSTOMERS, REVENUE))


def test_a_table_in_chinese_has_no_english_heading_left():
    words = Column("decision", Kind.CODE, "what to do", words={"ship": "ship"})
    frame = pd.DataFrame(
        {"customers": [1320], "revenue": [-1234.5], "decision": ["ship"], "rate": [0.5], "lower": [0.4]}
    )
    with language.spoken("zh"):
        markup = table(frame, (CUSTOMERS, REVENUE, words, COLUMNS[9], LOWER), "CNY")
    shown = re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", markup, re.DOTALL)
    assert shown == ["客户数", "营收（元）", "决定", "比率", "下限", "1,320", "−1,230", "全量上线", "50.0%", "40.0%"]


def test_a_row_is_as_wide_as_the_widest_word_of_each_column_with_the_blank_around_it():
    frame = pd.DataFrame({"plan": ["年付", "monthly plan"], "customers": [5, 1_234]})
    assert width(frame, COLUMNS) == len("monthly plan") + 2 + len("Customers") + 2
    assert width(frame.set_index("plan"), COLUMNS) == width(frame, COLUMNS)
    assert width(frame.head(0), COLUMNS) == len("Plan") + 2 + len("Customers") + 2


def shown_at_once(rows: int) -> str:
    return folded(pd.DataFrame({"plan": ["a"] * rows, "customers": range(rows)}), COLUMNS)


def test_of_a_long_table_all_rows_stand_on_the_page_behind_a_switch():
    assert "checkbox" not in shown_at_once(20) and "kehu-cut" not in shown_at_once(20)
    markup = shown_at_once(21)
    assert markup.count("<tr>") == 1 + 21 and "tbody tr:nth-child(n + 21) { display: none }" in markup
    assert "The first 20 of 21 rows." in markup and '<input type="checkbox"> Show all 21 rows</label>' in markup


def test_of_a_very_long_table_the_page_keeps_what_it_can_carry_and_says_so():
    markup = shown_at_once(1_033)
    assert markup.count("<tr>") == 1 + ROWS_KEPT
    assert "The first 20 of 1,033 rows." in markup and "> Show 100 rows</label>" in markup


def test_of_a_list_of_customers_no_more_than_the_first_rows_stand_on_the_page():
    columns = (Column("customer_id", Kind.PLAIN, "customer"),)
    markup = folded(pd.DataFrame({"customer_id": [f"C{n}" for n in range(30)]}), columns)
    assert "C19" in markup and "C20" not in markup and "checkbox" not in markup
    assert "The first 20 of 30 rows." in markup


def test_no_rows_make_no_table():
    assert folded(pd.DataFrame({"plan": []}), COLUMNS) == ""


def test_a_caption_is_escaped():
    assert "<caption>&lt;b&gt;</caption>" in table(pd.DataFrame({"plan": ["a"]}), COLUMNS, caption="<b>")
