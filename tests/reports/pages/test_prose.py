"""The blocks of a notebook's markdown, and the same markdown in another language."""

from __future__ import annotations

import pytest

from helpers.language import spoken
from helpers.reports.pages import prose

CELL = """## Who leaves?

Customers whose contract **ended**,
on two lines. See `stays`.
- *stop*: worse
  than the control;
- ship

* starred
### Why?
Because."""


def test_a_block_is_a_heading_a_paragraph_or_an_item_of_a_list():
    assert prose.blocks(CELL) == [
        "Who leaves?",
        "Customers whose contract **ended**, on two lines. See `stays`.",
        "*stop*: worse than the control;",
        "ship",
        "starred",
        "Why?",
        "Because.",
    ]


@pytest.mark.parametrize("nothing", ["", "\n \n"])
def test_a_cell_without_words_has_no_blocks_and_stays_as_it_is(nothing):
    assert prose.blocks(nothing) == [] and prose.spoken(nothing) == nothing


@pytest.mark.parametrize("words", ["-13 % is a number", "#tag", "**Bold** begins", "2 * 3"])
def test_what_only_looks_like_a_mark_is_part_of_the_words(words):
    assert prose.blocks(words) == [words]


def test_each_block_is_spoken_in_the_language_and_keeps_its_mark():
    known = "## it is empty\n\nit is empty\n\n- it is empty\n- nobody translated this"
    assert prose.spoken(known) == known
    with spoken("zh"):
        assert prose.spoken(known) == "## 是空的\n\n是空的\n\n- 是空的\n- nobody translated this"
