"""What programs print in more than one way is made one."""

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake.readings import characters


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def made(connection, text, of):
    rows = engine.from_frame(connection, pd.DataFrame({"text": [text]}))
    return rows.select(made=of(rows.text)).execute()["made"][0]


def test_blanks_are_spaces_and_none_stand_around(connection):
    assert made(connection, "\u3000\xa0 a\u202fb\t\r\n", characters.trimmed) == "a b"


def test_marks_that_are_not_seen_are_dropped(connection):
    assert made(connection, "\ufeffa\u200bb\u2060\xad", characters.trimmed) == "ab"
    assert made(connection, "a\0b", characters.trimmed) == "ab"
    assert made(connection, "\u202dC17\u202c \u2066b\u2069\u202e", characters.trimmed) == "C17 b"


def test_joiners_shape_what_is_seen_and_stay(connection):
    assert made(connection, "👩\u200d🚀", characters.trimmed) == "👩\u200d🚀"


def test_full_width_forms_are_made_plain_in_the_engine_as_in_python(connection):
    wide = "２０２４／０１　（Ａ）－ｂ"
    assert made(connection, wide, characters.plain_text) == characters.plain(wide) == "2024/01 (A)-b"


def test_only_letters_and_digits_of_words_are_made_plain(connection):
    assert made(connection, "Ａ１－ｂ／《２》", characters.plain_words) == "A1－b／《2》"


def test_digits_of_other_scripts_are_digits_in_words_too(connection):
    assert made(connection, "c۱۲-٣४৫๖", characters.plain_words) == characters.plain("c۱۲-٣४৫๖") == "c12-3456"
    assert made(connection, "١٬٢٣٤٫٥", characters.plain_text) == "1,234.5"
