"""How likely bytes are text in an encoding."""

import pytest

from helpers.data.intake.files import plausibility


@pytest.mark.parametrize("text", ["客户编号,订单金额", "上海市浦东新区", "满意，发货快！"])
def test_what_people_write_is_likelier_than_the_same_bytes_in_another_encoding(text):
    other = text.encode("gb18030").decode("cp950", errors="ignore")
    assert plausibility.of_ideographs(text, "gb18030") > 0.9 > 0.7 > plausibility.of_ideographs(other, "cp950")


def test_an_ideograph_inside_a_latin_word_is_none():
    assert plausibility.of_ideographs("M醠aga", "gb18030") == 0
    assert plausibility.of_letters("Málaga") == 1


@pytest.mark.parametrize(
    ("text", "share"), [("été", 1), ("MÁLAGA", 1), ("5 €", 1), ("ÄÐ", 0), ("MŽxico", 0), ("±±¾©", 0)]
)
def test_letters_and_symbols_count_where_latin_text_has_them(text, share):
    assert plausibility.of_letters(text) == share


def test_words_of_other_alphabets_are_text_and_bare_letters_nearly():
    assert plausibility.of_alphabets("Привет") == 1
    assert 0 < plausibility.of_alphabets("ñ") < 1
    assert plausibility.of_alphabets("һ") == 0


def test_a_frequent_sign_weighs_more_than_a_rare_one():
    signs = ["的", "莞", "饕"]
    weights = [plausibility.weight(sign, "gb18030") for sign in signs]
    assert weights == sorted(weights, reverse=True) and weights[0] == 1
    assert plausibility.weight("あ", "cp932") > plausibility.weight("あ", "gb18030")


def test_words_of_one_case_and_of_frequent_letters_are_of_an_alphabet():
    other = "Москва и Казань".encode("koi8_r").decode("cp1251")
    assert plausibility.of_an_alphabet("Москва и Казань") > 0.8 > 0.4 > plausibility.of_an_alphabet(other)
    assert plausibility.of_an_alphabet("100 €") == 0


def test_letters_that_no_one_language_has_together_are_of_none():
    bytes_ = "Kroměříž Třebíč Plzeň".encode("cp1250")
    assert plausibility.of_one_language(bytes_.decode("cp1250"), "cp1250") == 1
    assert plausibility.of_one_language(bytes_.decode("cp1252"), "cp1252") < 0.8
    assert plausibility.of_one_language("São João, Odivelões", "cp1252") == 1
    assert plausibility.of_one_language("Gyõr", "cp1252") == 0


def test_korean_is_plausible_with_its_syllables_alone():
    assert plausibility.of_ideographs("서울특별시", "cp949") == 1
    assert plausibility.of_ideographs("￥100", "cp949") == 0
    assert plausibility.of_ideographs("서울", "gb18030") == 0
