"""A line of a page ends where a reader may pause: not within an amount or a range."""

import pytest

from helpers.reports.pages.ties import tied


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("interval −¥40.14 to −¥10.36.", ["−¥40.14", "−¥10.36"]),
        ("changed by +R$1.20 M, of which", ["+R$1.20 M"]),
        ("（95% 误差范围 0.981～1.03）。没有", ["0.981～1.03"]),
        ("误差范围 −3.56 万元～+11.2 万元。", ["−3.56 万元～+11.2 万元"]),
        ("占 73.7%～84.0%，相差 −2.7～+2.1 个百分点", ["73.7%～84.0%", "−2.7～+2.1"]),
        ("第 1～3 个月", ["1～3"]),
        ("不超过 239 元（217 元～267 元）即可，2025 年 8 月 4 日～2025 年 10 月", ["217 元～267 元", "4 日～2025 年"]),
        ("data to 2011-12-09, since 2011-10-01", ["2011-12-09", "2011-10-01"]),
        ("aged 35–44, at 09–12", ["35–44", "09–12"]),
    ],
)
def test_an_amount_and_a_range_stay_on_one_line(text, whole):
    expected = text
    for part in whole:
        expected = expected.replace(part, f'<span class="tied">{part}</span>')
    assert tied(f"<p>{text}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "markup",
    [
        '<svg viewBox="0 0 1 1"><text>1～3</text></svg>',
        '<script>const range = "1～3";</script>',
        '<p aria-label="−¥40.14">A year of 2,597 orders, 7～晚间</p>',
        "<title>1～3</title>",
    ],
)
def test_what_is_drawn_run_or_no_range_is_left_as_it_is(markup):
    assert tied(markup) == markup
