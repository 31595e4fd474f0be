"""The notebooks of a report: which there are, which are wanted, and the parameters each is run with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node

from helpers import parameters
from helpers.parameters import nearest

FILLED_IN = {"dataset": "--dataset", "preset": "--preset", "as_of": "--as-of", "save_to": "--out", "previous": "--out"}
FOR_TESTS = "nbval-check-output"  # the tag of cells that only tests compare: no part of a report
CLOSER = "closer"  # the tag of cells that somebody in JupyterLab may go on from: no part of a report either
RANGE = re.compile(r"\s*\[([^\]]+)\]$")  # at the end of a parameter's comment
LIMITS = re.compile(r"(\S+) to (\S+)")
WORDS_FOR = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Notebook:
    """A notebook as it stands in its folder, not yet run."""

    word: str  # 03_churn.ipynb → churn
    title: str
    name: str  # what its page is called: Leaving and staying
    needs: tuple[str, ...]  # words of the notebooks whose saved tables it reads
    types: dict[str, str]  # parameter → the type its cell declares
    ranges: dict[str, str]  # parameter → what its comment allows: "90 to 730", "auto, contract, silence"
    node: NotebookNode


def discover(folder: Path) -> list[Notebook]:
    """Every NN_word.ipynb in `folder`, by number; ValueError when there is none, or one needs a later one."""
    notebooks: list[Notebook] = []
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        notebooks.append(_read(path))
        missing = set(notebooks[-1].needs) - {notebook.word for notebook in notebooks[:-1]}
        if missing:
            raise ValueError(f"{path.name}: it needs {', '.join(missing)}, and no notebook before it is called that.")
    if not notebooks:
        raise ValueError(f"notebooks = {str(folder)!r}: no file is named like 01_profiling.ipynb there.")
    return notebooks


def chosen(notebooks: list[Notebook], names: Iterable[str]) -> list[Notebook]:
    """The notebooks called by `names` (churn, 03_churn or 03_churn.ipynb) and those they need; all for no names."""
    by_word = {notebook.word: notebook for notebook in notebooks}
    waiting = words(notebooks, names)
    wanted: set[str] = set()
    while waiting:
        word = waiting.pop()
        if word not in wanted:
            wanted.add(word)
            waiting.extend(by_word[word].needs)
    return [notebook for notebook in notebooks if notebook.word in wanted]


def words(notebooks: list[Notebook], names: Iterable[str]) -> list[str]:
    """The words that `names` (churn, 03_churn or 03_churn.ipynb) stand for; all for no names."""
    known = [notebook.word for notebook in notebooks]
    asked = [Path(name).stem.lstrip("0123456789_") for name in names] or known
    for word in asked:
        if word not in known:
            raise ValueError(f"notebooks = {word!r}: choose from {', '.join(known)}.{nearest(word, known)}")
    return asked


def check_words(by_notebook: Iterable[str], notebooks: list[Notebook]) -> None:
    """ValueError when a data set gives parameters to a notebook that does not exist."""
    words = [notebook.word for notebook in notebooks]
    for word in by_notebook:
        if word not in words:
            raise ValueError(f"notebooks.{word}: no such notebook; there are {', '.join(words)}.{nearest(word, words)}")


def settled(
    notebooks: list[Notebook], by_notebook: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Parameters by notebook, checked and in their declared types: those `given` win over those `by_notebook`.

    `by_notebook` is the data set's own choice; each of the `given` goes to every notebook that declares it.
    Raises ValueError on a name nobody declares, a value of another type, or one that its comment does not allow.
    """
    declared = {name for notebook in notebooks for name in notebook.types}
    for name in given:
        _check_name(name, declared)
    values: dict[str, dict[str, Any]] = {}
    for notebook in notebooks:
        own = by_notebook.get(notebook.word, {})
        for name in own:
            _check_name(name, notebook.types, where=f"notebooks.{notebook.word}.")
        merged = {**own, **{name: value for name, value in given.items() if name in notebook.types}}
        read = {name: typed(name, value, notebook.types[name]) for name, value in merged.items()}
        values[notebook.word] = {
            name: within(name, value, notebook.ranges.get(name, "")) for name, value in read.items()
        }
    return values


def within(name: str, value: Any, allowed: str) -> Any:
    """`value` itself when it lies in what is `allowed`: "90 to 730", or "auto, contract"; ValueError otherwise.

    Each value of a list must; an empty text allows everything.
    """
    if not allowed:
        return value
    limits = LIMITS.fullmatch(allowed)
    for each in value if isinstance(value, list) else [value]:
        if limits:
            parameters.between(name, each, float(limits[1]), float(limits[2]))
        else:
            parameters.one_of(name, each, [choice.strip() for choice in allowed.split(",")])
    return value


def typed(name: str, value: Any, declared: str) -> Any:
    """`value` in the type that `declared` names, read from text where it is text; ValueError when it is of another."""
    if declared.startswith(("list", "tuple")):
        item = declared.partition("[")[2].partition(",")[0].rstrip("]") or "str"
        items = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        if isinstance(items, list | tuple):
            return [typed(name, each, item) for each in items]
    elif declared == "bool":
        if str(value).lower() in WORDS_FOR:
            return WORDS_FOR[str(value).lower()]
    elif declared in ("int", "float") and not isinstance(value, bool):
        try:
            number = float(value)
            if declared == "float" or number.is_integer():
                return number if declared == "float" else int(value)
        except (TypeError, ValueError, OverflowError):
            pass
    elif declared == "str" and isinstance(value, str):
        return value
    elif declared not in ("int", "float", "str"):
        return _literal(value)
    raise ValueError(f"{name} = {value!r}: give {_spoken(declared)}.")


def _read(path: Path) -> Notebook:
    node = load_notebook_node(str(path))
    node.cells = [cell for cell in node.cells if not {FOR_TESTS, CLOSER} & set(cell.metadata.get("tags", ()))]
    headings = (cell.source for cell in node.cells if cell.cell_type == "markdown" and cell.source.startswith("# "))
    word = path.stem.partition("_")[2]
    parameters_of = papermill.inspect_notebook(node)
    return Notebook(
        word=word,
        title=next(headings, word).splitlines()[0].removeprefix("# ").strip(),
        name=node.metadata.get("kehu", {}).get("name", word.replace("_", " ").capitalize()),
        needs=tuple(node.metadata.get("kehu", {}).get("needs", ())),
        types={name: _type(declared) for name, declared in parameters_of.items()},
        ranges={name: match[1] for name, each in parameters_of.items() if (match := RANGE.search(each["help"]))},
        node=node,
    )


def _type(parameter: Mapping[str, str]) -> str:
    """The declared type; the default's own where none is declared."""
    if parameter["inferred_type_name"] != "None":
        return parameter["inferred_type_name"]
    return type(_literal(parameter["default"])).__name__


def _literal(value: Any) -> Any:
    try:
        return ast.literal_eval(value) if isinstance(value, str) else value
    except (SyntaxError, ValueError):
        return value


def _check_name(name: str, known: Iterable[str], where: str = "") -> None:
    if name in FILLED_IN:
        raise ValueError(f"{where}{name}: the run fills this in. Use {FILLED_IN[name]}.")
    if name not in known:
        own = sorted(set(known) - set(FILLED_IN))
        choices = f"choose from {', '.join(own)}" if own else "the chosen notebooks have no parameters of their own"
        raise ValueError(f"{where}{name}: no such parameter; {choices}.{nearest(name, own)}")


def _spoken(declared: str) -> str:
    words = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "text"}
    return words.get(declared, f"a comma-separated {declared}")
