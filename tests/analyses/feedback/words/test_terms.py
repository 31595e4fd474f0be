"""Terms of texts: words come out, whatever could name somebody does not."""

from __future__ import annotations

import pytest

from helpers.analyses.feedback.words.terms import is_name, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("快递太慢了，包装破损", {"快递", "太慢", "包装", "破损"}),
        ("The parcel is LATE, late and broken!", {"parcel", "late", "broken"}),
        ("Ｒｅｆｕｎｄ has not arrived", {"refund", "arrived"}),
        ("App一直闪退 refund退款", {"app", "闪退", "refund", "退款"}),
        ("don't can’t customer’s", {"can't", "customer's"}),
        ("não recebi", {"não", "recebi"}),
        ("", set()),
        ("一 a is 。!!", set()),
    ],
)
def test_words_of_chinese_and_of_languages_with_spaces_are_terms(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "secret",
    [
        "zhang.wei+vip@mail.example.com", "josé.müller@correio.example", "@zhangwei", "wx_zhangwei",
        "13800138000", "１３８００１３８０００", "138-0013-8000", "+86 138 0013 8000", "11010519491231002X",
        "https://shop.example/u/zhangwei?id=1", "www.shop.example/zhangwei", "shop.example/zhangwei", "A12B34",
        "订单号9981", "①②③", "一三八零零一三八零零零", "zhangwei88", "88zhangwei", "zhang88wei",
    ],
)  # fmt: skip
def test_nothing_of_what_is_personal_is_left_whatever_stands_beside_it(secret):
    for text in (f"包裹破损{secret}谢谢", f"包裹 破损 {secret} late", f"{secret}。包裹破损"):
        found = terms(text)
        assert {"包裹", "破损"} <= found <= {"包裹", "破损", "late", "订单号"}


def test_a_long_run_of_letters_is_read_in_linear_time():
    assert terms("q" * 1_000_000 + " 包裹") == {"包裹"}


def test_stop_words_of_the_data_set_are_left_out_beside_the_usual_ones():
    assert terms("the produto com 我们 快递", {"com", "快递"}) == {"produto"}


def test_personal_names_are_told_from_words():
    assert all(map(is_name, ("张伟丽", "王小明", "欧阳修")))
    assert not any(map(is_name, ("快递", "包装", "退款", "late", "smith")))
