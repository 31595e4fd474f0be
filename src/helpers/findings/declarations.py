"""What a saved table says of itself within its file: its columns as declared, its currency, its question and answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.findings.columns import Column, Kind

KEY = b"kehu"  # under which the file's schema has it
ONE_EACH = ("customer_id", "pseudonym", "action_key", "file_row")  # a row is one customer, action or row of a raw file


@dataclass(frozen=True)
class Declaration:
    """What is declared of a table: its columns, patterns included, and what was said of it in each language."""

    columns: tuple[Column, ...]
    currency: str = ""
    questions: Mapping[str, str] = field(default_factory=dict)  # language → what its figure answers
    answers: Mapping[str, str] = field(default_factory=dict)  # language → its headline

    @property
    def is_a_list(self) -> bool:
        """Whether its rows are single customers, actions or raw rows, and no sums over many."""
        return any(column in ONE_EACH for column in self.columns)


def write(frame: pd.DataFrame, path: Path, declaration: Declaration | None) -> None:
    """Writes a table, without its index, as a Parquet file that says what is declared of it."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if declaration:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: _packed(declaration)})
    pq.write_table(table, path)


def read(path: Path) -> Declaration | None:
    """What the Parquet file at `path` says of its table; None where nothing is declared of it."""
    packed = (pq.read_schema(path).metadata or {}).get(KEY)
    if packed is None:
        return None
    said = json.loads(packed)
    columns = tuple(_column(*each) for each in said.pop("columns"))
    return Declaration(columns, **said)


def _packed(declaration: Declaration) -> bytes:
    return json.dumps(
        {
            "columns": [column.__getnewargs_ex__() for column in declaration.columns],
            "currency": declaration.currency, "questions": declaration.questions, "answers": declaration.answers,
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


def _column(given: list[str], named: dict) -> Column:
    name, kind, meaning = given
    return Column(name, Kind(kind), meaning, **named)
