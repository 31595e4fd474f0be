"""The shape of a text tells how it is written, but for the order of days and months that are numbers."""

import re

import pytest

from helpers.data.intake.readings.dates import spellings
from helpers.data.intake.readings.shapes import Shape


def spelled(low, high=None, zone="Asia/Shanghai"):
    return spellings.spelled(Shape(re.sub(r"\d", "9", low), 2, low, high or low), zone)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("2024-01-05", "ISO"),
        ("2024/1/5 8:05", "ISO"),
        ("2024-01-05T10:11:12.123456789", "ISO"),
        ("2024-01-05 10:11:12+08:00", "ISO with an offset"),
        ("2024-01-05T10:11Z", "%Y-%m-%dT%T%z"),
        ("2024-01-05 10:11:12 -0500", "%Y-%m-%d %T %z"),
        ("2024-01-05T10:11:12-05:00[America/New_York]", "%Y-%m-%dT%T%z%Z"),
        ("2024-01-05 10:11:12,123", "%Y-%m-%d %H:%M:%S,%f"),
        ("2024.1.5", "%Y.%m.%d"),
        ("2024-305", "%Y-%j"),
        ("2024/005 10:11", "%Y/%j %T"),
        ("2024. 1. 5.", "%Y. %m. %d."),
        ("2024:01:05 10:11:12", "%Y:%m:%d %T"),
        ("2024-01-05_10:11", "%Y-%m-%d_%T"),
        ("2024-01-05-10.11.12.123456", "%Y-%m-%d-%H.%M.%S.%f"),
        ("2024-01-05 10-11-12", "%Y-%m-%d %H-%M-%S"),
        ("20240105T101112Z", "%Y%m%dT%H%M%S%z"),
        ("20240105 10:11", "%Y%m%d %T"),
        ("2024年1月5日", "%Y年%m月%d日"),
        ("2024年1月5日 星期五 下午 3:05", "%Y年%m月%d日 %a %p %T"),
        ("2024年01月05日15时05分06秒", "%Y年%m月%d日%H时%M分%S秒"),
        ("24年1月5日", "%y年%m月%d日"),
        ("14-6月 -09 03.05.06.000000 下午", "%d-%m月 -%y %I.%M.%S.%f %p"),
        ("Jan 5, 2024", "%b %d, %Y"),
        ("Jun  5 2024  3:05PM", "%b %d %Y %T%p"),
        ("5th of January 2024", None),
        ("5th January 2024", "%d %b %Y"),
        ("05-JAN-24", "%d-%b-%y"),
        ("05-JAN-24 03.05.06.123456000 PM +08:00", "%d-%b-%y %I.%M.%S.%f %p %z"),
        ("14JUN09:17:58:34", "%d%b%y:%T"),
        ("14JUN2009:17:58:34.123", "%d%b%Y:%T"),
        ("05/Jan/2024:10:11:12 +0800", "%d/%b/%Y:%T %z"),
        ("Fri, 05 Jan 2024 10:11:12 +0800 (CST)", "%a, %d %b %Y %T %z %Z"),
        ("Fri Jun 14 2024 17:58:34 GMT+0800 (中国标准时间)", "%a %b %d %Y %T %z %Z"),
        ("Fri Jun 14 17:58:34 2024", "%a %b %d %T %Y"),
        ("Fri Jun 14 17:58:34 CST 2024", "%a %b %d %T %Z %Y"),
        ("Fri Jun 14 17:58:34 +0000 2024", "%a %b %d %T %z %Y"),
        ("2024-W01-5", "ISO weeks"),
        ("2024년 3월 5일 오후 2:30", "%Y년 %m월 %d일 %p %T"),
        ("2024. 3. 5. 오후 2:30:00", "%Y. %m. %d. %p %T"),
        ("2024年3月5日(火) 10時30分", "%Y年%m月%d日%a %H時%M分"),
        ("5 de marzo de 2024", "%d de %b de %Y"),
        ("5. März 2024", "%d. %b %Y"),
        ("1er août 2024 à 10h30", "%d %b %Y à %Hh%M"),
        ("25 дек. 2024 г.", "%d %b %Y г."),
        ("Di., 05.03.2024 um 10:30 Uhr", "%a, %1.%2.%Y um %T Uhr"),
        ("5 มี.ค. 2024", "%d %b %Y"),
        ("05-dic-24", "%d-%b-%y"),
        ("03/04/2024", "%1/%2/%Y"),
        ("3.4.24 10:11", "%1.%2.%3 %T"),
        ("Mon 03/04/2024 3:05 pm", "%a %1/%2/%Y %T %p"),
        ("１２/０４/２０２４", "%1/%2/%Y"),
    ],
)
def test_a_text_is_known_by_its_shape(text, layout):
    assert spelled(text) == layout


@pytest.mark.parametrize(
    "text",
    ["soon", "", "-", "12:30", "2024", "2024-01 10:00", "Q1 2024", "2024-W01", "1.2.3.4", "1/2/3/2024", "12345678901",
     "3.14", "2024-01-05 and 2024-01-06", "2024-01-05 10:00 XYZ", "Fri Jun 14 17:58:34 EST 2024", "10 days", "99999", "-1",
     "13800138000", "a@b.cn", "1E5", "12:30 03/04/2024"],
)  # fmt: skip
def test_what_is_not_written_as_a_day_is_none(text):
    assert spelled(text) is None


@pytest.mark.parametrize(
    ("low", "high", "layout"),
    [
        ("20190101", "20241231", "%Y%m%d"),
        ("2019001", "2024366", "%Y%j"),
        ("2019001", "2024367", None),
        ("00000000", "99991231", "%Y%m%d"),
        ("20190101.0", "20241231.0", "%Y%m%d.0"),
        ("01012019", "31122024", "%1%2%Y"),
        ("2019010100", "2024123123", "%Y%m%d%H"),
        ("1546300800", "1735603200", "epoch seconds"),
        ("1546300800.0", "1735603200.5", "epoch seconds"),
        ("2019010199", "2024123123", "epoch seconds"),  # no hour is 99: seconds of 2033
        ("201901010000", "202412312359", "%Y%m%d%H%M"),
        ("1546300800000", "1735603200000", "epoch milliseconds"),
        ("20190101000000", "20241231235959", "%Y%m%d%H%M%S"),
        ("20190101000000.0", "20241231235959.9", "%Y%m%d%H%M%S.%f"),
        ("1546300800000000", "1735603200000000", "epoch microseconds"),
        ("20190101000000000", "20241231235959999", "%Y%m%d%H%M%S%f"),
        ("1546300800000000000", "1735603200000000000", "epoch nanoseconds"),
        ("43466", "45657", "Excel days"),
        ("43466.00", "45657.99", "Excel days"),
        ("10000", "99999", None),
        ("20190101.5", "20241231.5", None),
    ],
)
def test_plain_digits_are_told_by_their_count_and_by_the_least_and_the_greatest(low, high, layout):
    assert spelled(low, high) == layout


def test_numbers_take_the_places_that_an_order_gives_them():
    assert [spellings.ordered("%1/%2/%3 %T", order) for order in ("dmy", "mdy", "ymd")] == [
        "%d/%m/%y %T",
        "%m/%d/%y %T",
        "%y/%m/%d %T",
    ]
    assert spellings.ordered("%1.%2.%Y", "mdy") == "%m.%d.%Y"
