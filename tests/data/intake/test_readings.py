"""Each kind of text that a stranger's column may hold becomes the right value, from files to an open data set.

A kind is one column, or one feed, of a data set that holds them all: each is read as one thing, whatever the others are.
Of flags, scales and ids, which take a feed each, `make test` asks a choice, as the tests of `readings` ask the others.
"""

import csv
import functools
import io
from itertools import zip_longest

import pandas as pd
import pytest

from helpers.data import datasets

NARROW, NO_BREAK = "\u202f", "\xa0"
N = None
TOP = "time_zone = 'Asia/Shanghai'\nnulls = ['k.A.', 'keine angabe']"
# the texts of one column, and what they say
NUMBERS = {
    "point": (["9.99", "1,234.56", "12.5", "1,500"], [9.99, 1234.56, 12.5, 1500]),
    "comma": (["9,99", "1.234,56", "12,5", "1.500", "1 234,50 €"], [9.99, 1234.56, 12.5, 1500, 1234.5]),
    "swiss": (["1'234.50", "12'345", "7.25"], [1234.5, 12345, 7.25]),
    "swiss_typeset": (["1’234.50", "0.25"], [1234.5, 0.25]),
    "french": ([f"1{NARROW}234,50", f"12{NO_BREAK}345,00", "7,25"], [1234.5, 12345, 7.25]),
    "indian": (["1,23,456.50", "12,34,567", "999"], [123456.5, 1234567, 999]),
    "whole_with_groups": (["1,234,567", "1,500", "999"], [1234567, 1500, 999]),
    "german_millions": (["1.234.567", "1.500", "999"], [1234567, 1500, 999]),
    "three_decimals": (["0.125", "1.250", "12.500"], [0.125, 1.25, 12.5]),
    "trailing_minus": (["100.50-", "20.00", "5-"], [-100.5, 20, -5]),
    "typographic_minus": (["−100.50", "–20", "－5", "7"], [-100.5, -20, -5, 7]),
    "accounting": (["(1,234.50)", "20.00", "($5.00)"], [-1234.5, 20, -5]),
    "plus": (["+5.5", "-5.5"], [5.5, -5.5]),
    "percent": (["45%", "12.5 %", "100%"], [0.45, 0.125, 1]),
    "wan_and_yi": (["1.2万", "3亿", "1200", "2.5万元"], [12000, 3e8, 1200, 25000]),
    "yuan": (["¥1,200.50", "￥30", "1,000元", "RMB 12", "CNY12.5"], [1200.5, 30, 1000, 12, 12.5]),
    "dollars": (["US$1,200.50", "USD 30", "30 USD", "$12"], [1200.5, 30, 30, 12]),
    "reais": (["R$ 1.234,56", "R$ 10,00"], [1234.56, 10]),
    "hong_kong": (["HK$1,200.00", "HKD 30.5"], [1200, 30.5]),
    "pounds": (["£1,200.50", "-£5.00", "£-2.50"], [1200.5, -5, -2.5]),
    "full_width": (["１２３．５０", "１，２３４．００"], [123.5, 1234]),
    "units": (["12.5 kg", "3 kg", "0.5kg"], [12.5, 3, 0.5]),
    "exponents": (["1.5E+3", "2e-1", "12"], [1500, 0.2, 12]),
    "bare_points": ([".5", "-.25", "3."], [0.5, -0.25, 3]),
    "nothing_behind": (["5,-", "12,50"], [5, 12.5]),
    "tokens": (["5", "N/A", "-", "--", "NULL", "无", "?", "$null$", "\\N", "nan"], [5, *[N] * 9]),
    "own_tokens": (["5", "k.A.", "Keine Angabe"], [5, N, N]),
    "underscores": (["1_000", "5", "6", "7"], [N, 5, 6, 7]),
    "quoted": (["'5", "6"], [5, 6]),
    "infinite": (["inf", "5", "Infinity"], [N, 5, N]),
    "hexadecimal": (["0x1F", "5", "6"], [N, 5, 6]),
    "apart": (["- 5.00", "12.00"], [-5, 12]),
    "thousands": (["1.5K", "2M", "800"], [1500, 2e6, 800]),
    "leading_zeros": (["007", "010.50"], [7, 10.5]),
    "yes": (["yes", "no", "yes"], [1, 0, 1]),
    "soft": (["\u200b12.5", "7\ufeff", "\u200e3.5"], [12.5, 7, 3.5]),
    "long": (["123456789012.25", "0.1"], [123456789012.25, 0.1]),
    "fraction": (["1/2", "5", "6", "7"], [N, 5, 6, 7]),
    "range": (["5-10", "5", "6", "7"], [N, 5, 6, 7]),
    "date_by_excel": (["Jan 5", "5", "6", "7"], [N, 5, 6, 7]),
    "comma_and_point_at_odds": (["1.234,5", "1.5", "7.25", "2.5", *["3.5"] * 20], [N, 1.5, 7.25, 2.5, *[3.5] * 20]),
    "tilde": (["~5", "≈6", "7"], [N, N, 7]),
    "approx": ([">5", "<6", "7", "8"], [N, N, 7, 8]),
    "mixed_groups": (["1,234.5", "1 234.5", "1'234.5"], [1234.5, 1234.5, 1234.5]),
    "ideographs": (["一百", "5", "6"], [100, 5, 6]),
    "financial": (["壹佰贰拾元整", "伍拾元", "壹万贰仟叁佰肆拾伍元陆角柒分"], [120, 50, 12345.67]),
    "parted": (["1万2千", "1亿2000万", "3万5000", "12元5角", "5角"], [12000, 1.2e8, 35000, 12.5, 0.5]),
    "qian": (["3千", "5百", "12"], [3000, 500, 12]),
    "wan_points": (["1.234万", "1.5万"], [12340, 15000]),
    "euro_behind": (["1.234,50€", "12 €"], [1234.5, 12]),
    "euro_in_words": (["12,50 EUR", "7,00 EUR"], [12.5, 7]),
    "kronor": (["1 234,50 kr", "12,00 kr"], [1234.5, 12]),
    "zloty": (["1 234,50 zł", "12,00 zł"], [1234.5, 12]),
    "franc": (["CHF 1'234.50", "Fr. 12.00", "12.—"], [1234.5, 12, 12]),
    "rupees": (["₹1,23,456.00", "Rs. 12.50"], [123456, 12.5]),
    "won": (["₩1,200", "1,500원"], [1200, 1500]),
    "yen": (["1,200円", "¥1,500"], [1200, 1500]),
    "minus_of_money": (["-$5.00", "$-5.00", "-5.00 $", "$5.00-", "($5.00)"], [-5] * 5),
    "formula": (['="12.50"', '="7"'], [12.5, 7]),
    "times_as_units": (["5次", "12次", "3"], [5, 12, 3]),
    "whole_with_point_zero": (["5.0", "12.0"], [5, 12]),
    "middle_dot": (["12·50", "7"], [N, 7]),
    "double_minus": (["--5", "5", "6"], [N, 5, 6]),
    "minus_zero": (["-0.00", "5.00"], [0, 5]),
    "per_mille": (["5‰", "10 ‰"], [0.005, 0.01]),
    "some_percent": (["45%", "0.5"], [0.45, 0.5]),
}
TIMES = {
    "date": (["2024-03-05"], ["2024-03-05"]),
    "minutes": (["2024-03-05 10:30"], ["2024-03-05 10:30"]),
    "t": (["2024-03-05T10:30:15"], ["2024-03-05 10:30:15"]),
    "z": (["2024-03-05T10:30:15Z", "2024-03-05T10:30Z"], ["2024-03-05 18:30:15", "2024-03-05 18:30"]),
    "utc": (["2024-03-05 10:30:15 UTC"], ["2024-03-05 18:30:15"]),
    "offset_apart": (
        ["2024-01-05 23:30:00 -0500", "2024-01-06 10:00:00 -0500"],
        ["2024-01-06 12:30", "2024-01-06 23:00"],
    ),
    "offset": (
        ["2024-03-05T10:30:15+08:00", "2024-03-05T10:30:15+0530"],
        ["2024-03-05 10:30:15", "2024-03-05 13:00:15"],
    ),
    "short_offset": (["2024-03-05 10:30:15+08"], ["2024-03-05 10:30:15"]),
    "zone": (["2024-03-05T10:30:15+01:00[Europe/Paris]"], ["2024-03-05 17:30:15"]),
    "gmt": (["2024-03-05 10:30:15 GMT"], ["2024-03-05 18:30:15"]),
    "one_digit": (["2024-03-05 10:30:15.5"], ["2024-03-05 10:30:15.5"]),
    "nine_digits": (["2024-03-05 10:30:15.123456789"], ["2024-03-05 10:30:15.123456"]),
    "comma_fraction": (["2024-03-05 10:30:15,250"], ["2024-03-05 10:30:15.25"]),
    "eight": (["20240305", "20240306"], ["2024-03-05", "2024-03-06"]),
    "ten": (["1709634615"], ["2024-03-05 18:30:15"]),
    "thirteen": (["1709634615250"], ["2024-03-05 18:30:15.25"]),
    "sixteen": (["1709634615250000"], ["2024-03-05 18:30:15.25"]),
    "twelve": (["202403051030"], ["2024-03-05 10:30"]),
    "fourteen": (["20240305103015"], ["2024-03-05 10:30:15"]),
    "seventeen": (["20240305103015250"], ["2024-03-05 10:30:15.25"]),
    "epoch_float": (["1709634615.0", "1709634615.5"], ["2024-03-05 18:30:15", "2024-03-05 18:30:15.5"]),
    "excel": (["45356", "45356.4375"], ["2024-03-05", "2024-03-05 10:30"]),
    "chinese": (["2024年3月5日 10时30分15秒", "2024年03月06日"], ["2024-03-05 10:30:15", "2024-03-06"]),
    "chinese_clock": (["2024年3月5日 10:30", "2024年3月5日10:30"], ["2024-03-05 10:30"] * 2),
    "chinese_afternoon": (["2024/3/5 下午2:30:00", "2024/3/5 上午9:05:00"], ["2024-03-05 14:30", "2024-03-05 09:05"]),
    "slashes": (["2024/3/5", "2024/3/15 8:05"], ["2024-03-05", "2024-03-15 08:05"]),
    "dots": (["05.03.2024", "25.03.2024"], ["2024-03-05", "2024-03-25"]),
    "day_first": (["05/03/2024 10:30", "25/03/2024 8:05"], ["2024-03-05 10:30", "2024-03-25 08:05"]),
    "month_first": (["03/05/2024 10:30 AM", "03/25/2024 08:05 PM"], ["2024-03-05 10:30", "2024-03-25 20:05"]),
    "short_months": (["5 Mar 2024", "25 Mar 2024"], ["2024-03-05", "2024-03-25"]),
    "dashed_months": (["05-MAR-24", "25-Mar-2024"], ["2024-03-05", "2024-03-25"]),
    "month_names": (["March 5, 2024", "Mar 25, 2024 8:05 PM"], ["2024-03-05", "2024-03-25 20:05"]),
    "weekdays": (["Tue, 05 Mar 2024 10:30:15 +0000", "Tue, 05 Mar 2024 10:30:15 GMT"], ["2024-03-05 18:30:15"] * 2),
    "javascript": (["Tue Mar 05 2024 10:30:15 GMT+0800 (China Standard Time)"], ["2024-03-05 10:30:15"]),
    "ctime": (["Tue Mar  5 10:30:15 2024"], ["2024-03-05 10:30:15"]),
    "sas": (["05MAR24:10:30:15", "25MAR2024:10:30:15.00"], ["2024-03-05 10:30:15", "2024-03-25 10:30:15"]),
    "two_digits": (["31/03/24", "01/03/24"], ["2024-03-31", "2024-03-01"]),
    "two_digit_us": (["03/25/24 1:05 PM", "3/5/24 12:30 AM"], ["2024-03-25 13:05", "2024-03-05 00:30"]),
    "noon": (["03/25/2024 12:00 PM", "03/25/2024 12:30 am"], ["2024-03-25 12:00", "2024-03-25 00:30"]),
    "dotted_pm": (["03/25/2024 1:05 p.m.", "3/26/2024 1:05 a.m."], ["2024-03-25 13:05", "2024-03-26 01:05"]),
    "own_layout": (["03/05/2024", "04/05/2024"], ["2024-05-03", "2024-05-04"], "time_layouts = '%d/%m/%Y'"),
    "own_names": (["5. Mar 24 07:15 PM"], ["2024-03-05 19:15"], "time_layouts = '%d. %b %y %I:%M %p'"),
    "day_of_year": (["2024-065"], ["2024-03-05"], "time_layouts = '%Y-%j'"),
    "full_width": (["２０２４－０３－０５"], ["2024-03-05"]),
    "padded": (["  2024-03-05 10:30  ", "2024-03-05\xa010:30"], ["2024-03-05 10:30"] * 2),
    "mixed": (
        ["2024-03-05", "2024/03/06", "20240307", "2024-03-08T10:00:00Z"],
        ["2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08 18:00"],
    ),
    "midnight_24": (["2024-03-05 24:00:00"], ["2024-03-06"]),
    "quoted": (["'2024-03-05"], ["2024-03-05"]),
    "compact_t": (["20240305T103015Z", "20240305T103015+0800"], ["2024-03-05 18:30:15", "2024-03-05 10:30:15"]),
    "hyphen_clock": (["2024-03-05-10.30.15.123456"], ["2024-03-05 10:30:15.123456"]),
    "ordinals": (["March 5th, 2024", "March 1st, 2024"], ["2024-03-05", "2024-03-01"]),
    "eight_day_first": (["05032024", "25032024"], ["2024-03-05", "2024-03-25"]),
    "of_a_named_zone": (["2024-03-05 10:30:15 EST", "2024-03-06"], ["2024-03-05 23:30:15", "2024-03-06"]),
    "of_no_known_zone": (["2024-03-05 10:30:15 XYT", "2024-03-06"], [N, "2024-03-06"]),
    "formula": (['="2024-03-05"'], ["2024-03-05"]),
    "single_digits": (["2024-3-5 1:02:03"], ["2024-03-05 01:02:03"]),
    "nanoseconds": (["1709634615250000000"], ["2024-03-05 18:30:15.25"]),
    "wrapped": (
        ["/Date(1709634615000)/", "/Date(1709721015000+0800)/"],
        ["2024-03-05 18:30:15", "2024-03-06 18:30:15"],
    ),
    "six_year_first": (["240301", "240317", "231231"], ["2024-03-01", "2024-03-17", "2023-12-31"]),
    "six_of_a_month": (["202403", "202312"], ["2024-03-01", "2023-12-01"]),
    "six_day_first": (
        [f"{day:02}0324" for day in range(1, 32)] + ["50324"],
        [f"2024-03-{day:02}" for day in range(1, 32)] + [N],
    ),
    "chinese_weekday": (["2024-03-05 星期二 10:30"], ["2024-03-05 10:30"]),
}
FLAGS = {
    "words": (["TRUE", "False", "t"], [True, False, True]),
    "yes": (["Yes", "no", "N", "y"], [True, False, False, True]),
    "figures": (["1", "0", "1.0"], [True, False, True]),
    "chinese": (["是", "否", "有", "无"], [True, False, True, False]),
    "states": (["已退订", "未退订"], [True, False]),
    "checked": (["checked", "unchecked"], [True, False]),
    "marks": (["✓", "✗"], [True, False]),
    "german": (["ja", "nein", ""], [True, False, N]),
    "other": (["yes", "no", "maybe", "n/a"], [True, False, N, N]),
    "opt": (["on", "off"], [True, False]),
    "wide": (["１", "０"], [True, False]),
    "padded": ([" Yes ", "NO "], [True, False]),
    "crosses": (["x", "", "X"], [N, N, N]),
    "opted": (["opted out", "subscribed"], [N, N]),
    "others": (["nee", "có", "không", "enabled", "disabled", "=TRUE()"], [False, True, False, True, False, True]),
    "rings": (["○", "×"], [True, False]),
    "coded": (["是(1)", "否(0)"], [True, False]),
    "bits": (["b'1'", "b'0'"], [True, False]),
}
SCALES = {
    "plain": (["10", "9", "0"], [10, 9, 0]),
    "ends": (["10 - Extremely likely", "0 - Not at all likely", "7"], [10, 0, 7]),
    "brackets": (["Very satisfied (5)", "Neutral (3)"], [5, 3]),
    "out_of": (["4/5", "5 / 5"], [4, 5]),
    "stars": (["★★★★☆", "★★★★★"], [4, 5]),
    "chinese": (["非常满意（5分）", "4分", "5分"], [5, 4, 5]),
    "comma": (["4,5", "3,0"], [4.5, 3]),
    "of": (["8 out of 10", "9 out of 10"], [8, 9]),
    "star_words": (["5 stars", "1 star"], [5, 1]),
    "dotted": (["5. Strongly agree", "1. Strongly disagree"], [5, 1]),
    "colons": (["5: great", "1: bad"], [5, 1]),
    "emoji": (["⭐⭐⭐", "⭐"], [3, 1]),
    "wide": (["５", "４"], [5, 4]),
    "point_zero": (["9.0", "10.0"], [9, 10]),
    "with_words": (["very good", "5", "4"], [N, 5, 4]),
    "full": (["满分10分，打8分", "8", "9"], [N, 8, 9]),
}
IDS = {
    "formula": (['="0123"', '="0456"'], ["0123", "0456"]),
    "apostrophe": (["'000123", "'45"], ["000123", "45"]),
    "wide": (["Ａ１２", "Ｂ３４"], ["A12", "B34"]),
    "point_zero": (["123.0", "456.0"], ["123", "456"]),
    "nul": (["12\x0034", "A\x00"], ["1234", "A"]),
    "zeros": (["00123", "000"], ["00123", "000"]),
    "case": (["abC", "ABc"], ["abC", "ABc"]),
    "padded": ([" K5 ", "K6\u200b"], ["K5", "K6"]),
    "version": (["1.10", "1.1"], ["1.10", "1.1"]),
    "codes": (["1E5", "2E7"], ["1E5", "2E7"]),
    "long": (["4200000000123456789", "4200000000123456781"], ["4200000000123456789", "4200000000123456781"]),
    "marks": (["#1001", "O'Neil-5", "a@b.example"], ["#1001", "O'Neil-5", "a@b.example"]),
    "no": (["无", "K9", "NA", "-"], [N, "K9", N, N]),
    "quoted": (['"K7"', "“K8”"], ["K7", "K8"]),
    "brackets": (["[12]", "{34}"], ["[12]", "{34}"]),
    "negative": (["-5", "5"], ["-5", "5"]),
    "uuid": (
        ["6F9619FF-8B86-D011-B42D-00CF4FC964FF", "{6F9619FF}"],
        ["6F9619FF-8B86-D011-B42D-00CF4FC964FF", "{6F9619FF}"],
    ),
    "grouped": (["1,234", "5,678"], ["1,234", "5,678"]),
    "nullish": (["null", "K1"], [N, "K1"]),
}


KINDS = {  # the cases of a kind, the table and the columns that read them, and what else a row of it needs
    "number": (NUMBERS, "experiments", tuple(NUMBERS), {"experiment": "e", "variant": "v"}),
    "time": (TIMES, "tickets", ("handled_at", "first_reply_at", "followed_up_at", "revisited_at", "summarised_at"),
             {"opened_at": "2024-03-05"}),
    "flag": (FLAGS, "customers", ("opted_out",), {}),
    "scale": (SCALES, "surveys", ("score",), {"answered_at": "2024-03-05"}),
    "id": (IDS, "orders", ("order_id",), {"ordered_at": "2024-03-05", "amount": "1"}),
}  # fmt: skip

CHOICE = {
    "flag": ("words", "chinese", "marks", "other", "crosses"),
    "scale": ("ends", "brackets", "out_of", "stars", "chinese", "with_words"),
    "id": ("formula", "wide", "nul", "zeros", "long", "no"),
}
ALL = [(kind, name) for kind, (cases, *_) in KINDS.items() for name in cases]
SHORT = tuple((kind, name) for kind, name in ALL if name in CHOICE.get(kind, KINDS[kind][0]))
OTHERS = tuple(each for each in ALL if each not in SHORT)


def written(columns):
    """The text of a CSV file with these columns, padded with empty cells."""
    out = io.StringIO()
    csv.writer(out).writerows([columns.keys(), *zip_longest(*columns.values(), fillvalue="")])
    return out.getvalue()


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    """What the data set of some kinds has of each; one that was opened stays so."""
    return functools.cache(lambda asked: opened(asked, tmp_path_factory.mktemp("kinds")))


def opened(asked_of_all, home):
    """What the data set of these kinds, in a folder of `home`, has of each."""
    folder, words, places = home / "kinds", [TOP], {}
    folder.mkdir()
    for kind, (cases, table, columns, others) in KINDS.items():
        asked = [name for each, name in asked_of_all if each == kind]
        for place in range(0, len(asked), len(columns)):
            some = asked[place : place + len(columns)]
            named = dict(zip(columns, some, strict=False))
            rows = max(len(cases[name][0]) for name in some)
            ids = [f"{place}-{row}" for row in range(rows)]
            texts = {column: cases[name][0] for column, name in named.items()}
            of_rows = {name: [value] * rows for name, value in others.items()}
            feed = f"{kind}_{place}.csv"
            (folder / feed).write_text(written({"customer_id": ids, "ticket_id": ids} | of_rows | texts))
            own = [
                f"{column} = {{ from = '{column}', {more} }}"
                for column, name in named.items()
                for more in cases[name][2:]
            ]
            words += [f"[[tables.{table}]]\nfile = '{feed}'", f"[tables.{table}.columns]", *own]
            places |= {(kind, name): (table, column, ids[: len(cases[name][0])]) for column, name in named.items()}
        if kind == "number" and asked:
            words += ["[tables.experiments.metrics]", *(f"{name} = '{name}'" for name in asked)]
    (folder / "dataset.toml").write_text("\n".join(words))
    data = datasets.open(folder, "2024-12-31", prepared=home / "prepared")
    tables = {name: rows.execute().set_index("customer_id") for name, rows in data.tables.items()}
    return {key: tables[table][column].reindex(ids).tolist() for key, (table, column, ids) in places.items()}


def is_the_same(kind, value, expected):
    """Whether a value is what a text says."""
    if expected is N or pd.isna(value):
        return expected is N and pd.isna(value)
    if kind == "time":
        return value == pd.Timestamp(expected)
    return value == (pytest.approx(expected) if kind in ("number", "scale") else expected)


@pytest.mark.parametrize(
    ("asked", "kind", "name"),
    [
        *(pytest.param(SHORT, *each, id="-".join(each)) for each in SHORT),
        *(pytest.param(OTHERS, *each, id="-".join(each), marks=pytest.mark.long) for each in OTHERS),
    ],
)
def test_the_texts_of_a_column_become_what_they_say(values, asked, kind, name):
    texts, expected, *_ = KINDS[kind][0][name]
    found = dict(zip(texts, values(asked)[kind, name], strict=True))
    wrong = [text for text, right in zip(texts, expected, strict=True) if not is_the_same(kind, found[text], right)]
    assert not wrong, found
