"""Behind an answer stands the table that its notebook saved, where that is known for certain."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from helpers import language
from helpers.reports.pages import downloads


def test_tables_are_known_with_the_variable_that_was_saved():
    cells = [
        new_markdown_cell("save(a, b, 'c')"), new_code_cell("%matplotlib inline"),
        new_code_cell('risk = f()\nsave(risk, save_to, "churn_risk")\nsave(f(), save_to, "other")\nrisk'),
        new_code_cell('if risk:\n    save(kpis, save_to, "kpis")'),
    ]  # fmt: skip
    assert downloads.saved(cells) == {"churn_risk": "risk", "other": "", "kpis": "kpis"}


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("a = f()\na", ["a"]), ("display(a, f(), b)", ["a", "", "b"]), ("display(a)\nb", ["a", "b"]),
        ("display(a, *more, b)", ["a"]), ("display(a)\nif b:\n    display(b)\nc", ["a"]), ("save(a, s, 'a')\na", ["a"]),
        ("f()", [""]), ("a = 1", []), ("%time a", []),
    ],
)  # fmt: skip
def test_what_a_cell_shows_is_known_as_far_as_it_is_certain(source, variables):
    assert downloads.shown(new_code_cell(source)) == variables


def test_each_output_has_the_file_of_its_table_where_there_is_one():
    cell = new_code_cell("display(a, b, c)")
    names, links = {"first": "a", "second": "b", "third": ""}, {"first": "../tables/first.csv"}
    assert downloads.files(cell, names, links) == ["../tables/first.csv", "", ""]


def test_a_file_is_offered_where_a_page_has_what_can_be_done_with_a_table():
    markup = f"<div>{downloads.TOOLS}</p></div>"
    link = '<a href="tables/a&amp;b.csv" download>Download (CSV)</a>'
    assert downloads.offered(markup, "tables/a&b.csv") == f"<div>{downloads.TOOLS}{link} </p></div>"
    assert downloads.offered(markup, "") == markup and downloads.offered("<p></p>", "a.csv") == "<p></p>"
    with language.spoken("zh"):
        assert "下载（CSV）" in downloads.offered(markup, "a.csv")
