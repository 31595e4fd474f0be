"""Days that stand for none, and days far after all others, are no facts."""

import datetime as dt

import pandas as pd

from helpers.data.intake import strays


def days(*counts: tuple[str, int]) -> pd.Series:
    """How many rows each day has."""
    return pd.Series(dict((dt.date.fromisoformat(day), rows) for day, rows in counts), dtype="int64")


def newest(*counts: tuple[str, int]) -> str:
    """The newest day of facts with these rows by day."""
    return str(strays._newest([days(*counts)]))


def test_of_a_few_facts_one_that_is_decades_after_the_others_is_a_stray():
    assert newest(("2024-06-01", 2), ("2204-06-01", 1)) == "2024-06-01"
    assert newest(("2024-06-01", 2), ("2042-06-01", 1)) == "2024-06-01"
    assert newest(("2024-06-01", 2), ("2042-06-01", 2)) == "2042-06-01"
    assert newest(("2019-01-01", 1), ("2024-06-01", 1)) == "2024-06-01"


def test_the_last_hundredth_after_a_year_without_facts_are_strays():
    assert newest(("2014-01-01", 300), ("2014-06-01", 300), ("2016-06-01", 2)) == "2014-06-01"
    assert newest(("2014-01-01", 300), ("2014-06-01", 300), ("2016-06-01", 30)) == "2016-06-01"
    assert newest(("2014-01-01", 300), ("2014-06-01", 300), ("2015-03-01", 2)) == "2015-03-01"


def test_tables_without_days_have_no_newest():
    assert strays._newest([]) is None
