from __future__ import annotations

from helpers import language
from helpers.findings import Column, Kind, say
from helpers.findings.facts import Count, Name, Share, Word
from helpers.findings.sentence import joined


def test_a_sentence_is_its_message_with_its_facts_in_place():
    sentence = say("{share} of {customers} came back.", share=Share(0.589), customers=Count(1296))
    assert str(sentence) == "58.9% of 1,296 came back."


def test_a_sentence_is_spoken_in_the_language_of_the_moment_with_all_that_stands_in_it():
    sentence = say("Cannot be told: {reason}", reason=say("this rests on an answer that is missing above."))
    with language.spoken("zh"):
        assert str(sentence) == "暂时无法判断：所依据的上文结果缺失。"
    assert str(sentence) == "Cannot be told: this rests on an answer that is missing above."


def test_a_word_of_ours_that_begins_a_sentence_has_a_capital_and_a_name_of_the_data_none():
    measure = Column("kpi", Kind.CODE, "the key figure", words={"retention": "buyers who bought again"})
    word = Word("retention", measure)
    assert str(say("{kpi}: {kpi} rose.", kpi=word)) == "Buyers who bought again: buyers who bought again rose."
    assert str(say("{name} rose.", name=Name("story_copy"))) == "story_copy rose."
    assert str(say("{kpi} on {day}", kpi=word, day="Monday")) == "buyers who bought again on Monday", "no sentence"


def test_what_a_sentence_rests_on_is_its_second_line_and_not_its_first():
    second, third = say("It holds."), say("At any look.")
    sentence = say("It works.").resting_on(second, None).resting_on(third)
    assert str(sentence) == "It works." and sentence.basis == (second, third)
    assert joined(sentence.basis) == "It holds. At any look."
    assert sentence.whole == "It works. It holds. At any look."
    with language.spoken("zh"):
        assert (
            joined(sentence.basis) == "It holds.At any look."
        )  # Chinese sentences end in a full stop as wide as a sign
