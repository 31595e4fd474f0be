"""Words of further languages are of columns that there are, and of one meaning in a table."""

from helpers.data import headers
from helpers.data.headers.translations import CUSTOMER, TRANSLATIONS
from helpers.data.headers.vocabulary import MEANINGS
from helpers.data.intake import files


def test_every_translation_adds_to_a_meaning():
    assert set(TRANSLATIONS) <= set(MEANINGS)


def test_words_are_folded_as_headers_are():
    assert [
        word for words in (CUSTOMER, *TRANSLATIONS.values()) for word in words.split() if files.fold(word) != word
    ] == []


def test_a_word_is_likest_to_the_column_that_it_translates():
    for name, words in TRANSLATIONS.items():
        table, column = name.split(".")
        others = [each for each in TRANSLATIONS if each.startswith(f"{table}.")]
        for word in words.split():
            likest = max(headers.likeness(word, *each.split(".")) for each in others)
            assert headers.likeness(word, table, column) == likest, (word, name)
