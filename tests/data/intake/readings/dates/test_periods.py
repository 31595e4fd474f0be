"""Names of files and other columns tell when things happened, and so which order of day and month is right."""

from datetime import date

import pytest

from helpers.data.intake.readings.dates import periods
from helpers.data.intake.readings.dates.periods import A_DAY, Span

MARCH = Span(date(2025, 3, 1), date(2025, 3, 31))
BEFORE_APRIL = Span(date(2024, 3, 31), date(2025, 4, 1))  # 366 days before an export


@pytest.mark.parametrize(
    ("names", "span"),
    [
        (["orders_2025-03.csv"], MARCH),
        (["orders_202503.csv"], MARCH),
        (["订单 2025年3月.xlsx"], MARCH),
        (["orders 2025.03.01-2025.03.31.csv"], MARCH),
        (["2025-02.csv", "2025-03.csv"], Span(date(2025, 2, 1), MARCH.last)),
        (["订单导出20250401.csv"], BEFORE_APRIL),
        (["export_2025-04-01_1.csv"], BEFORE_APRIL),
        (["export_2024-12.csv"], Span(date(2024, 12, 1), date(2024, 12, 31))),
    ],
)
def test_the_name_of_a_file_tells_its_months_or_the_day_of_an_export(names, span):
    assert [period.span for period in periods.named(names)] == [span]


@pytest.mark.parametrize("name", ["orders.csv", "shop_2025.csv", "12025-03.csv", "2025-13.csv", "20250231.csv"])
def test_a_name_without_a_day_or_with_one_that_is_none_tells_no_period(name):
    assert periods.named([name]) == () == periods.named(["orders_2025-03.csv", name])


def test_days_of_a_month_that_a_name_tells_are_in_it_and_those_of_another_order_are_not():
    days, others = Span(date(2025, 3, 1), date(2025, 3, 10)), [[date(2025, 1, 3), date(2025, 10, 3)]]
    assert periods.goes_with(days, others, periods.named(["2025-03.csv"]))
    assert not periods.goes_with(days, [[date(2025, 3, 4)]], periods.named(["2025-03.csv"]))  # both would go with it
    assert not periods.goes_with(days, others, periods.named(["2025-05.csv"]))


def test_two_days_of_a_month_prove_nothing_as_they_may_be_one_day_of_two_months():
    days, others = Span(date(2025, 3, 1), date(2025, 3, 2)), [[date(2025, 1, 3), date(2025, 2, 3)]]
    assert not periods.goes_with(days, others, periods.named(["2025-03.csv"]))


def test_a_column_beside_proves_the_order_in_which_both_begin_and_end_alike():
    paid = [periods.beside(MARCH)]
    days, others = Span(date(2025, 2, 27), date(2025, 3, 29)), [[date(2025, 1, 3)]]
    assert periods.goes_with(days, others, paid)
    assert not periods.goes_with(Span(days.first, date(2025, 3, 12)), others, paid)
    assert not periods.goes_with(Span(days.first - 6 * A_DAY, days.last), others, paid)
