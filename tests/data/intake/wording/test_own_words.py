"""What a dataset.toml holds, whoever wrote it, neither steers a terminal nor takes all memory."""

import pytest

from helpers.data.intake.wording import own_words


def read(folder, toml):
    (folder / "dataset.toml").write_text(toml, encoding="utf-8")
    return own_words.of(folder)


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ('title = "\\u001b[31mred"', "001B"),
        ('title = "a \\u202e b"', "202E"),
        ("[tables.customers.attributes]\nseats = { from = 'a', label = \"\\u2066\" }", "2066"),
        ('[plan.capacities]\n"a\\u0007" = 3', "0007"),
    ],
)
def test_a_sign_that_steers_a_terminal_or_turns_a_sentence_round_is_told(tmp_path, toml, code):
    with pytest.raises(ValueError, match=rf"it holds the sign U\+{code}, which is not seen\. Take it out\.$"):
        read(tmp_path, toml)


def test_tabs_lines_and_joiners_are_signs_of_words_and_a_number_without_an_end_is_no_toml(tmp_path):
    assert "\n" in read(tmp_path, 'title = "a\\n\\t\u200d"\n[tables.orders]\nfile = "a.csv"')["title"]
    with pytest.raises(ValueError, match="it is not valid TOML: "):
        read(tmp_path, f"smallest_group = {'9' * 5000}")
