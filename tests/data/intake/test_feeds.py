"""A source knows its files and its columns, and says which file is missing."""

import pytest

from helpers.data import engine
from helpers.data.intake.feeds import Source
from helpers.data.intake.wording import settings
from helpers.data.shelf import Shelf


@pytest.fixture
def source(tmp_path):
    """The source of the only table of a dataset.toml, in a folder with these files."""

    def made(toml, *files, preset=""):
        for name in files:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x\n1\n")
        (tmp_path / "dataset.toml").write_text(toml)
        words = settings.read(tmp_path, preset)
        feed = words.feeds["customers"]
        return Source(engine.connect(), tmp_path, feed, words, Shelf(tmp_path / "shelf"), tmp_path)

    return made


def test_files_are_found_by_pattern_and_told_by_their_path_in_the_folder(source):
    read = source("[tables.customers]\nfile = '*/people*.csv'\n", "b/people.csv", "a/people_1.csv", "a/other.csv")
    assert [read.told(path) for path in read.paths()] == ["a/people_1.csv", "b/people.csv"]


def test_a_sheet_is_part_of_what_a_file_is_called(source):
    read = source("[tables.customers]\nfile = 'book.csv'\nsheet = 'March'\n", "book.csv")
    assert read.told(*read.paths()) == "book.csv/March"


def test_an_absent_file_is_an_error_unless_a_preset_names_it(source):
    with pytest.raises(
        ValueError, match="tables.customers.file = people.csv: no such file in .* Found dataset.toml, other.csv"
    ):
        source("[tables.customers]\nfile = 'people.csv'\n", "other.csv").paths()
    assert source("preset = 'shopify'\n").paths() == ()


def test_each_feed_of_a_table_is_a_source_of_its_own_with_the_columns_of_all(source):
    read = source(
        "[[tables.customers]]\nfile = 'a.csv'\n[[tables.customers]]\nfile = 'b.csv'\nattributes = { size = 'Size' }\n"
    )
    assert [each.feed.file for each in read.each] == [("a.csv",), ("b.csv",)]
    assert all("size" in each.columns() and "customer_id" in each.columns() for each in read.each)


def test_the_layout_of_its_files_is_what_the_settings_say(source):
    layout = source("delimiter = ';'\n[tables.customers]\nfile = 'a.csv'\nencoding = 'big5'\n").layout
    assert (layout.delimiter, layout.encoding) == (";", "big5")
