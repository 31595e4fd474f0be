"""Lines and sketches become PNG files, small and sharp."""

from __future__ import annotations

import base64
import io

from PIL import Image

from helpers.reports.exports import pictures


def opened(address):
    kind, data = address.split(",")
    assert kind == "data:image/png;base64"
    file = base64.b64decode(data)
    assert len(file) < 2000
    return Image.open(io.BytesIO(file)).convert("RGB")


def dark(image, box):
    """How much of a part of the picture is drawn on."""
    part = image.crop(box).convert("L")
    return sum(value < 200 for value in part.tobytes()) / (part.width * part.height)


def test_a_line_runs_where_its_points_are_and_ends_in_a_dot():
    image = opened(pictures.of_lines([[(0, 20), (40, 20)], [(60, 20), (100, 5)]], (104, 32)))
    assert image.size == (208, 64)
    assert dark(image, (20, 38, 60, 42)) > 0.5 and dark(image, (90, 0, 110, 64)) == 0  # a gap stays one
    assert dark(image, (196, 6, 204, 14)) > 0.7  # the dot at the last point


def test_a_sketch_has_what_is_filled_and_what_is_a_line():
    image = opened(pictures.of_paths("M0 0L50 0L50 10L0 10Z", "M0 20L100 20M0 25L1 25", (100, 30)))
    assert dark(image, (4, 4, 96, 16)) == 1 and dark(image, (110, 4, 196, 16)) == 0
    assert dark(image, (10, 39, 190, 41)) > 0.9


def test_nothing_to_draw_is_an_empty_picture():
    for address in (pictures.of_lines([], (200, 32)), pictures.of_paths("", "", (100, 30))):
        image = opened(address)
        assert dark(image, (0, 0, *image.size)) == 0
