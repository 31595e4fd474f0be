"""Labels of customers, of which readers see one language at a time."""

from __future__ import annotations

import re

import pytest

from helpers import language
from helpers.findings import formats, labels


@pytest.mark.parametrize(
    ("label", "english", "chinese"),
    [
        ("Champions 重要价值客户", "Champions", "重要价值客户"),
        ("Cannot lose 重要保持客户", "Slipping champions", "重要保持客户"),
        ("No completed order 未成交客户", "No order yet", "未下单客户"),
        ("Potential 潜在客户", "No order yet", "未下单客户"),
        ("a group of one's own", "a group of one's own", "a group of one's own"),
    ],
)
def test_a_label_is_seen_in_one_language(label, english, chinese):
    assert labels.said(label) == formats.text(label) == english
    with language.spoken("zh"):
        assert labels.said(label) == formats.text(label) == chinese


def test_every_label_has_a_chinese_of_its_own():
    with language.spoken("zh"):
        assert [label for label in labels.ENGLISH if re.search("[A-Za-z ]", labels.said(label))] == []
