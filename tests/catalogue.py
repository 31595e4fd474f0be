"""The sentences that can be spoken in another language: `make words` writes the catalogues anew from what is said now."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from helpers import language
from helpers.data import contracts
from helpers.findings import Column, DeclaredTable, formats
from helpers.reports.pages import proof, prose

SOURCE = Path(__file__).resolve().parents[1] / "src" / "helpers"
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
WRITTEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # a day of its own would change the files on every writing


def sentences() -> Catalog:
    """The messages of code, pages' templates and notebooks, each with the files in which it stands."""
    found = Catalog(project="Kehu", creation_date=WRITTEN)
    for file, _line, message, _comments, _context in extract_from_dir(
        SOURCE, [("**.py", "python"), ("**.j2", "jinja2")], keywords={"_": None, "say": (1,), "later": None}
    ):
        found.add(message, locations=[(f"src/helpers/{file}", None)])
    for file, message in of_notebooks():
        found.add(message, locations=[(file, None)])
    for file, message in of_columns():
        found.add(message, locations=[(f"src/helpers/{file}", None)])
    return found


def of_notebooks() -> Iterator[tuple[str, str]]:
    """The file and the text of each message of a notebook: its name, the blocks of its prose, its settings' comments."""
    for file, notebook in _notebooks():
        written = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        blocks = [block for markdown in written for block in prose.blocks(markdown)]
        for message in (notebook.metadata.kehu.name, *blocks):
            yield file, message
    yield from of_settings()


def of_settings() -> Iterator[tuple[str, str]]:
    """The file and the text of each comment that explains a notebook's setting on its page."""
    for file, notebook in _notebooks():
        for setting in proof.settings(notebook):
            yield file, setting.comment


def _notebooks() -> list[tuple[str, nbformat.NotebookNode]]:
    return [(f"notebooks/{path.name}", nbformat.read(path, as_version=4)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


def of_columns() -> Iterator[tuple[str, str]]:
    """The headings and code words of all declared columns, and the names of the contracts' columns, with their module."""
    for path in (*sorted(SOURCE.rglob("vocabulary.py")), SOURCE / "reports" / "records.py"):
        file = path.relative_to(SOURCE).as_posix()
        room = vars(import_module(f"helpers.{file.removesuffix('.py').replace('/', '.')}"))
        for column in (found for value in room.values() for found in _declared(value)):
            yield from ((file, message) for message in (column.message, *column.words.values()) if message)
    for table in contracts.TABLES.values():
        yield from (("data/contracts/tables.py", formats.phrase(column.name)) for column in table.columns)


def _declared(value: object) -> Iterator[Column]:
    """The columns that a name of a module stands for: one, several, or those of a table."""
    if isinstance(value, type) and issubclass(value, DeclaredTable):
        value = value.columns
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    yield from (one for one in several if isinstance(one, Column))


def path_of(name: str, suffix: str) -> Path:
    """The catalogue of a language: .po as it is written, .mo as it is read."""
    return language.LOCALES / name / "LC_MESSAGES" / f"{language.DOMAIN}{suffix}"


def kept(name: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with path_of(name, ".po").open("rb") as file:
        return read_po(file, locale=name, domain=language.DOMAIN)


def built(catalogue: Catalog) -> bytes:
    """The bytes of a .mo file."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def waiting(catalogue: Catalog) -> list[Message]:
    """The messages that nobody has translated yet."""
    return [message for message in catalogue if message.id and not message.string]


def main() -> None:
    """Takes what code and notebooks say now into each catalogue, keeping its translations, and builds what is read."""
    for name in language.LANGUAGES:
        if name == language.ENGLISH:
            continue
        catalogue = kept(name)
        catalogue.update(sentences(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path_of(name, ".po").open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        path_of(name, ".mo").write_bytes(built(catalogue))
        for message in waiting(catalogue):
            print(f"{path_of(name, '.po').relative_to(NOTEBOOKS.parent)}: write the words for {message.id!r}.")


if __name__ == "__main__":
    main()
