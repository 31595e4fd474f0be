"""What each file of a stranger's folder holds: headers, rows, and its `columns`."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.draft.contents.columns import MOST, Column, columns
from helpers.data.draft.contents.widths import Widths, widths
from helpers.data.intake import files
from helpers.language import _

NO_DATA = {".toml", ".md", ".py", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".docx", ".doc", ".html", ".ipynb", ".lock"}


@dataclass(frozen=True)
class Holding:
    """The rows of one file, of one sheet of a workbook, or of several files of one pattern, as text."""

    files: tuple[str, ...]
    rows: int
    columns: tuple[Column, ...]
    table: ir.Table = field(repr=False)
    sheet: str = ""
    widths: Widths | None = None
    pattern: str = ""  # that names the files, where they are several

    @property
    def told(self) -> str:
        """How a reader calls it: the file, and the sheet."""
        return (self.pattern or self.files[0]) + (f" › {self.sheet}" if self.sheet else "")

    @property
    def stem(self) -> str:
        """The name of the file without its endings: coupon_redemptions.csv.gz → coupon_redemptions."""
        return re.sub(r"(\.\w{1,7})+$", "", PurePosixPath(self.pattern or self.files[0]).name)

    @property
    def names(self) -> tuple[str, ...]:
        """The folded headers."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @functools.cached_property
    def unique(self) -> frozenset[str]:
        """The columns whose filled values are all different, and fill nearly every row."""
        likely = [
            each.name
            for each in self.columns
            if each.filled >= MOST * self.rows and each.distinct >= 0.8 * self.rows > 0
        ]
        if not likely:
            return frozenset()
        exact = self.table.agg(**{name: self.table[name].nunique() for name in likely}).execute().iloc[0]
        return frozenset(name for name in likely if exact[name] >= self.column(name).filled)

    def repeats(self, name: str) -> float:
        """Rows for each different value of a column."""
        known = self.column(name)
        return 1.0 if name in self.unique else known.filled / max(known.distinct, 1)

    def determines(self, key: str, name: str) -> float:
        """The share of the values of `key` that have one value of the column `name` only."""
        filled = self.table.filter(self.table[key].notnull() & (self.table[key] != ""))
        each = filled.group_by(key).agg(n=filled[name].nunique())
        share = each.agg(share=(each.n <= 1).mean()).execute().iloc[0, 0]
        return 0.0 if share is None or share != share else float(share)


@dataclass(frozen=True)
class Folder:
    """What the files of a folder hold, and which could not be read, with the reason."""

    holdings: tuple[Holding, ...]
    unread: dict[str, str]


def held(connection: ibis.BaseBackend, folder: Path, scratch: Path) -> Folder:
    """What every file of `folder` holds; `scratch` takes the rows. Files of one pattern are taken together."""
    single: list[Holding] = []
    unread: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith((".", "~")) or path.suffix.lower() in NO_DATA:
            continue
        try:
            for member in files.contents(path):
                if member.suffix.lower() not in NO_DATA:
                    single.extend(_of_file(connection, member, str(member.relative_to(folder)), scratch))
        except (ValueError, OSError, *engine.ERRORS) as error:
            unread[path.name] = re.sub(f"^{re.escape(path.name)}(: |：)", "", str(error).splitlines()[0])
    return Folder(tuple(_together(connection, single)), unread)


def _of_file(connection: ibis.BaseBackend, path: Path, name: str, scratch: Path) -> list[Holding]:
    sheets = files.sheets(path, scratch)
    found = []
    for place, sheet in enumerate(sheets):
        named = sheet if len(sheets) > 1 else ""
        home = scratch / hashlib.sha256(f"{name}/{place}".encode()).hexdigest()[:16]
        home.mkdir()
        layout, cut = files.Layout(sheet=sheet), None
        text = files.read(connection, path, layout, home)
        if len(text.headers) == 1 and path.is_file() and (cut := widths(path)):
            text = files.read(connection, path, replace(layout, fields=cut.fields, skip=cut.skip), home)
        stored = home / "rows.parquet"
        text.rows.mutate(
            **{name: text.rows[name].cast("string").strip().nullif("") for name in text.headers}
        ).to_parquet(stored)
        table = connection.read_parquet(stored)
        if (rows := int(table.count().execute())) and text.headers:
            found.append(Holding((name,), rows, columns(connection, table, text.headers, rows), table, named, cut))
    if not found:
        raise ValueError(_("{file}: it has no rows.").format(file=name))
    return found


def _together(connection: ibis.BaseBackend, single: list[Holding]) -> list[Holding]:
    """Holdings of files whose names differ in digits alone, and whose headers are the same, taken as one."""
    groups: dict[tuple, list[Holding]] = defaultdict(list)
    for holding in single:
        groups[(re.sub(r"\d+", "*", holding.files[0]), holding.sheet, frozenset(holding.names))].append(holding)
    whole = []
    taken = {name for holding in single for name in holding.files}
    for (pattern, _sheet, _headers), parts in groups.items():
        if len(parts) == 1:
            whole.extend(parts)
            continue
        names = parts[0].names
        rows = sum(part.rows for part in parts)
        table = ibis.union(*[part.table.select(*names, engine.ROW) for part in parts])
        matched = {name for name in taken if re.fullmatch(_as_regex(_glob(pattern)), name)}
        members = tuple(part.files[0] for part in parts)
        glob = _glob(pattern) if matched == set(members) else ""
        whole.append(
            replace(
                parts[0],
                files=members,
                rows=rows,
                columns=columns(connection, table, names, rows),
                table=table,
                pattern=glob,
            )
        )
    return whole


def _glob(pattern: str) -> str:
    """orders_*-*.csv → orders_*.csv."""
    return re.sub(r"\*([-_. ]?\*)+", "*", pattern)


def _as_regex(glob: str) -> str:
    return ".*".join(map(re.escape, glob.split("*")))
