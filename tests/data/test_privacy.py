"""Pseudonyms are keyed, steady and drawn once."""

import os
import stat

import pandas as pd
import pytest

from helpers.data import privacy


def test_the_published_digest():
    """Known answer P2 of behaviour.md (RFC 4231, test case 2)."""
    told = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert privacy.digest("what do ya want for nothing?", b"Jefe") == told


def test_a_pseudonym_is_steady_under_one_key_and_another_under_another():
    assert privacy.pseudonyms(["C1", "C2", "C1"], b"k")[0] == privacy.pseudonyms(["C1"], b"k")[0]
    assert privacy.pseudonyms(["C1"], b"k") != privacy.pseudonyms(["C1"], b"other")
    assert privacy.pseudonyms(["C1"], b"k") == [privacy.digest("C1", b"k")[:10].upper()]


def test_the_key_is_drawn_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "new" / "pseudonym.key"
    first = privacy.own_key(path)
    assert len(first) == 32 and privacy.own_key(path) == first
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert privacy.own_key(tmp_path / "other.key") != first


def test_texts_of_few_customers_are_one_group_and_who_brought_whom_is_left_out():
    customers = pd.DataFrame({
        "customer_id": list("abcdefg"), "city": ["Rome"] * 5 + ["Ob", None], "referred_by": ["a"] * 7, "orders": range(7),
    })
    shown = privacy.published(customers)
    assert shown["city"].tolist()[:6] == ["Rome"] * 5 + [privacy.SMALL_GROUPS] and pd.isna(shown["city"][6])
    assert shown.columns.tolist() == ["customer_id", "city", "orders"]
    assert customers["city"][5] == "Ob"


@pytest.mark.parametrize(("text", "shown"), [
    ("2025-02-30 10:15", "2025-02-30 10:15"), ("-12.50", "-12.50"), ("101", "101"), ("", ""),
    ("待确认", "xxx"), ("13800138000", "00000000000"), ("C2632 treatment", "x0000 xxxxxxxxx"), ("a@b.cn", "x@x.xx"),
    ("11010119900307037X", "00000000000000000x"),
])
def test_what_could_name_somebody_is_shown_as_its_shape(text, shown):
    assert privacy.shape(text) == shown
