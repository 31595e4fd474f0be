"""Pseudonyms are keyed, steady and drawn once."""

import os
import stat

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


def test_a_key_that_cannot_be_read_is_told_and_none_is_drawn_in_its_place(tmp_path):
    path = tmp_path / "pseudonym.key"
    path.write_bytes(b"cut off")
    with pytest.raises(ValueError, match=r"^pseudonym.key = 7 bytes: a key has 32\. Put the key .* back"):
        privacy.own_key(path)
    assert path.read_bytes() == b"cut off"
    path.unlink()
    path.mkdir()
    with pytest.raises(ValueError, match=r"^pseudonym.key: it cannot be read"):
        privacy.own_key(path)
