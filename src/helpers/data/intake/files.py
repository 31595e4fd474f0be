"""Raw files into tables of text: encodings, delimiters, fixed widths, Excel sheets and Parquet, headers folded."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine

ROW = engine.ROW
DELIMITERS = (",", "\t", ";", "|")
EXCEL = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


@dataclass(frozen=True)
class Layout:
    """How one file is written; the defaults are found out from the file."""

    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str = ""
    fields: tuple[tuple[str, int, int], ...] = ()
    skip: int = 0


@dataclass(frozen=True)
class TextTable:
    """The rows of one file under folded headers, with `file_row`; `rejects` names the table of unsplit lines."""

    rows: ir.Table
    headers: tuple[str, ...]
    rejects: str = ""


def fold(header: str) -> str:
    """A header as it is matched: full-width made plain, case-folded, runs of other characters made `_`."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\W_]+", "_", plain).strip("_")


def find(folder: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """The files that the patterns name, in order: globs relative to `folder`, absolute paths, or folders of Parquet."""
    found: list[Path] = []
    for pattern in patterns:
        for match in _matches(folder, pattern):
            found.extend(sorted(match.rglob("*.parquet")) if match.is_dir() else [match])
    return tuple(dict.fromkeys(found))


def _matches(folder: Path, pattern: str) -> list[Path]:
    try:
        path = Path(pattern).expanduser()
        if path.is_absolute():
            return [path] if path.exists() else []
        return sorted(folder.glob(pattern))
    except (OSError, RuntimeError, ValueError) as error:
        raise ValueError(f"file = {pattern!r}: no pattern of files ({error}). Write such as orders_*.csv.") from None


def read(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    """The rows of `path` as text (Parquet: in its own types); `scratch` takes a UTF-8 copy where one is needed.

    Raises ValueError for a file that is empty, not in its encoding, or without the sheet asked for.
    """
    if path.suffix.lower() in EXCEL:
        return _excel(connection, path, layout.sheet)
    if path.suffix.lower() == ".parquet":
        return _folded(engine.parquet(connection, path))
    encoding = layout.encoding if layout.encoding != "auto" else detected_encoding(path)
    readable = path if encoding == "utf-8" else _utf8_copy(path, encoding, scratch)
    if layout.fields:
        rows = engine.fixed_width_text(connection, readable, layout.fields, layout.skip)
        return TextTable(rows, tuple(name for name, _, _ in layout.fields))
    return _csv(connection, readable, layout.delimiter)


def detected_encoding(path: Path) -> str:
    """'utf-8' or 'gb18030', by which of them the file's first megabyte can be read as."""
    with _opened(path) as stream:
        sample = stream.read(1 << 20)
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample, final=False)
        except UnicodeDecodeError:
            continue
        return encoding
    raise ValueError(f"{path.name}: neither UTF-8 nor GB18030. Name its encoding in dataset.toml.")


def _csv(connection: ibis.BaseBackend, path: Path, delimiter: str) -> TextTable:
    with _opened(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        first = text.readline()
        if not first.strip():
            raise ValueError(f"{path.name}: the file is empty. Export it again, with a header line.")
        delimiter = delimiter if delimiter != "auto" else max(DELIMITERS, key=first.count)
        text.seek(0)
        headers = next(csv.reader(text, delimiter=delimiter))
    names = _distinct(headers)
    rows, rejects = engine.csv_text(connection, path, names, delimiter)
    return TextTable(rows, tuple(names), rejects)


def _excel(connection: ibis.BaseBackend, path: Path, sheet: str) -> TextTable:
    with pd.ExcelFile(path, engine="calamine") as book:
        if sheet and sheet not in book.sheet_names:
            raise ValueError(f"{path.name}: no sheet {sheet!r}. It has {', '.join(map(str, book.sheet_names))}.")
        frame = book.parse(sheet or 0, dtype=str, na_filter=False)
    frame.columns = _distinct([str(header) for header in frame.columns])
    names = tuple(frame.columns)
    frame[ROW] = range(1, len(frame) + 1)
    return TextTable(engine.from_frame(connection, frame), names)


def _folded(rows: ir.Table) -> TextTable:
    headers = [name for name in rows.columns if name != ROW]
    names = _distinct(headers)
    return TextTable(rows.rename(dict(zip(names, headers, strict=True))), tuple(names))


def _distinct(headers: list[str]) -> list[str]:
    """Folded headers, each once: the second `variant` becomes `variant_2`, an empty one `column_3`."""
    folded = [fold(header) or f"column_{place}" for place, header in enumerate(headers, start=1)]
    seen = Counter([ROW])
    names = []
    for name in folded:
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _utf8_copy(path: Path, encoding: str, scratch: Path) -> Path:
    handle, copy = tempfile.mkstemp(".utf8.csv", dir=scratch)  # files of one name may lie in several folders
    try:
        with _opened(path) as stream, open(handle, "w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(codecs.getreader(encoding)(stream), out, 1 << 20)
    except (UnicodeDecodeError, LookupError) as error:
        raise ValueError(f"{path.name}: not {encoding} ({error}). Correct its encoding in dataset.toml.") from None
    return Path(copy)


def _opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def names_in(folder: Path) -> Iterator[str]:
    """Names of the files in `folder`, for errors that list what was found."""
    return (path.name for path in sorted(folder.iterdir()) if path.is_file())
