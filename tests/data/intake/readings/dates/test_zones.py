"""Names of clocks beside times are offsets where they are one, and asked where they are several or change."""

import re

import ibis
import pytest

from helpers.data.intake.readings.dates import zones
from helpers.data.intake.readings.shapes import Shape


def shape(text):
    return Shape(re.sub(r"\d", "9", text), 2, text, text)


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("2024-11-05 10:00:00 EST", "2024-11-05 10:00:00 -05:00"),
        ("Nov 5, 2024 10:01:02 AM PST", "Nov 5, 2024 10:01:02 AM -08:00"),
        ("5.11.2024 10:01 (CEST)", "5.11.2024 10:01 +02:00"),
        ("Fri Jun 14 17:58:34 JST 2024", "Fri Jun 14 17:58:34 +09:00 2024"),
        ("2024-11-05T10:00:00MSK", "2024-11-05T10:00:00 +03:00"),
        ("05-NOV-24 10.00.00 PM AEDT", "05-NOV-24 10.00.00 PM +11:00"),
    ],
)
def test_a_name_of_one_offset_becomes_it(text, usual):
    clocks = zones.found([shape(text)], "UTC")
    assert zones.question(clocks, [shape(text)]) is None
    assert zones.usual(text, clocks) == usual == zones.usual_text(ibis.literal(text), clocks).execute()
    assert zones.rewritten(shape(text), clocks).text == re.sub(r"\d", "9", usual)


@pytest.mark.parametrize(
    "text",
    [
        "2024-11-05 10:00:00",
        "2024-11-05 10:00 UTC",
        "2024-11-05 10:00 +0800 CST",
        "05-EST-2024",
        "EST",
        "2024-11-05 rest",
    ],
)
def test_other_texts_name_none(text):
    assert zones.found([shape(text)], "UTC") == ()
    assert zones.rewritten(shape(text), (("EST", "-05:00"),)).text == shape(text).text


def test_the_zones_own_names_are_no_offsets():
    assert zones.found([shape("2024-11-05 10:00 EST"), shape("2024-11-05 10:00 ET")], "America/New_York") == ()
    assert zones.found([shape("2024-11-05 10:00 CST")], "Asia/Shanghai") == ()


@pytest.mark.parametrize(
    ("name", "zone"), [("CST", "America/Chicago"), ("IST", "Asia/Kolkata"), ("PT", "America/Los_Angeles")]
)
def test_a_name_that_is_not_one_offset_is_asked_for(name, zone):
    shapes = [shape(f"2024-11-05 10:00 {name}")]
    asked = zones.question(zones.found(shapes, "UTC"), shapes)
    assert str(asked).startswith(f"'2024-11-05 10:00 {name}' is on clocks called {name}. Write time_zone = \"{zone}\"")


def test_of_several_clocks_of_a_name_those_in_the_same_part_of_the_world_are_meant():
    assert zones.found([shape("2024-11-05 10:00 CST")], "America/New_York") == (("CST", "-06:00"),)
    assert zones.found([shape("2024-11-05 10:00 CST")], "Asia/Tokyo") == (("CST", "+08:00"),)


def test_the_zones_of_a_column_are_those_of_its_names():
    assert zones.places([shape("2024-11-05 10:00 PST"), shape("2024-07-05 10:00 PDT")]) == {"America/Los_Angeles"}
    assert zones.places([shape("2024-11-05 10:00 CST")]) == {"America/Chicago", "Asia/Shanghai"}
