"""Brackets are counted as a parser would meet them, whatever stands in texts and wherever a block ends."""

import json

import pytest

from helpers.data.intake.files import nesting
from helpers.data.intake.files.nesting import is_deeper


def deepest(content: str, path) -> int:
    path.write_text(content, encoding="utf-8")
    return next(most for most in range(100) if not is_deeper(path, most))


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1 << 22])
@pytest.mark.parametrize(
    ("value", "depth"),
    [
        ({}, 1),
        ([{"a": [1]}, {"b": [[]]}], 4),
        ({"]}]}": "]}]}", "a": ["[[[["]}, 2),
        (["\\", '"', '\\"[[[', "a\\"], 1),
        ([[["客户["]]], 3),
    ],
)
def test_only_brackets_outside_of_texts_count(tmp_path, monkeypatch, value, depth, block):
    monkeypatch.setattr(nesting, "BLOCK", block)
    assert deepest(json.dumps(value, ensure_ascii=False), tmp_path / "a.json") == depth


def test_rows_one_after_another_are_no_deeper_than_each_and_what_is_cut_off_counts(tmp_path):
    assert deepest('{"a": [1]}\n' * 50, tmp_path / "a.jsonl") == 2
    assert deepest('{"a": [{"b": ', tmp_path / "a.json") == 3
    assert deepest("no brackets", tmp_path / "a.json") == 0
