"""Small pictures for mail programs, which draw no SVG: lines and areas as PNG files of some hundred bytes."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Sequence

INK, PAPER = (0, 88, 140), (255, 255, 255)
FINE, SHARP = 4, 2  # points drawn, and kept, for each one that is shown: screens have up to two
COLOURS = 16  # of the file
PATH = re.compile(r"M([^MZ]*)(Z?)")  # as sketches have them: corners alone

Line = Sequence[tuple[float, float]]


def of_lines(runs: Iterable[Line], size: tuple[float, float]) -> str:
    """The address of a picture of lines within a `size`, whose last point is marked; a run of one is a dot."""
    drawn = [list(run) for run in runs if run]
    return _picture([], drawn, size, [run[-1] for run in drawn[-1:]] + [run[0] for run in drawn if len(run) == 1])


def of_paths(filled: str, lines: str, size: tuple[float, float]) -> str:
    """The address of a picture of two paths of a sketch: what is filled, and what is drawn as a line."""
    return _picture(_corners(filled), _corners(lines), size, [])


def _corners(path: str) -> list[Line]:
    """The corners of each part of a path that has corners alone: M0 1L2 3Z."""
    parts = ([pair.split() for pair in found[1].split("L")] for found in PATH.finditer(path))
    return [[(float(x), float(y)) for x, y in part] for part in parts]


def _picture(areas: Sequence[Line], lines: Sequence[Line], size: tuple[float, float], dots: Sequence[tuple]) -> str:
    from PIL import Image, ImageDraw

    width, height = (round(length) for length in size)
    image = Image.new("RGB", (width * FINE, height * FINE), PAPER)
    draw = ImageDraw.Draw(image)
    for area in areas:
        draw.polygon([(x * FINE, y * FINE) for x, y in area], fill=INK)
    for line in lines:
        draw.line([(x * FINE, y * FINE) for x, y in line], fill=INK, width=round(1.5 * FINE), joint="curve")
    for x, y in dots:
        draw.ellipse([(x - 2.5) * FINE, (y - 2.5) * FINE, (x + 2.5) * FINE, (y + 2.5) * FINE], fill=INK)
    small = image.resize((width * SHARP, height * SHARP), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(COLOURS).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
