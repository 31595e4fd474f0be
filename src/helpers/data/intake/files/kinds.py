"""What a file is, told by its content: its name may say something else."""

from __future__ import annotations

import re
import zipfile
from enum import Enum, auto
from pathlib import Path

from helpers.language import _

HEAD = 1 << 16  # bytes looked at
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of encrypted .xlsx
UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
WORKBOOK_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}  # of xlsx, xlsb and ods
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
LEADING = r"(?:\s|<\?.*?(?:\?>|$)|<!--.*?(?:-->|$))*"  # what may stand before the first element
MARKUP = re.compile(
    LEADING + r"<(!doctype\s+html|html|head|meta|style|script|title|body|div|center|font|table|thead|tbody|tr"
    r"|(\w+:)?workbook)\b",
    re.IGNORECASE | re.DOTALL,
)
OBJECTS = re.compile(r"\s*(\[\s*[\[{\]]|\{\s*[\"}])")


class Kind(Enum):
    """How the rows of a file are to be got at."""

    GZIP = auto()
    ZIP = auto()
    WORKBOOK = auto()
    PARQUET = auto()
    SQLITE = auto()
    DUCKDB = auto()
    MARKUP = auto()
    DOCUMENT = auto()
    TEXT = auto()


BEGINNINGS = {
    b"\x1f\x8b": Kind.GZIP,
    b"PAR1": Kind.PARQUET,
    b"SQLite format 3\0": Kind.SQLITE,
    OLE: Kind.WORKBOOK,
}
FOREIGN = {  # beginnings of files that hold no table, or none that is read
    b"%PDF": "a PDF",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"\x00\x01\x00\x00Standard": "an Access database",
    b"ARROW1": "an Arrow file",
    b"Obj\x01": "an Avro file",
    b"ORC": "an ORC file",
    b"$FL": "an SPSS file",
    b"\x89HDF": "an HDF5 file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"MIME-Version:": "a web archive (MHTML)",
    b"version https://git-lfs": "a placeholder of Git LFS",
}


def kind_of(path: Path) -> Kind:
    """What `path` is by its content; ValueError for an empty file and for one of a kind that is not read."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise ValueError(_("{file}: the file is empty. Export it again, with a header line.").format(file=path.name))
    if not head.strip(b"\0"):
        raise ValueError(_("{file}: it is cut off or damaged. Export or copy it again.").format(file=path.name))
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _packed(path)
    for beginning, found in BEGINNINGS.items():
        if head.startswith(beginning):
            return found
    if head[8:12] == b"DUCK":
        return Kind.DUCKDB
    foreign = next((name for beginning, name in FOREIGN.items() if head.startswith(beginning)), "")
    if foreign or head[257:262] == b"ustar":
        raise ValueError(
            _("{file}: it is {foreign}. Unpack or save it as CSV or xlsx.").format(
                file=path.name, foreign=foreign or "a tar archive"
            )
        )
    return _text(path, head)


def _packed(path: Path) -> Kind:
    """Workbooks are zip archives too, with parts of known names."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        raise ValueError(
            _("{file}: it is cut off or damaged. Export or copy it again.").format(file=path.name)
        ) from None
    if names & WORKBOOK_PARTS:
        return Kind.WORKBOOK
    if "[Content_Types].xml" in names or "mimetype" in names or "Index/Document.iwa" in names:
        raise ValueError(
            _("{file}: it is a document of another program. Save its table as CSV or xlsx.").format(file=path.name)
        )
    return Kind.ZIP


def _text(path: Path, head: bytes) -> Kind:
    """Text is delimited unless it is a page or a list of objects; a byte order mark says how its head is read."""
    encoding = UTF_16.get(head[:2], "utf-8")
    text = head.decode(encoding, "replace").lstrip("\ufeff")
    if MARKUP.match(text):
        return Kind.MARKUP
    if OBJECTS.match(text) or path.suffix.lower() in JSON_ENDINGS:
        return Kind.DOCUMENT
    if text.lstrip().startswith("<?xml") or path.suffix.lower() == ".xml":
        raise ValueError(
            _("{file}: it is XML of a form that is not read. Save its table as CSV or xlsx.").format(file=path.name)
        )
    return Kind.TEXT
