"""JSON and JSON Lines: objects as rows, whose keys are the headers."""

from __future__ import annotations

import codecs
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.intake.files.encodings import as_utf8
from helpers.data.intake.files.kinds import HEAD, UTF_16
from helpers.data.intake.files.nesting import is_deeper
from helpers.data.intake.files.tables import Layout, TextTable, distinct
from helpers.language import _

LINES = (".jsonl", ".ndjson")
WIDEST = 2_000  # headers: an object with more has ids for keys
DEEPEST = 4  # keys within keys that lead to a list of objects
NESTED = 200  # lists and objects within each other, far below where the engine ends the whole process
LARGEST = 256 << 20  # bytes of a file that is one object: it is held in memory as a whole
SEARCHED = 64 << 20  # bytes of a broken file in which the place is looked for

NODE, BESIDE_NODE = "node", ("cursor", "__typename")  # in the edges of GraphQL each row is the node of one

SOLID = re.compile(r"\S")
DECODER = json.JSONDecoder()

Keys = tuple[str, ...]
Structure = Any  # of dicts, lists and names of types, as JSON nests them


def object_rows(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    """A list of objects, or objects one after another, as text; `owner.id` is the key of an object within.

    Lists, and what is nested more than three deep, stay JSON. Where the file is one object that holds lists of objects,
    its only one counts, or the one that `sheet` names by its keys (`data.records`). Raises ValueError for what is
    broken, and, listing the lists, for one that is not told.
    """
    encoding = _encoding(path, layout.encoding)
    readable = as_utf8(path, encoding, scratch) if encoding else path
    try:
        if is_deeper(readable, NESTED):
            raise RecursionError
        objects, structure, told = _objects(connection, path, readable, layout.sheet)
        pointers = _pointers(path, structure)
        copy = Path(tempfile.mkdtemp(dir=scratch)) / "objects.parquet"
        engine.json_columns(connection, objects, pointers).to_parquet(copy)
    except engine.ERRORS as error:
        raise ValueError(f"{path.name}: {_slip(readable, str(error))}") from None
    except RecursionError:
        raise ValueError(
            _("{file}: it is nested too deeply. Export it as a plain list of objects.").format(file=path.name)
        ) from None
    return TextTable(connection.read_parquet(copy), tuple(pointers), told=told, stored=True)


def _encoding(path: Path, said: str) -> str:
    """The encoding that a mark or the settings say; empty for UTF-8, which JSON is otherwise."""
    with path.open("rb") as stream:
        marked = stream.read(2) in UTF_16
    return said if said != "auto" else "utf-16" if marked else ""


def _objects(connection: ibis.BaseBackend, path: Path, readable: Path, asked: str) -> tuple[ir.Table, Structure, str]:
    """The objects that are rows, the keys that stand in all of them together, and which list they are where told."""
    single = path.suffix.lower() not in LINES and _is_single(readable)
    size = readable.stat().st_size
    largest = max(size, engine.LARGEST_OBJECT) if single and size <= LARGEST else engine.LARGEST_OBJECT
    objects = engine.json_objects(connection, readable, largest=largest)
    structure = engine.json_structure(connection, objects)
    lists = _lists(structure)
    if asked or (single and lists):
        asked = _list(path, lists, asked)
        pointer = engine.pointer_to(*lists[asked])
        objects = engine.json_objects(connection, readable, pointer, largest)
        structure = engine.json_structure(connection, objects)
    if (
        isinstance(structure, dict)
        and isinstance(structure.get(NODE), dict)
        and structure.keys() <= {NODE, *BESIDE_NODE}
    ):
        objects, structure = engine.json_within(connection, objects, engine.pointer_to(NODE)), structure[NODE]
    if structure in (None, "NULL") or (single and not lists and _has_empty_list(structure)):
        raise ValueError(
            _("{file}: its list is empty. Export it again, with at least one object.").format(file=path.name)
        )
    if not isinstance(structure, dict) or set(engine.json_kinds(connection, objects)) - {"OBJECT", "NULL"}:
        raise ValueError(
            _('{file}: not all of its rows are objects. Write a list of such as {{"id": 1}}.').format(file=path.name)
        )
    if len(structure) > 1 and single and not lists and all(isinstance(inner, dict) for inner in structure.values()):
        raise ValueError(
            _("{file}: it is no list of objects, but one with a key for each. Write them as a list.").format(
                file=path.name
            )
        )
    if len(structure) > 1 and single and all(isinstance(inner, list) for inner in structure.values()):
        raise ValueError(
            _("{file}: it has a list for each column. Write an object for each row.").format(file=path.name)
        )
    return objects, structure, f"list {asked}" if asked else ""


def _is_single(path: Path) -> bool:
    """Whether the file seems to be one object, rather than a list of them or one a line."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        head = stream.read(HEAD).lstrip()
    first, _, rest = head.partition("\n")
    return head.startswith("{") and not (first.rstrip().endswith("}") and rest.lstrip().startswith("{"))


def _lists(structure: Structure, keys: Keys = ()) -> dict[str, Keys]:
    """The lists of objects within one object, by names that settings may call them: `data.records`."""
    match structure:
        case [dict()]:
            return {".".join(keys): keys} if keys else {}
        case dict() if len(keys) < DEEPEST and len(structure) <= WIDEST:
            return {
                name: found for key, inner in structure.items() for name, found in _lists(inner, (*keys, key)).items()
            }
        case _:
            return {}


def _has_empty_list(structure: Structure) -> bool:
    """Whether a list without elements stands anywhere in an object."""
    return structure == ["NULL"] or (isinstance(structure, dict) and any(map(_has_empty_list, structure.values())))


def _list(path: Path, lists: dict[str, Keys], asked: str) -> str:
    """The name of the list that is asked for, or of the only one."""
    if asked and asked not in lists:
        raise ValueError(
            _("{file}: no list {asked!r} of objects. It has {lists}.").format(
                file=path.name, asked=asked, lists=", ".join(lists) or "none"
            )
        )
    if not asked and len(lists) > 1:
        first = next(iter(lists))
        raise ValueError(
            _("{file}: several lists of objects. Write sheet = {first!r}, or another of: {lists}.").format(
                file=path.name, first=first, lists=", ".join(lists)
            )
        )
    return asked or next(iter(lists))


def _pointers(path: Path, structure: dict[str, Structure]) -> dict[str, str]:
    """Where each header's texts stand: the keys of an object, and of objects in it."""
    keys = [
        (key, *inner)
        for key, value in structure.items()
        for inner in (_within(value) if isinstance(value, dict) else [()])
    ]
    if len(keys) > WIDEST:
        raise ValueError(
            _("{file}: its objects have more than {most:,} keys. Write ids as values, not as keys.").format(
                file=path.name, most=WIDEST
            )
        )
    names = distinct([".".join(each) for each in keys])
    return {name: engine.pointer_to(*each) for name, each in zip(names, keys, strict=True)}


def _within(structure: dict[str, Structure]) -> Iterator[Keys]:
    """The keys of an object in another, and of plain values in objects of its own: {"shopMoney": {"amount": 5}}."""
    for key, value in structure.items():
        yield (key,)
        deeper = value.items() if isinstance(value, dict) else ()
        yield from ((key, each) for each, kind in deeper if isinstance(kind, str))


def _slip(path: Path, said: str) -> str:
    """What is wrong with a file that the engine could not read, and where."""
    if "maximum_object_size" in said:
        return "one object of it is too large. Write one object a line (JSON Lines)."
    line = _broken_line(path) if path.stat().st_size <= SEARCHED else 0
    return f"{f'line {line}' if line else 'it'} is no JSON in UTF-8, or is cut off. Export it again, as JSON Lines."


def _broken_line(path: Path) -> int:
    """The line where a file stops to be JSON in UTF-8; 0 where it is not found."""
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        text, place = data.decode(), 0
        while (rest := SOLID.search(text, place)) is not None:
            _, place = DECODER.raw_decode(text, rest.start())
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    except json.JSONDecodeError as error:
        return error.lineno
    except RecursionError:
        return 0
    return 0
