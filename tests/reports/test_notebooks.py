"""Notebooks are found by name, and their parameters are checked before anything runs."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.reports import notebooks

FIRST_FOUR = 'dataset: str = "demo"  # d\npreset: str = ""  # p\nas_of: str = ""  # a\nsave_to: str = ""  # s\n'


def write(folder, name, own="", needs=()):
    cell = new_code_cell(FIRST_FOUR + own, metadata={"tags": ["parameters"]})
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "kehu": {"needs": list(needs)},
    }
    node = new_notebook(cells=[new_markdown_cell(f"# Who is {name}?\n\nFor a reader."), cell], metadata=metadata)
    nbformat.write(node, folder / f"{name}.ipynb")


@pytest.fixture
def found(tmp_path):
    write(tmp_path, "01_profiling")
    write(tmp_path, "02_segmentation", "clusters: int = 4  # how many")
    write(tmp_path, "03_churn", 'horizon_days: int = 30  # days\ngroup = "plan"  # by\n', ["segmentation"])
    write(tmp_path, "notes")
    return notebooks.discover(tmp_path)


def words(chosen):
    return [notebook.word for notebook in chosen]


def test_notebooks_are_found_by_number_with_title_needs_and_declared_types(found):
    assert words(found) == ["profiling", "segmentation", "churn"]
    churn = found[2]
    assert churn.title == "Who is 03_churn?"
    assert churn.needs == ("segmentation",)
    assert churn.types["horizon_days"] == "int"
    assert churn.types["group"] == "str"  # not declared: the default's own type


def test_cells_that_only_tests_compare_or_look_closer_are_no_part_of_a_report(tmp_path):
    """They name columns of the demo, which other data need not have."""
    write(tmp_path, "01_profiling")
    node = nbformat.read(tmp_path / "01_profiling.ipynb", as_version=4)
    for tag in ("nbval-check-output", "closer"):
        node.cells.append(new_code_cell("1 / 0", metadata={"tags": [tag]}))
    node.cells.append(new_code_cell("2"))
    nbformat.write(node, tmp_path / "01_profiling.ipynb")
    (notebook,) = notebooks.discover(tmp_path)
    assert [cell.source for cell in notebook.node.cells if cell.cell_type == "code"][1:] == ["2"]


def test_a_folder_without_notebooks_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no file is named like 01_profiling.ipynb"):
        notebooks.discover(tmp_path)


def test_a_notebook_may_only_need_an_earlier_one(tmp_path):
    write(tmp_path, "01_profiling", needs=["churn"])
    write(tmp_path, "02_churn")
    with pytest.raises(ValueError, match="01_profiling.ipynb: it needs churn, and no notebook before it"):
        notebooks.discover(tmp_path)


@pytest.mark.parametrize("name", ["churn", "03_churn", "03_churn.ipynb", "notebooks/03_churn.ipynb"])
def test_a_chosen_notebook_brings_those_it_needs(found, name):
    assert words(notebooks.chosen(found, [name])) == ["segmentation", "churn"]


def test_no_names_choose_all(found):
    assert words(notebooks.chosen(found, [])) == ["profiling", "segmentation", "churn"]


def test_an_unknown_notebook_is_an_error_with_the_nearest_name(found):
    with pytest.raises(ValueError, match=r"notebooks = 'chrun': choose from .* Did you mean 'churn'\?"):
        notebooks.chosen(found, ["chrun"])


def test_given_values_win_over_the_data_sets_and_go_to_those_who_declare_them(found):
    own = {"churn": {"horizon_days": 60, "group": "city"}}
    assert notebooks.settled(found, own, {"horizon_days": "90"}) == {
        "profiling": {},
        "segmentation": {},
        "churn": {"horizon_days": 90, "group": "city"},
    }


RANGED = """days: int = 30  # how far [1 to 60]
shares: list[float] = [0.5]  # which [0 to 1]
mode: str = "read"  # what to do [read, plan]
free: int = 3  # any (see [1] of the guide) number
"""


@pytest.mark.parametrize(
    "given", [{"days": "60"}, {"days": 1}, {"shares": "0,0.3,1"}, {"mode": "plan"}, {"free": "-9"}]
)
def test_values_in_the_range_that_a_comment_declares_are_taken(tmp_path, given):
    write(tmp_path, "01_profiling", RANGED)
    (notebook,) = notebooks.discover(tmp_path)
    assert notebook.ranges == {"days": "1 to 60", "shares": "0 to 1", "mode": "read, plan"}
    assert notebooks.settled([notebook], {}, given)["profiling"].keys() == given.keys()


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"days": "61"}, "days = 61: give a number from 1 to 60."),
        ({"shares": "0.5,1.1"}, "shares = 1.1: give a number from 0 to 1."),
        ({"mode": "paln"}, "mode = 'paln': choose one of read, plan. Did you mean 'plan'?"),
    ],
)
def test_a_value_out_of_its_range_is_an_error_before_anything_runs(tmp_path, given, rule):
    write(tmp_path, "01_profiling", RANGED)
    with pytest.raises(ValueError, match=f"^{re.escape(rule)}$"):
        notebooks.settled(notebooks.discover(tmp_path), {}, given)
    with pytest.raises(ValueError, match=f"^{re.escape(rule)}$"):
        notebooks.settled(notebooks.discover(tmp_path), {"profiling": given}, {})


def test_an_unknown_parameter_is_an_error_with_the_nearest_name(found):
    with pytest.raises(ValueError, match=r"^horizon_day: no such parameter; .* Did you mean 'horizon_days'\?$"):
        notebooks.settled(found, {}, {"horizon_day": "3"})


def test_an_unknown_parameter_in_dataset_toml_names_its_section(found):
    with pytest.raises(ValueError, match=r"^notebooks\.churn\.clusters: no such parameter"):
        notebooks.settled(found, {"churn": {"clusters": 3}}, {})


@pytest.mark.parametrize("name", ["dataset", "preset", "as_of", "save_to", "previous"])
def test_what_the_run_fills_in_cannot_be_given_as_a_parameter(found, name):
    with pytest.raises(ValueError, match=f"^{name}: the run fills this in. Use --"):
        notebooks.settled(found, {}, {name: "x"})


def test_a_section_for_a_notebook_that_does_not_exist_is_an_error(found):
    notebooks.check_words({"churn": {}}, found)
    with pytest.raises(ValueError, match=r"^notebooks\.chrun: no such notebook; .* Did you mean 'churn'\?$"):
        notebooks.check_words({"chrun": {}}, found)


@pytest.mark.parametrize(
    ("value", "declared", "expected"),
    [
        ("30", "int", 30),
        (30, "int", 30),
        ("9007199254740993", "int", 9007199254740993),
        ("0.5", "float", 0.5),
        (1, "float", 1.0),
        ("-1e3", "float", -1000.0),
        ("yes", "bool", True),
        ("False", "bool", False),
        (True, "bool", True),
        ("2025", "str", "2025"),
        ("", "str", ""),
        ("a, b", "list[str]", ["a", "b"]),
        ("1,2", "list[int]", [1, 2]),
        (["a"], "list", ["a"]),
        ("", "list[str]", []),
        ("{'a': 1}", "dict", {"a": 1}),
    ],
)
def test_values_are_read_in_their_declared_type(value, declared, expected):
    result = notebooks.typed("p", value, declared)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("value", "declared", "rule"),
    [
        ("x", "int", "a whole number"),
        ("1.5", "int", "a whole number"),
        (True, "int", "a whole number"),
        ("inf", "int", "a whole number"),
        ("", "float", "a number"),
        ("maybe", "bool", "true or false"),
        (3, "str", "text"),
        ("1,x", "list[int]", "a whole number"),
        (3, "list[str]", r"a comma-separated list\[str\]"),
    ],
)
def test_a_value_of_another_type_is_an_error(value, declared, rule):
    with pytest.raises(ValueError, match=rf"^p = .*: give {rule}\.$"):
        notebooks.typed("p", value, declared)
