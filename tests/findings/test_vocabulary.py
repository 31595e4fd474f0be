"""Columns that words share, in the language that is spoken."""

from __future__ import annotations

import re

import pytest

from helpers import language
from helpers.data import contracts
from helpers.data.intake.files import margins, mending, tables
from helpers.findings.vocabulary import RULE, TABLE


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amount is missing", "缺少“金额”"),
        ("birth_year is not a whole number", "“出生年份”不是整数"),
        ("refund is below 0", "“退款”小于 0"),
        ("ended_at is before started_at", "“结束时间”早于“开始时间”"),
        ("joined_at is 1970-01-01, which stands for no day", "“加入时间”为 1970-01-01，这一天只是占位，不是真实日期"),
        (
            "ordered_at is more than a year after all else (2025-06-30)",
            "“下单时间”比其他所有日期（2025-06-30）晚一年以上",
        ),
        ("experiment + customer_id + variant repeats", "“实验 + 客户编号 + 实验分组”重复"),
        ("group and landing page disagree", "group and landing page disagree"),
    ],
)
def test_rules_of_the_contract_are_told_in_the_language_and_own_ones_as_they_are(name, words):
    with language.spoken("zh"):
        assert RULE.write(name) == words


@pytest.mark.parametrize("name", [margins.TOTAL, margins.REPEATED, mending.UNCLOSED, tables.UNSPLIT])
def test_every_rule_of_the_files_is_known(name):
    with language.spoken("zh"):
        assert re.search("[一-龥]", RULE.write(name))


def test_every_table_of_the_contract_has_a_name():
    assert set(TABLE.words) == set(contracts.TABLES)
