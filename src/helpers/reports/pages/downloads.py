"""Which saved table stands behind each answer of a notebook: read from its cells, where it was saved and shown."""

from __future__ import annotations

import ast
import html
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from helpers.language import _

TOOLS = '<p class="kehu-tools">'  # where a page has what can be done with a table


def saved(cells: Iterable[NotebookNode]) -> dict[str, str]:
    """The name of each table that cells save → the variable that it is of; empty for what is no variable.

    From `save(risk, save_to, "churn_risk")`.
    """
    tables: dict[str, str] = {}
    for cell in cells:
        for node in ast.walk(tree(cell)):
            match node:
                case ast.Call(func=ast.Name("save"), args=[answer, _, ast.Constant(str(name))]):
                    tables[name] = answer.id if isinstance(answer, ast.Name) else ""
    return tables


def shown(cell: NotebookNode) -> list[str]:
    """The variables that a cell shows, one an output, as far as is certain; empty for what is no variable."""
    variables: list[str] = []
    statements = tree(cell).body
    for statement in statements:
        match statement:
            case ast.Expr(ast.Call(func=ast.Name("display"), args=answers)):
                pass
            case ast.Expr(answer) if statement is statements[-1]:
                answers = [answer]
            case ast.Assign() | ast.AnnAssign() | ast.Expr():
                continue
            case _:  # what it shows depends on the data
                break
        for answer in answers:
            if isinstance(answer, ast.Starred):
                return variables
            variables.append(answer.id if isinstance(answer, ast.Name) else "")
    return variables


def offered(markup: str, file: str) -> str:
    """An answer's markup with a link to the file of its table; itself for no file."""
    words = _("Download (CSV)")
    link = f'<a href="{html.escape(file)}" download>{html.escape(words)}</a> '
    return markup.replace(TOOLS, f"{TOOLS}{link}", 1) if file else markup


def files(cell: NotebookNode, tables: Mapping[str, str], links: Mapping[str, str]) -> list[str]:
    """The link to the file behind each output of a cell that shows something; empty where there is none.

    `tables` are those that the notebook's cells save, `links` lead to the files that there are, by the table's name.
    """
    names = {variable: name for name, variable in tables.items() if variable}
    return [links.get(names.get(variable, ""), "") for variable in shown(cell)]


def tree(cell: NotebookNode) -> ast.Module:
    """The syntax of a cell; of nothing where it is no code, or no Python."""
    try:
        return ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:  # a line for IPython alone: %matplotlib inline
        return ast.Module([], [])
