"""CSV and its relatives: rows of fields with a mark between them.

`forms` tells from the first lines how a file is written; `blocks` tells whether all of it is so: then the engine reads
the file as it lies. A file with a flaw is first made a clean copy by `mending`, which says what it did.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path

import ibis

from helpers.data import engine
from helpers.data.intake.files import forms, margins
from helpers.data.intake.files.blocks import Plain, blocks, lines_of
from helpers.data.intake.files.encodings import opened, utf8_text
from helpers.data.intake.files.forms import Form
from helpers.data.intake.files.mending import Mender
from helpers.data.intake.files.tables import Aside, Layout, Mended, TextTable, distinct


def delimited_rows(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    """The rows of a text file with a header line; `scratch` takes a clean UTF-8 copy where one is needed.

    Raises ValueError for a file that is empty, and for one whose encoding cannot be told or is another than asked for.
    """
    text = utf8_text(path, layout.encoding, scratch)
    form = forms.found(text.path, layout.delimiter)
    readable, form, counts, aside = _clean(text.path, form, scratch)
    names = distinct(list(form.header))
    rows, rejects = engine.csv_text(connection, readable, names, form.dialect.delimiter)
    mended = Mended(
        text.encoding,
        forms.told(form.dialect),
        form.dialect.escape == "\\",
        undecodable=text.undecodable,
        title_lines=form.titles,
        **counts,
    )
    return TextTable(rows, tuple(names), rejects, tuple(aside), mended)


def _clean(path: Path, form: Form, scratch: Path) -> tuple[Path, Form, Counter[str], list[Aside]]:
    """A file that the engine reads rightly: the one at `path` or a mended copy; its form, and what was done."""
    plain = Plain(form.dialect.delimiter, len(form.header), form.end, form.line)
    if form.first == 0 and _is_plain(path, form, plain):
        return path, form, Counter(), []
    if _has_backslashes(path, form.dialect.delimiter):
        form = forms.with_backslashes(form)
    mender = Mender(form, plain)
    handle, copy = tempfile.mkstemp(".clean.csv", dir=scratch)
    with opened(path) as source, open(handle, "wb") as out:
        mender.write(source, out)
    return Path(copy), form, mender.counts, mender.aside


def _is_plain(path: Path, form: Form, plain: Plain) -> bool:
    """Whether every line below the header is a plain record, and none of the last a total."""
    if not plain.header():
        return False
    with opened(path) as source:
        several = blocks(source)
        block = b"".join(lines_of(next(several, b""))[form.after :])
        for following in several:
            if block and not plain(block):
                return False
            block = following
    if block and not plain(block, last=True):
        return False
    last = (line.decode(errors="replace").rstrip("\r\n") for line in lines_of(block)[-margins.END :])
    return not any(margins.is_total(form.dialect.split(line).fields, near_end=True) for line in last)


def _has_backslashes(path: Path, delimiter: str) -> bool:
    """Whether a backslash stands before quotes that close no field, and none of them is doubled, all over the file."""
    inside = rb'[^\r\n"' + re.escape(delimiter).encode() + b"]"
    escaped, doubled = re.compile(rb'\\"' + inside), re.compile(inside + b'""' + inside)
    some = False
    with opened(path) as source:
        for block in blocks(source):
            if b'"' not in block:
                continue
            if b'""' in block and doubled.search(block):
                return False
            some = some or (b'\\"' in block and escaped.search(block) is not None)
    return some
