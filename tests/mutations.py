"""Exports with what programs, people and wires do to text files: bytes changed, cut, doubled, in other encodings."""

from __future__ import annotations

from random import Random

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")
ROWS = "".join(
    f"O{n},C{n % 17},2025-{n % 12 + 1:02}-{n % 28 + 1:02} 10:{n:02}:00,{n * 1.5:.2f},done\n" for n in range(60)
)
EXPORT = "order_id,customer_id,ordered_at,amount,status\n" + ROWS
SLIPS = (
    b'"',
    b"'",
    b"\n",
    b"\r\n",
    b",",
    b"\0",
    b";",
    b"\t",
    "，".encode(),
    b'"""',
    b"\xff\xfe",
    b"-",
    "\u202e".encode(),
)
ABOVE = (b"sep=,\n", b"# note\n", b"\n\n", b"title,,,,\n", b"\xef\xbb\xbf")
SIGNS, OTHERS = (b",", b"-", b".", b"O", b"\n"), (b";", b"/", b"", b"\r", b"\xc2\xa0")


def mutated(seed: int) -> bytes:
    """An export of orders with one to thirty things wrong with it."""
    random = Random(seed)
    text = EXPORT.encode(random.choice(ENCODINGS))
    for _ in range(random.choice([1, 1, 2, 5, 30])):
        text = _once(text, random)
    return text


def _once(text: bytes, random: Random) -> bytes:
    at = random.randrange(len(text)) if text else 0
    match random.randrange(8):
        case 0:
            return text[:at] + bytes([random.randrange(256)]) + text[at + 1 :]
        case 1:
            return text[:at] + text[at + random.randrange(1, 40) :]
        case 2:
            return text[:at] + random.randbytes(random.randrange(1, 20)) + text[at:]
        case 3:
            return text[:at] + random.choice(SLIPS) + text[at:]
        case 4:
            return text + text[at : at + 200]
        case 5:
            return text.replace(random.choice(SIGNS), random.choice(OTHERS), random.choice([1, 5, -1]))
        case 6:
            return text[:at]
        case _:
            return random.choice(ABOVE) + text
