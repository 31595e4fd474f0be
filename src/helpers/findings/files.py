"""Answers as files of a report: the table as Parquet and as CSV, with what is declared of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from helpers import language
from helpers.findings import declarations
from helpers.findings.declarations import Declaration
from helpers.findings.finding import DeclaredTable, Finding, NotApplicable
from helpers.findings.scopes import of_whom
from helpers.findings.sentence import joined
from helpers.findings.spreadsheets import write_csv


def save(answer: DeclaredTable | NotApplicable | pd.DataFrame, folder: str | Path, name: str) -> None:
    """Writes a table, without its index, as `name`.parquet and as a `name`.csv that spreadsheets open safely.

    The CSV is UTF-8 with a byte order mark, for Excel; text that a spreadsheet could run as a formula gets a leading
    apostrophe. The Parquet file holds the data as they are, with what is declared of them. What lists single customers
    is readable by its owner alone. An empty `folder` saves nothing, and so does an answer that does not apply.
    """
    if not folder or isinstance(answer, NotApplicable):
        return
    frame = answer if isinstance(answer, pd.DataFrame) else answer.table
    declaration = None if isinstance(answer, pd.DataFrame) else _declaration(answer)
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    declarations.write(frame, path / f"{name}.parquet", declaration)
    write_csv(frame, path / f"{name}.csv")
    known = declaration or Declaration(tuple(frame.columns))
    for file in path.glob(f"{name}.*") if known.is_a_list else ():
        file.chmod(0o600)


def load(folder: str | Path, name: str, columns: Collection[str] = ()) -> pd.DataFrame | None:
    """The table that `save` left in `folder` under `name`; None for an empty `folder`, or where none was saved.

    With `columns` only those of them that it has: of many customers a whole table takes hundreds of MB.
    Raises ValueError for a file that is no table.
    """
    path = Path(folder) / f"{name}.parquet"
    if not folder or not path.exists():
        return None
    try:
        wanted = [column for column in pq.read_schema(path).names if column in columns] if columns else None
        return pd.read_parquet(path, columns=wanted)
    except (OSError, ValueError) as error:  # what Arrow raises is either
        told = str(error).partition(". ")[0].rstrip(".")
        raise ValueError(
            f"{path.name}: it is no whole table ({told}). Make its report anew, or delete the file."
        ) from None


def _declaration(answer: DeclaredTable) -> Declaration:
    """What is declared of a table, with its question and its answer in each edition where it is a finding's."""
    if not isinstance(answer, Finding):
        return Declaration(answer.columns)
    questions, answers = {}, {}
    for each in language.editions():
        with language.spoken(each):
            only = of_whom(answer.subset)
            questions[each] = str(answer.title() or "")
            answers[each] = joined(filter(None, [answer.to_tell(), only]))
    return Declaration(answer.columns, answer.currency, questions, answers)
