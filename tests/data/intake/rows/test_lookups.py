"""Which keys of a file looked into may be of people, and how masks tell lookups apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.data.intake.rows.lookups import Lookup
from helpers.data.intake.wording.tables import Feed, Join, Origin


def lookup(place: int = 0, **columns: str) -> Lookup:
    """The lookup at a place of a feed that asks for goods by name, and for people by mail and by number."""
    joins = (Join("goods.csv", ("Product Name",)), Join("people.csv", ("E-Mail",)), Join("people.csv", ("No",)))
    origins = {name: Origin((header,)) for name, header in columns.items()}
    return Lookup(Feed(("a.csv",), "orders", join=joins, columns=origins), place, ("a.csv",), (Path("kept"),))


@pytest.mark.parametrize(("place", "personal"), [(0, False), (1, True), (2, False)])
def test_keys_called_like_what_is_known_of_people_are_personal(place, personal):
    assert lookup(place).personal == personal


def test_the_key_that_names_the_customer_is_personal_whatever_it_is_called():
    assert lookup(2, customer_id="No").personal


def test_what_is_known_of_each_join_stands_by_its_place_in_the_folder_of_each_file(tmp_path):
    (tmp_path / "1-torn.txt").write_text("3")
    found = Lookup(lookup().feed, 1, ("a.csv", "b.csv"), (tmp_path, tmp_path / "b"))
    assert found.asked == [tmp_path / "1-asked.parquet", tmp_path / "b" / "1-asked.parquet"]
    assert found.there == tmp_path / "1-there.parquet" and found.torn == 3
