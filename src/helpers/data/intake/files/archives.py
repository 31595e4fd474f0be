"""Packed files: the members of a zip archive by their paths, and what gzip and zip pack, unpacked within bounds.

A member has a path of its own, as if the archive were a folder (`export.zip/orders.csv`); `on_disk` is the file that
holds it.
"""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO

from helpers.data.intake.files.kinds import WORKBOOK_PARTS, Kind, kind_of
from helpers.language import _

MOST_MEMBERS = 10_000
LARGEST = 16 << 30  # bytes unpacked
SMALL = 64 << 20  # bytes below which nothing is too tightly packed
TIGHTEST = 200  # bytes out of one: tables are packed 3 to 50 to one, bombs 1,000
BLOCK = 1 << 20
PACKED = (".gz", ".zst")  # endings of names
BESIDE = ("__MACOSX/", "Thumbs.db", "desktop.ini")  # what archivers add by themselves
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


def members(path: Path, pattern: str = "*") -> list[Path]:
    """Paths of the files in a zip archive whose names fit `pattern`, in order; none for any other file.

    Raises ValueError for an archive with too many members, with two of one name, or with one that points outside.
    """
    if not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            names = [_name(info) for info in archive.infolist() if not info.is_dir()]
    except DAMAGED:
        return []  # reading it says so
    if WORKBOOK_PARTS & set(names):
        return []
    if len(names) > MOST_MEMBERS:
        raise ValueError(
            _("{file}: it holds more than {most:,} files. Unpack those that are needed.").format(
                file=path.name, most=MOST_MEMBERS
            )
        )
    for name in names:
        if name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name or "\0" in name:
            raise ValueError(
                _("{file}: its member {name!r} points outside. Do not use this archive.").format(
                    file=path.name, name=name
                )
            )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            _("{file}: it holds {twice!r} twice. Unpack the one that counts.").format(file=path.name, twice=twice)
        )
    return [path / name for name in sorted(names) if _is_data(name) and (name == pattern or fnmatchcase(name, pattern))]


def on_disk(path: Path) -> Path:
    """The file that holds `path`: itself, or the archive of which it is a member."""
    return next((each for each in (path, *path.parents) if each.is_file()), path)


def unpacked(path: Path, scratch: Path) -> Path:
    """`path` itself, or what is packed in it (gzip) or at it (the member of a zip archive), as a file in `scratch`.

    Raises ValueError for what is damaged, locked by a password, packed twice, or larger than bounds allow.
    """
    holder = on_disk(path)
    if holder != path:
        return _once(_member(holder, path, scratch))
    match kind_of(path):
        case Kind.GZIP:
            return _once(_gunzipped(path, scratch))
        case Kind.ZIP:
            raise ValueError(
                _("{file}: it holds no files. Pack it again, with the tables in it.").format(file=path.name)
            )
        case _ if path.suffix.lower() in PACKED:  # by which text and the engine go
            return Path(shutil.copyfile(path, _place(path.stem, scratch)))
        case _:
            return path


def _once(path: Path) -> Path:
    """`path`, unless it is packed again."""
    if kind_of(path) in (Kind.GZIP, Kind.ZIP):
        raise ValueError(_("{file}: it is an archive within an archive. Unpack the outer one.").format(file=path.name))
    return path


def _member(holder: Path, path: Path, scratch: Path) -> Path:
    name, size = path.relative_to(holder).as_posix(), holder.stat().st_size
    with _telling(f"{holder.name}/{name}"), zipfile.ZipFile(holder) as archive:
        info = next((info for info in archive.infolist() if _name(info) == name), None)
        if info is None:
            raise Refused(_("no such member. Correct its name in dataset.toml."))
        if info.flag_bits & 1:
            raise Refused(_("it is locked by a password. Unpack it, and give what was in it."))
        with archive.open(info) as stream:
            return _poured(stream, min(info.compress_size, size), _place(path.name, scratch))


def _gunzipped(path: Path, scratch: Path) -> Path:
    name = path.name.removesuffix(".gz")
    with _telling(path.name), gzip.open(path, "rb") as stream:
        return _poured(stream, path.stat().st_size, _place(name, scratch))


class Refused(Exception):
    """What is wrong with something packed, in words for whoever packed it."""


@contextmanager
def _telling(name: str) -> Iterator[None]:
    """ValueError about `name` for whatever goes wrong in the block."""
    try:
        yield
    except Refused as reason:
        raise ValueError(f"{name}: {reason}") from None
    except DAMAGED:
        raise ValueError(_("{file}: it is cut off or damaged. Export or copy it again.").format(file=name)) from None


def _poured(stream: io.BufferedIOBase | IO[bytes], packed: int, out: Path) -> Path:
    """Everything in `stream` in the file `out`; Refused as soon as it is more than bounds allow."""
    size = 0
    with out.open("wb") as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > LARGEST or size > max(SMALL, TIGHTEST * packed):
                raise Refused(
                    _("unpacked it is over {size:,} MB, too much for its size. Unpack it by hand.").format(
                        size=size >> 20
                    )
                )
            file.write(block)
    return out


def _place(name: str, scratch: Path) -> Path:
    """A path in `scratch` that ends with `name`, by which errors call the file."""
    return Path(tempfile.mkdtemp(dir=scratch)) / name


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; without the mark of UTF-8 it is in the code page of whoever packed it."""
    if info.flag_bits & 0x800:
        return info.filename
    written = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_data(name: str) -> bool:
    return not name.startswith(BESIDE) and not PurePosixPath(name).name.startswith((".", *BESIDE))
