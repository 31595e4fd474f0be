"""What an answer says: its headline with all that it rests on."""

from __future__ import annotations

from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable


def words_of(answer: Finding | NotApplicable) -> str:
    """The headline and its basis in one text."""
    return answer.headline().whole


def assert_shows_no_customer(found: Finding, data: Dataset) -> None:
    """A page tells something of `found`, and names no customer of `data`."""
    assert not set(data.customers["customer_id"]) & set(found.summary().astype(object).to_numpy().ravel())
    assert words_of(found).endswith(".")
    assert found.plot().has_data()
