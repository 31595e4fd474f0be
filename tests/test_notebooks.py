"""Every notebook has the form of a letter: a question, its readers, its parameters, findings, and their limits."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import nbformat
import pytest

from helpers import analyses

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
COMMON = {"dataset": "demo", "preset": "", "as_of": "", "save_to": ""}
CHECKED, CLOSER = "nbval-check-output", "closer"


def tags(cell):
    return cell.metadata.get("tags", [])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "01_profiling",
        "02_segmentation",
        "03_churn",
        "04_experiments",
        "05_value",
        "06_feedback",
        "07_journey",
        "08_offers",
        "09_plan",
    ]


def test_it_opens_with_a_question_and_ends_with_its_limits(notebook):
    assert notebook.cells[0].cell_type == "markdown"
    title = notebook.cells[0].source.splitlines()[0]
    headings = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert title.startswith("# ") and title.endswith("?")
    assert headings[-1] == "## How far to trust this"
    assert all(heading.endswith("?") for heading in headings[:-1])


def test_a_finding_has_at_most_two_sentences_before_it(notebook):
    sections = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and "## " in cell.source][:-1]
    assert [words for words in sections if len(re.findall(r"[.!?](?=\s|$)", without_marks(words))) > 2] == []


def without_marks(markdown):
    """The paragraphs of `markdown`: no headings, no items of a list."""
    return "\n".join(line for line in markdown.splitlines() if not line.startswith(("#", "- ")))


def test_it_has_a_name(notebook):
    assert 0 < len(notebook.metadata.kehu.name) <= 20


def test_it_has_few_short_cells_that_define_nothing(notebook):
    cells = code(notebook)
    assert len([cell for cell in cells if CLOSER not in tags(cell)]) <= 18
    for cell in cells:
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 10, cell.source
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]


def test_its_optional_cells_slice_what_is_above_in_a_line_or_two_and_nothing_rests_on_them(notebook):
    """On data that lack what a cell asks for it fails alone, and the lab runs on: so says `raises-exception`."""
    closer = [cell for cell in code(notebook) if CLOSER in tags(cell)]
    assert closer and all("raises-exception" in tags(cell) for cell in closer)
    for cell in closer:
        comment, *lines = cell.source.splitlines()
        assert comment.startswith("# Look closer: ") and 1 <= len(lines) <= 2 and "save" not in cell.source, cell.source
    others = [cell.source for cell in code(notebook) if cell not in closer]
    asked = {node.id for source in others for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    assert [name for cell in closer for name in assigned(cell.source) if name in asked] == []


def assigned(source):
    return [
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def test_its_parameters_are_typed_and_commented_and_begin_with_the_common_four(notebook):
    (cell,) = [cell for cell in code(notebook) if "parameters" in tags(cell)]
    assigned = ast.parse(cell.source).body
    assert all(isinstance(node, ast.AnnAssign) for node in assigned)
    assert all("#" in line for line in cell.source.splitlines())
    defaults = {node.target.id: ast.literal_eval(node.value) for node in assigned}
    assert dict(list(defaults.items())[:4]) == COMMON
    assert "group" not in defaults  # the column that makes groups is called by, as in the answers


def test_it_names_no_path(notebook):
    for cell in code(notebook):
        texts = [
            node.value
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in texts if "/" in text or "\\" in text]


def test_only_the_checked_cells_keep_their_outputs(notebook):
    checked = [cell for cell in code(notebook) if CHECKED in tags(cell)]
    assert 1 <= len(checked) <= 3
    assert all(cell.outputs and cell.execution_count for cell in checked)
    assert not [cell for cell in code(notebook) if cell.outputs and cell not in checked]
    assert all(cell.execution_count is None for cell in code(notebook) if cell not in checked)


def test_checked_cells_print_and_do_nothing_else(notebook):
    """A cell that nbval compares saves nothing, and a name that is missing fails in it instead of vanishing."""
    for cell in code(notebook):
        if CHECKED in tags(cell):
            assert swallowed(cell.source) == [], cell.source


def swallowed(source):
    """What a checked cell does beside printing: statements of another kind, calls that save, calls that hide a name."""
    tree = ast.parse(source)
    others = [ast.unparse(node) for node in tree.body if not is_print(node)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [ast.unparse(call.func).rpartition(".")[2] for call in calls]
    hides = [ast.unparse(call) for call in calls if any(word.arg == "errors" for word in call.keywords)]
    return others + hides + [name for name in named if name in {"filter", "save", "get"}]


def is_print(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "print"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("print(curves.table[['group', 'rate']].round(2).to_string(index=False))", []),
        ("print(curves.table.filter(['group']))", ["filter"]),
        ("print(curves.table.drop(columns='x', errors='ignore'))", ["curves.table.drop(columns='x', errors='ignore')"]),
        ("save(curves, save_to, 'curves')\nprint(1)", ["save(curves, save_to, 'curves')", "save"]),
        ("rates = curves.table\nprint(rates)", ["rates = curves.table"]),
    ],
)
def test_a_checked_cell_that_swallows_or_saves_is_caught(source, fault):
    assert swallowed(source) == fault


def test_findings_show_themselves_and_nobody_asks_what_they_are(notebook):
    names = {
        node.id for cell in code(notebook) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)
    }
    assert not names & {"show", "isinstance"}


def test_it_runs_in_any_python_kernel(notebook):
    assert notebook.metadata.kernelspec.name == "python3"


def test_the_column_that_makes_groups_is_called_by_in_every_answer():
    doors = [
        importlib.import_module(f"helpers.analyses.{each.name}") for each in pkgutil.iter_modules(analyses.__path__)
    ]
    answers = {f"{door.__name__}.{name}": getattr(door, name) for door in doors for name in door.__all__}
    asked = {name: inspect.signature(each).parameters for name, each in answers.items() if inspect.isfunction(each)}
    assert sum("by" in parameters for parameters in asked.values()) > 10
    assert [name for name, parameters in asked.items() if {"group", "group_by", "grouping"} & parameters.keys()] == []
