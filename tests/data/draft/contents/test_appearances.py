"""What looks like a time looks like one in any language, and a number does not."""

from __future__ import annotations

import re

import pytest

from helpers.data.draft.contents import appearances


@pytest.mark.parametrize(
    "text",
    ["03/04/2025", "2024-3-5 10:30", "5 de marzo de 2024", "5. März 2024", "25 дек. 2024 г.", "2024년 3월 5일", "Mar-24",
     "2024年3月", "民國114年3月5日", "114/03/05", "05/03/2568", "2025-W03-2", "2025Q3", "March 5, 2024", "/Date(1709634615000)/", 'ISODate("2024-03-05T10:30:15Z")'],
)  # fmt: skip
def test_days_months_and_weeks_look_like_times(text):
    assert re.search(appearances.like_time(), text)


@pytest.mark.parametrize("text", ["12.50", "1.234,50 €", "A-12", "13800138000", "maria 5", "3:2"])
def test_numbers_and_words_do_not(text):
    assert not re.search(appearances.like_time(), text)


@pytest.mark.parametrize(
    "text", ["1.234,50 €", "¥1,200", "-5%", "3万", "12 EUR", "10,000원", "3万元", "1,200円", "₩5,000", "(5.00)"]
)
def test_money_looks_like_a_number(text):
    assert re.search(appearances.LIKE_NUMBER, text)
