"""How deep the lists and objects of a JSON file lie within each other, before an engine goes down to them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

BLOCK = 1 << 22  # bytes that are looked at together
ESCAPED = re.compile(rb"\\.", re.DOTALL)
QUOTE, OPENING, CLOSING = 0x22, (0x5B, 0x7B), (0x5D, 0x7D)


def is_deeper(path: Path, most: int) -> bool:
    """Whether more than `most` brackets of a file in UTF-8, those in texts left out, are open at once."""
    depth, within = 0, 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            while block.endswith(b"\\") and (rest := stream.read(1)):
                block += rest
            data = np.frombuffer(ESCAPED.sub(b"  ", block) if b"\\" in block else block, np.uint8)
            texts = (np.cumsum(data == QUOTE) + within) % 2
            steps = np.isin(data, OPENING).astype(np.int8) - np.isin(data, CLOSING)
            depths = depth + np.cumsum(np.where(texts == 1, 0, steps))
            if depths.max() > most:
                return True
            depth, within = int(depths[-1]), int(texts[-1])
    return False
