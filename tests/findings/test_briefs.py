"""News are ranked by what hangs on them, each subject once; signs and tiles speak as plain values."""

from __future__ import annotations

import math

from helpers import language
from helpers.findings import facts, say
from helpers.findings.briefs import Brief, Direction, Ground, News, Standing, Tile, Topic, Yardstick, ranked, sign


def news(subject: str, stake: float, sure: float = 1.0) -> News:
    return News(Topic.CHANGE, subject, say("{name} moved.", name=facts.Name(subject)), stake, sure)


def told(*every: News) -> list[str]:
    return [each["subject"] for each in ranked([one.spoken() for one in every], 3)]


def test_more_money_and_more_certainty_come_first():
    assert told(news("a", 100), news("b", 300), news("c", 400, 0.5)) == ["b", "c", "a"]


def test_a_loss_weighs_as_much_as_a_gain():
    assert news("a", -100).weight == news("a", 100).weight == 100


def test_news_without_known_money_stand_behind_in_their_order():
    assert told(news("a", math.nan), news("b", math.nan), news("c", 1)) == ["c", "a", "b"]


def test_a_subject_is_told_once_at_its_weightiest():
    assert told(news("a", 1), news("a", 5), news("b", 3), news("d", 2)) == ["a", "b", "d"]


def test_signs_say_rise_fall_and_chance():
    assert [sign(Direction.BETTER, 1), sign(Direction.WORSE, 1), sign(Direction.WORSE, -1)] == ["▲", "▲", "▼"]
    assert sign(Direction.LEVEL, -1) == "◆" and sign(Direction.UNKNOWN, 0) == ""


def test_a_brief_speaks_as_plain_values_in_the_language_of_the_moment():
    tile = Tile(facts.Name("x"), facts.Share(0.5), [Standing(say("as it was"))], [1.0, math.nan, 2.0], say("flat"))
    brief = Brief([news("a", 1)], [tile])
    with language.spoken(language.ENGLISH):
        spoken = brief.spoken()
    assert spoken["yardsticks"] == []
    assert spoken["news"][0]["said"] == "a moved." and spoken["tiles"][0]["periods"] == [1.0, None, 2.0]


def test_a_yardstick_says_what_it_is_in_the_language_of_the_moment():
    yardstick = Yardstick(Ground.DEFINITION, say("leaving"), facts.Days(90), 90)
    with language.spoken(language.CHINESE):
        spoken = yardstick.spoken()
    assert spoken == {"ground": "definition", "what": "离开", "said": "90 天", "amount": 90.0}
    assert Yardstick(Ground.MODEL, say("leaving"), facts.Name("x")).spoken()["amount"] is None
