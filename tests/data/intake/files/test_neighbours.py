"""The letters beside one beyond ASCII tell of which language it is."""

import pytest

from helpers.data.intake.files import neighbours


@pytest.mark.parametrize("word", ["Přerov", "Černý", "Gdańsk", "Budějovice"])
def test_a_central_european_word_has_pairs_of_its_language(word):
    west = word.encode("cp1250").decode("cp1252")
    assert neighbours.share(word, "cp1250") - neighbours.share(west, "cp1252") >= 0.5


@pytest.mark.parametrize(
    "word", ["Città", "España", "São Paulo", "Århus", "Sørensen", "crème et forêt", "Genève", "Nardò", "Forlì"]
)
def test_a_west_european_word_has_those_of_its_own(word):
    central = word.encode("cp1252").decode("cp1250")
    assert neighbours.share(word, "cp1252") >= max(0.6, neighbours.share(central, "cp1250"))


def test_plain_words_have_none():
    assert neighbours.share("Brno, Paris", "cp1250") == 0
