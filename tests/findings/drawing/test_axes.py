from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers import language
from helpers.findings import Column, Kind
from helpers.findings.drawing import axes
from helpers.findings.vocabulary import CUSTOMERS, MONTH


@pytest.fixture
def ax():
    figure, drawn = plt.subplots()
    yield drawn
    plt.close(figure)


def labels(axis) -> list[str]:
    axis.get_figure().canvas.draw()
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_an_axis_of_years_has_no_thousands_separators_and_one_of_customers_has(ax):
    ax.plot([1990, 2010], [10_000, 90_000])
    table = pd.DataFrame({"birth_year": [1990, 2010], "customers": [10_000, 90_000]})
    axes.scale(ax.xaxis, table, Column("birth_year", Kind.PLAIN, "year of birth"))
    axes.scale(ax.yaxis, table, CUSTOMERS)
    assert "2000" in labels(ax.xaxis)
    assert "60,000" in labels(ax.yaxis)


def test_an_axis_of_differences_of_shares_is_in_points(ax):
    ax.plot([1, 2], [-0.05, 0.1])
    axes.scale(ax.yaxis, pd.DataFrame({"effect": [-0.05, 0.1]}), Column("effect", Kind.POINTS, "what changed"))
    assert ax.get_ylabel() == "Effect (points)"
    assert {"−3", "0", "9"} <= set(labels(ax.yaxis))


def test_an_axis_of_dates_needs_no_name(ax):
    table = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=12, freq="MS")})
    ax.plot(table["month"], range(12))
    axes.scale(ax.xaxis, table, MONTH)
    assert ax.get_xlabel() == ""
    assert "2024" in labels(ax.xaxis)


def test_dates_of_a_chinese_axis_are_written_without_english_months_and_leading_zeros(ax):
    table = pd.DataFrame({"month": pd.date_range("2024-09-01", periods=6, freq="MS")})
    ax.plot(table["month"], range(6))
    with language.spoken("zh"):
        axes.scale(ax.xaxis, table, MONTH)
    shown = ax.xaxis.get_major_formatter().format_ticks(ax.xaxis.get_major_locator()())
    assert [words for words in shown if words] == ["9 月", "10 月", "11 月", "12 月", "2025 年", "2 月"]


def test_the_month_that_all_ticks_of_a_chinese_axis_share_has_no_leading_zero(ax):
    table = pd.DataFrame({"month": pd.date_range("2025-03-01", periods=14, freq="D")})
    ax.plot(table["month"], range(14))
    with language.spoken("zh"):
        axes.scale(ax.xaxis, table, MONTH)
    formatter = ax.xaxis.get_major_formatter()
    formatter.format_ticks(ax.xaxis.get_major_locator()())
    assert formatter.get_offset() == "2025 年 3 月"


def test_ticks_below_zero_have_a_true_minus_on_any_scale(ax):
    ax.plot([-400, 800], [-0.06, 0.18])
    axes.scale(ax.xaxis, pd.DataFrame({"customers": [-400, 800]}), CUSTOMERS)
    axes.scale(ax.yaxis, pd.DataFrame({"effect": [-0.06, 0.18]}), Column("effect", Kind.NUMBER, "an effect"))
    for axis in (ax.xaxis, ax.yaxis):
        assert labels(axis)[0][0] == "−" and not any("-" in words for words in labels(axis))


def test_a_name_is_worded_by_its_column_and_our_own_words_in_brackets_are_said():
    decision = Column("decision", Kind.CODE, "what to do", words={"ship": "ship"})
    with language.spoken("zh"):
        assert [axes.worded(decision, name) for name in ("ship", "odd")] == ["全量上线", "odd"]
        assert [axes.worded("plan", name) for name in ("ship", "(not known)", "(年付)")] == [
            "ship",
            "（未知）",
            "(年付)",
        ]


def test_an_axis_of_a_column_that_nobody_declared_is_refused(ax):
    with pytest.raises(TypeError, match="column = 'customers': a chart draws declared columns"):
        axes.scale(ax.xaxis, pd.DataFrame({"customers": [1, 2]}), "customers")


def test_long_names_are_wrapped_and_chinese_counts_double():
    assert axes.wrapped("short") == "short"
    assert max(map(len, axes.wrapped("a name that is much longer than a line beside a bar").split("\n"))) <= 26
    assert [len(line) for line in axes.wrapped("很" * 20).split("\n")] == [10, 10]


@pytest.mark.parametrize(
    "lines",
    [
        ["小程序活动消费（元）：", "29.4 以上至 76"],
        ["下单最多、消费最高、", "最近下过单"],
        ["春季优惠券 · 实验组 ·", "App 用户 14 天访问次数"],
        ["编号不被多位客户", "或多个日期共用"],
        ["App Store 微信", "Supercalifragilisticexpial", "idocious"],
    ],
)
def test_a_chinese_name_is_broken_where_a_reader_pauses_and_never_within_a_number_or_a_word(lines):
    name = "".join(line + " " * (line[-1] in "·信") for line in lines)
    assert axes.wrapped(name).split("\n") == lines


def test_names_beneath_a_grid_stand_upright_where_neighbours_would_touch():
    months = [f"20{year}\n{month:02d}" for year in (24, 25) for month in range(1, 13)]
    assert axes.beneath(months[:10]) == (months[:10], False)
    assert axes.beneath(months) == ([month.replace("\n", " ") for month in months], True)
    assert axes.beneath(["only one"]) == (["only one"], False)


def test_a_missing_name_is_written_as_missing():
    assert axes.wrapped(None) == "–"


def test_a_legend_beside_long_names_of_rows_takes_fewer_columns():
    columns = []
    for names in (["a", "b"], ["Spend: above 101 to 179", "Spend: above 179"]):
        _figure, drawn = plt.subplots()
        axes.name_rows(drawn, names, "band")
        for name in ("No E-Mail", "Mens E-Mail", "Womens E-Mail"):
            drawn.plot([0, 1], label=name)
        axes.legend(drawn)
        columns.append(drawn.get_legend()._ncols)
        plt.close("all")
    assert columns == [3, 2]


def test_long_legends_take_fewer_columns(ax):
    for name in ("a segment with a rather long name", "another segment with a long name"):
        ax.plot([0, 1], label=name)
    axes.legend(ax)
    assert ax.get_legend()._ncols == 1


@pytest.mark.filterwarnings("error")
def test_no_rows_have_no_names(ax):
    axes.name_rows(ax, [], "channel")
    assert labels(ax.yaxis) == [] and axes.is_empty(ax)
