"""Text files in any encoding as UTF-8, which is what the engine reads.

The encoding is decided over the whole file: by marks of byte order, by NULs (UTF-16), by being UTF-8, else by which of
the `CANDIDATES` makes the signs beyond ASCII text that people write. Where two are as likely, the user is asked.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from helpers.data.intake.files import neighbours, plausibility
from helpers.data.intake.files.blocks import ASCII, blocks
from helpers.language import _

_LONG = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|\xe0[\xa0-\xbf][\x80-\xbf]")  # of UTF-8
BLOCK = 1 << 20
LATIN, CENTRAL = "cp1252", "cp1250"
OF_IDEOGRAPHS = ("gb18030", "cp950", "cp932", "euc_jp", "cp949")  # Chinese here and in Taiwan, Japanese twice, Korean
OF_ALPHABETS = ("cp1251", "koi8_r", "cp866", "cp1253")  # Cyrillic in three, Greek
OF_LETTERS = (LATIN, CENTRAL, "cp1254")  # West and Central European, Turkish: they differ in a few letters
CANDIDATES = (*OF_IDEOGRAPHS, *OF_LETTERS, *OF_ALPHABETS)
ESCAPES = (b"\x1b$B", b"\x1b$@")  # of ISO-2022-JP, which mails are written in
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SEEN = 1 << 12  # bytes of a block that are weighed, beyond its plain ASCII lines
NATURAL = 0.9  # how plausible a text that is valid UTF-8 must be, to be nothing else
LIKELY, AHEAD = 0.6, 0.12  # how plausible a text must be, and by how much more than the next
NEARLY_ALL, MOST = 0.95, 0.8  # of the letters of a text are those of one language
HALF, PLAIN = 0.5, 0.6  # of its pairs of letters a language knows, and by how many more than another
MANY = 10  # different signs of two bytes, all valid: no other encoding reads so many as UTF-8 by chance
FEW = 0.02  # share of signs that may be broken in a file that is UTF-8 all the same


@dataclass(frozen=True)
class Utf8Text:
    """A file as UTF-8, the encoding that it came in, and how many places in it were not in that encoding."""

    path: Path
    encoding: str
    undecodable: int = 0


def utf8_text(path: Path, encoding: str, scratch: Path) -> Utf8Text:
    """`path` itself where it is UTF-8, else a copy in `scratch` that is; an `encoding` of "auto" is found out.

    Raises ValueError where the encoding cannot be told, and for a file that is not in the one asked for.
    """
    asked = encoding != "auto"
    known, whole = (encoding, False) if asked else _decided(path)
    if whole or (codecs.lookup(known).name in ("utf-8", "utf-8-sig") and not _as_utf8(path).broken):
        return Utf8Text(path, "utf-8")
    handle, copy = tempfile.mkstemp(".utf8.csv", dir=scratch)  # files of one name may lie in several folders
    undecodable = 0
    with opened(path) as stream, open(handle, "w", encoding="utf-8", newline="") as out:
        for text in _decoded(path, stream, known, "strict" if asked else "replace"):
            undecodable += text.count("\ufffd")
            out.write(text)
    return Utf8Text(Path(copy), known, undecodable)


def as_utf8(path: Path, encoding: str, scratch: Path) -> Path:
    """The path of `utf8_text`."""
    return utf8_text(path, encoding, scratch).path


def opened(path: Path) -> io.BufferedIOBase:
    """The bytes of a file, unpacked where it is gzipped."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _decoded(path: Path, stream: io.BufferedIOBase, encoding: str, errors: str) -> Iterator[str]:
    """The text of a file in parts; ValueError naming the line with the first bytes that are not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    line = 1
    for data in _blocks(stream):
        try:
            text = decoder.decode(data)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            odd = error.object[error.start : error.start + 8]
            raise ValueError(
                _(
                    "{file}: encoding = {encoding!r}: line {line} has other bytes ({odd!r}). Correct its "
                    'encoding in dataset.toml, or write "auto".'
                ).format(file=path.name, encoding=encoding, line=line, odd=odd)
            ) from None
        line += text.count("\n")
        yield text
    try:
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ValueError(
            _(
                "{file}: encoding = {encoding!r}: it ends within a character, in line {line}. Correct "
                'its encoding in dataset.toml, or write "auto".'
            ).format(file=path.name, encoding=encoding, line=line)
        ) from None


def _blocks(stream: io.BufferedIOBase) -> Iterator[bytes]:
    return iter(lambda: stream.read(BLOCK), b"")


def detected_encoding(path: Path) -> str:
    """The encoding of a whole file: 'utf-8', with a mark or without, a form of 'utf-16', or a candidate.

    Raises ValueError naming the two likeliest, each with a sample, where neither is much the likelier.
    """
    return _decided(path)[0]


def _decided(path: Path) -> tuple[str, bool]:
    """The encoding of a file, and whether the whole of it is valid UTF-8."""
    with opened(path) as stream:
        head = stream.read(1 << 16)
    known = next((name for mark, name in MARKS.items() if head.startswith(mark)), None) or _wide(head)
    if known and known != "utf-8":
        return known, False
    if any(escape in head for escape in ESCAPES):
        return "iso2022_jp", False
    seen = _as_utf8(path)
    if not seen.broken and (seen.long or not seen.signs or seen.kinds >= MANY):
        return "utf-8", True
    name = _likeliest(path, 1 - seen.broken / (FEW * max(1, seen.signs)) if seen.long else None)
    return name, name == "utf-8" and not seen.broken


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: ASCII in it has a NUL in every second byte, and always in the same."""
    low, high = head[::2].count(0), head[1::2].count(0)
    if head.isascii() and low + high < len(head) / 4:
        return None  # flags of one bit: in ASCII as UTF-16 every second byte is a NUL
    for nuls, others, name in ((high, low, "utf-16-le"), (low, high, "utf-16-be")):
        if nuls > len(head) / 40 and others < nuls / 2:
            text = head.decode(name, errors="replace")
            if "\ufffd" not in text[:-1] and {"\n", "\r"} & set(text):
                return name
    return None


class _AsUtf8(NamedTuple):
    """Of a file as UTF-8: signs beyond ASCII, places that are broken, whether a sign has three bytes or more, kinds.

    Two bytes in a row are UTF-8 by chance now and then; three hardly ever, nor two in many kinds of signs (女 of GBK
    is one, however often it comes).
    """

    signs: int
    broken: int
    long: bool
    kinds: int  # different signs beyond ASCII, counted up to MANY


def _as_utf8(path: Path) -> _AsUtf8:
    signs, broken, long, kinds = 0, 0, False, set[str]()
    with opened(path) as stream:
        for block in blocks(stream):
            if block.isascii():
                continue
            text = block.decode(errors="replace")
            broken += "\ufffd" in text and text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
            signs += len(block) - len(text)
            long = long or _LONG.search(block) is not None
            if len(kinds) < MANY:
                kinds |= set(block.translate(None, ASCII).decode(errors="ignore"))
            if broken > max(SEEN, FEW * signs):
                break  # it is another encoding
    return _AsUtf8(signs, broken, long, len(kinds))


def _likeliest(path: Path, utf8: float | None) -> str:
    """The encoding whose reading of the signs beyond ASCII is much the most plausible; `utf8` is how UTF-8's is."""
    lines, errors = _beyond_ascii(path)
    texts = {name: lines.decode(name, errors="ignore") for name in errors}
    scores = {name: _score(texts[name], name, errors[name]) for name in errors}
    scores |= _among_latin(texts, scores)
    if utf8 is not None:
        scores["utf-8"] = utf8
    if scores["utf-8"] >= NATURAL:
        return "utf-8"
    best, *rest = sorted(scores, key=lambda name: -scores[name])
    second = next(name for name in rest if texts[name] != texts[best])
    if scores[best] < LIKELY or scores[best] - scores[second] < AHEAD:
        (one, its), (other, others) = zip((best, second), _samples(texts[best], texts[second]), strict=True)
        raise ValueError(
            _(
                "{file}: its encoding cannot be told ({one} reads {its!r}, {other} reads {others!r}). "
                'Write the right one in dataset.toml, such as encoding = "{one}".'
            ).format(file=path.name, one=one, its=its, other=other, others=others)
        )
    return best


def _among_latin(texts: dict[str, str], scores: dict[str, float]) -> dict[str, float]:
    """The scores of Central European and Turkish, which read most bytes as the same letters as the West European one.

    One of them counts where all its letters are those of one language; then West European does where they may be
    those of one of its own, so that nearly all of them leaves both open. Where all of them are, in both, the letters
    beside them tell.
    """
    west = plausibility.of_one_language(texts[LATIN], LATIN)
    others = [name for name in OF_LETTERS if name != LATIN]
    likely = [
        name
        for name in others
        if texts[name] != texts[LATIN]
        and plausibility.of_one_language(texts[name], name) > NEARLY_ALL
        and scores[name] >= scores[LATIN]
    ]
    if likely and west > NEARLY_ALL:
        return dict.fromkeys(others, -1.0) | (_by_neighbours(texts, scores) if CENTRAL in likely else {})
    found = {name: scores[name] if name in likely else -1.0 for name in others}
    return found | ({LATIN: scores[LATIN] * (1 if west > MOST else west)} if likely else {})


def _by_neighbours(texts: dict[str, str], scores: dict[str, float]) -> dict[str, float]:
    """The scores of Central and West European where the letters of both are those of a language: both count if their
    neighbours hardly tell.
    """
    central, west = (neighbours.share(texts[name], name) for name in (CENTRAL, LATIN))
    if west > HALF and west >= central:
        return {}
    return {CENTRAL: scores[CENTRAL], LATIN: scores[LATIN] if central - west < PLAIN else 0.0}


def _beyond_ascii(path: Path) -> tuple[bytes, dict[str, float]]:
    """Some of the lines beyond ASCII, from all over the file, and by encoding the share of their bytes that is broken.

    An encoding in which much is broken is not tried to the end.
    """
    some, broken, signs = [], Counter[str](), 0
    with opened(path) as stream:
        for block in blocks(stream):
            if block.isascii():
                continue
            lines = b"".join(line for line in block.splitlines(keepends=True) if not line.isascii())
            some.append(lines if len(lines) < SEEN else lines[: lines.find(b"\n", SEEN) + 1 or SEEN])
            for name in (*CANDIDATES, "utf-8"):
                if broken[name] <= FEW * max(signs, SEEN):
                    broken[name] += lines.decode(name, errors="replace").count("\ufffd")
            signs += len(lines.translate(None, ASCII))
    return b"".join(some), {name: broken[name] / signs for name in (*CANDIDATES, "utf-8")}


def _score(text: str, encoding: str, errors: float) -> float:
    match encoding:
        case "utf-8":
            plausible = plausibility.of_alphabets(text)
        case name if name in OF_LETTERS:
            plausible = plausibility.of_letters(text)
        case name if name in OF_ALPHABETS:
            plausible = plausibility.of_an_alphabet(text)
        case _:
            plausible = plausibility.of_ideographs(text, encoding)
    return plausible - errors / FEW


def _samples(one: str, other: str) -> tuple[str, str]:
    """A few words of the first line that two readings of a text have in different signs."""
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    first, second = next((pair for pair in lines if pair[0] != pair[1]), (one, other))
    return _sample(first), _sample(second)


def _sample(line: str) -> str:
    """A few words of a line, from its first sign beyond ASCII on."""
    start = next((place for place, sign in enumerate(line) if sign > "\x7f"), 0)
    return line[max(0, start - 6) : start + 14]
