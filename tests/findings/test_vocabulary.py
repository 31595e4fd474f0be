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
        ("amount is missing", "缺少 amount"),
        ("birth_year is not a whole number", "birth_year 不是整数"),
        ("refund is below 0", "refund 小于 0"),
        ("ended_at is before started_at", "ended_at 早于 started_at"),
        ("joined_at is 1970-01-01, which stands for no day", "joined_at 为 1970-01-01，这一天只是占位，不是真实日期"),
        (
            "ordered_at is more than a year after all else (2025-06-30)",
            "ordered_at 比其他所有日期（2025-06-30）晚一年以上",
        ),
        ("experiment + customer_id + variant repeats", "experiment + customer_id + variant 重复"),
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
