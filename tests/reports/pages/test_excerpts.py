"""Of a page the answer stands on paper first, then what matters most beside it, each once and with its figure."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.reports.pages import excerpts


def cell(headline, *tags, applicable=True, figure=True):
    drawn = '<figure class="kehu-figure"><svg viewBox="0 0 1 1"><path id="p"/><use href="#p"/></svg></figure>'
    basis = '<p class="kehu-basis">in <code>days</code></p>'
    markup = f'<div><h3 class="kehu-headline">{headline}</h3>{drawn if figure else ""}{basis}</div>'
    note = {"kehu": {"applicable": applicable, "headline": headline}}
    output = new_output("display_data", {"text/html": markup}, metadata=note)
    return new_code_cell("x", metadata={"tags": list(tags)}, outputs=[output])


def told(*cells):
    return [each.headline for each in excerpts.of(new_notebook(cells=list(cells)), "churn")]


def test_the_answer_is_first_then_key_cells_in_order_three_at_most():
    cells = [cell("a", "key"), cell("b"), cell("c", "key", "answer"), cell("d", "key"), cell("e", "key")]
    assert told(*cells) == ["c", "a", "d"]


def test_what_does_not_apply_is_passed_over_and_without_tags_all_count():
    assert told(cell("a", "key", applicable=False), cell("b", "key")) == ["b"]
    assert told(cell("a", applicable=False), cell("b")) == ["b"]
    assert told(cell("a", "key", applicable=False)) == []


def test_a_figure_comes_with_ids_of_its_own_and_stands_at_the_left():
    first, second = excerpts.of(new_notebook(cells=[cell("a", "key"), cell("b", "key", figure=False)]), "churn")
    assert 'id="churn-0-p"' in first.figure and 'href="#churn-0-p"' in first.figure and "xMinYMin" in first.figure
    assert first.basis == "in <code>days</code>" and second.figure == ""
