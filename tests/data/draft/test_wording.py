"""A draft in words: a dataset.toml that opens as it is, and what a reader is shown."""

from __future__ import annotations

import tomllib

import pytest

from helpers import language
from helpers.data import datasets, draft
from shops import workbook

ORDERS = "Bestell-Nr;Kundennummer;Bestelldatum;Gesamtbetrag;Status\n" + "".join(
    f"{n};k{n % 4};2025-0{n % 6 + 1}-02;{n}.5;{'storniert' if n == 7 else 'bezahlt'}\n" for n in range(30)
)
PEOPLE = "Kundennummer;Telefon;Stadt;Stufe\n" + "".join(f"k{n};01700000{n};Bonn;{'ab'[n % 2]}\n" for n in range(4))


@pytest.fixture
def opened(folder, tmp_path):
    """The data set as of its draft."""

    def opened(**files):
        home = folder(**files)
        (home / "dataset.toml").write_text(draft.as_toml(draft.drafted(home)), encoding="utf-8")
        return datasets.open(home, prepared=tmp_path / "prepared")

    return opened


def test_a_draft_opens_as_it_is_with_the_right_figures(opened):
    data = opened(bestellungen__csv=ORDERS, kunden__csv=PEOPLE)
    assert len(data.customers) == 4 and data.customers["monetary"].sum() == pytest.approx(
        sum(n + 0.5 for n in range(30) if n != 7)
    )
    assert set(data.customers["level"]) == {"a", "b"} and str(data.as_of) == "2025-06-02"


def test_fixed_widths_sheets_and_folders_without_dates_open_too(opened, tmp_path):
    lines = "".join(f" {n % 5:05} 202501{n % 28 + 1:02} {n % 3}  {n}.50\n" for n in range(10, 40))
    assert len(opened(log__txt=" customer_id  date cds  dollar_value\n" + lines).customers) == 5
    (tmp_path / "shop" / "log.txt").unlink()
    book = workbook({"客户": [["客户编号", "等级"], ["c1", "金卡"], ["c2", "银卡"]], "说明": [["x", "y"], ["1", "2"]]})
    assert set(opened(book__xlsx=book).customers["level"]) == {"金卡", "银卡"}


def test_who_had_left_and_for_how_long_they_were_there_become_contracts_without_a_hand(opened):
    lines = "".join(
        f"k{n},{'男女'[n % 2]},{'畅享' if n % 3 else '经济'},{n % 30},{'否' if n % 4 else '是'}\n" for n in range(60)
    )
    data = opened(用户__csv="客户编号,性别,套餐,在网月数,是否流失\n" + lines)
    assert data.settings.contractual and data.settings.feeds["subscriptions"].drawn.left == "是否流失"
    assert data.customers["subscription"].value_counts().to_dict() == {"active": 45, "ended": 15}
    assert data.settings.attributes == ("套餐",)


def test_the_text_says_what_was_guessed_why_and_what_was_left_out(drafted):
    text = draft.as_toml(drafted(bestellungen__csv=ORDERS, kunden__csv=PEOPLE, shops__csv="shop,manager\n1,a\n2,b\n"))
    assert tomllib.loads(text)["tables"]["orders"]["columns"]["order_id"] == "bestell_nr"
    assert "# 'status' also has bezahlt" in text
    assert "# shops.csv: feeds no table; its headers are shop, manager" in text
    assert "01700000" not in text


def test_what_the_files_hold_is_shown_without_personal_values(drafted):
    lines = draft.as_lines(drafted(bestellungen__csv=ORDERS, kunden__csv=PEOPLE))
    told = "\n".join(lines)
    assert "kunden.csv: 4 rows" in told and "→ feeds customers" in told
    assert "999999999" in told and "01700000" not in told


def test_all_of_it_is_said_in_chinese_too(drafted):
    with language.spoken("zh"):
        made = drafted(bestellungen__csv=ORDERS, kunden__csv=PEOPLE)
        assert "由 kehu init 写成" in draft.as_toml(made) and "kunden.csv：4 行" in "\n".join(draft.as_lines(made))


def test_headers_and_names_that_toml_would_trip_over_are_written_so_that_it_does_not(opened):
    orders = 'order_id,customer_id,order_date,amount,"类""别"\n' + "".join(
        f"{n},c{n % 3},2025-01-02,5,{'ab'[n % 3 % 2]}\n" for n in range(20)
    )
    assert len(opened(**{'orders "1"__csv': orders}).customers) == 3


def test_several_feeds_of_a_table_and_several_currencies_are_written_so_that_they_open(folder, tmp_path):
    web = "order_id,customer_id,order_date,amount,currency\n" + "".join(
        f"o{n},c{n % 3},2025-01-02,5,{'EUR' if n else 'USD'}\n" for n in range(9)
    )
    home = folder(web__csv=web, till__csv="receipt_no,card_id,purchase_date,total\nt1,c1,2025-01-02,5\n")
    text = draft.as_toml(draft.drafted(home))
    assert text.count("[[tables.orders]]") == 2 and "the money is in EUR, USD" in text
    rated = text.replace("# rates = { EUR = 1, USD = 1 }", "rates = { EUR = 8, USD = 7 }")
    (home / "dataset.toml").write_text(rated.replace('# currency = "CNY"', 'currency = "CNY"'))
    assert datasets.open(home, prepared=tmp_path / "prepared").customers["monetary"].sum() == 5 * (8 * 8 + 7 + 1)


def test_what_nothing_tells_of_orders_that_are_none_is_asked_and_stands_where_it_is_answered(folder):
    rows = "".join(f"{n},c{n % 4},2025-01-{n % 28 + 1:02},{n}.5,{n % 2 + 1}\n" for n in range(30))
    drawn = draft.drafted(folder(o__csv="order_id,customer_id,order_date,amount,status\n" + rows))
    assert "orders.cancelled: 'status' is 1, 2, and nothing says which of these are cancelled" in "\n".join(
        draft.as_lines(drawn)
    )
    answered = draft.as_toml(drawn).replace("# cancelled =", "cancelled =")
    assert tomllib.loads(answered)["tables"]["orders"]["columns"]["cancelled"]["sql"] == "\"status\" IN ('2')"
