"""Which notebooks have something to say of a data set."""

from __future__ import annotations

from helpers.data import contracts
from helpers.reports import notebooks, run
from helpers.reports.applicability import NEEDS, Applicability, applicability


def test_every_notebook_has_its_needs_in_tables_that_there_are():
    assert NEEDS.keys() == {notebook.word for notebook in notebooks.discover(run.NOTEBOOKS)}
    named = {table for need in NEEDS.values() for table in (*need.one_of, *need.better_with)}
    assert named <= contracts.TABLES.keys()


def test_a_notebook_applies_with_one_of_its_tables_and_says_what_would_add_to_it():
    assert applicability(["churn"], ["orders"], 9) == [Applicability("churn", True, ("subscriptions", "customers"))]
    assert applicability(["feedback"], ["orders"], 9) == [Applicability("feedback", False, ("surveys", "tickets"))]


def test_without_a_named_customer_only_the_profile_applies():
    found = applicability(["profiling", "value"], ["orders"], 0)
    assert [each.applies for each in found] == [True, False] and found[1].lacks == ("subscriptions",)
