from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from helpers import language
from helpers.findings import Column, Finding, Kind, Sentence, facts, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.folding import SMALLEST_GROUP as LEAST
from helpers.findings.privacy.discretion import UNTOLD, discreet, secrets

GROUP = Column("group", Kind.NAME, "the group")
PEOPLE = Column("people", Kind.COUNT, "how many customers", people=True)
RATE = Column("rate", Kind.SHARE, "the share that left", of="people")
LOWER = Column("lower", Kind.LIMIT, "the lower end")
SPENT = Column("spent", Kind.MONEY, "what they spent")
COLUMNS = (GROUP, PEOPLE, RATE, LOWER, SPENT)
TABLE = pd.DataFrame(
    {"group": ["a", "b", "c"], "people": [40, 40, LEAST - 1], "rate": [0.05, 0.5, 0.25], "lower": [0.01, 0.3, 0.1],
     "spent": [40.0, 50.0, 77.0]}
)  # fmt: skip


@dataclass(frozen=True)
class Leaving(Finding):
    """A finding of which one share is hidden, and one row."""

    table: pd.DataFrame
    columns = COLUMNS

    def plot(self, ax=None):
        return self.table["rate"].plot(ax=ax)

    def headline(self) -> Sentence:
        low, high = (facts.Share(self.table["rate"].iloc[place]) for place in (0, 1))
        return say("“a” lost {low}, “b” {high}.", low=low, high=high)

    def brief(self) -> Brief:
        return Brief(news=[News(Topic.CHANGE, "leaving", self.headline())])


def told(fact: object) -> str:
    return str(discreet(say("{fact}", fact=fact), secrets([(TABLE, COLUMNS)])))


@pytest.mark.parametrize(
    "fact",
    [facts.Share(0.05), facts.Points(-0.05), facts.Money(77.0), facts.Range(facts.Share(0.01), facts.Share(0.6)),
     facts.Share(0.25)],
)  # fmt: skip
def test_a_number_that_the_table_hides_is_told_in_no_form(fact):
    assert told(fact) == str(UNTOLD)


@pytest.mark.parametrize(
    "fact", [facts.Share(0.5), facts.Days(77.0), facts.Money(50.0), facts.Count(40), facts.Share(None), facts.Name("a")]
)
def test_all_else_is_told_as_it_stands(fact):
    assert told(fact) == str(fact)


def test_facts_within_facts_are_asked_about():
    inner = say("{share} left", share=facts.Share(0.05))
    assert told(facts.Listed((facts.Share(0.5), inner))) == f"50.0% and {UNTOLD} left"


def test_a_sentence_below_of_which_a_number_is_hidden_is_left_out_whole():
    said = say("All is told.").resting_on(
        say("{share} left.", share=facts.Share(0.05)), say("{n} came.", n=facts.Count(40))
    )
    assert discreet(said, secrets([(TABLE, COLUMNS)])).whole == "All is told. 40 came."


def test_a_number_that_is_shown_elsewhere_is_no_secret():
    other = pd.DataFrame({"group": ["d"], "rate": [0.05]})
    assert discreet(say("{n}", n=facts.Share(0.05)), secrets([(TABLE, COLUMNS), (other, COLUMNS)])).facts["n"] is UNTOLD
    assert secrets([(pd.concat([TABLE, other.assign(people=400)]), COLUMNS)])[Kind.SHARE].tolist() == [0.01, 0.1, 0.25]


@pytest.mark.parametrize("kind", [Kind.POINTS, Kind.POINTS_APART, Kind.SHARE, Kind.NUMBER])
def test_points_are_hidden_whatever_the_kind_of_their_column(kind):
    columns = (GROUP, PEOPLE, Column("rate", kind, "a difference", of="people"), LOWER, SPENT)
    assert discreet(say("{n}", n=facts.Points(0.05)), secrets([(TABLE, columns)])).facts["n"] is UNTOLD


def test_headline_news_figure_and_table_of_a_finding_hide_the_same():
    finding = Leaving(TABLE)
    assert str(finding.to_tell()) == f"“a” lost {UNTOLD}, “b” 50.0%."
    assert finding.to_tell().basis[-1].message.endswith("are left out.")
    data, metadata = finding._repr_mimebundle_()
    assert "brief" not in metadata["kehu"]  # nothing of it is left to tell
    assert "5.0%" not in data["text/html"] and "77" not in data["text/plain"]
    assert finding.for_readers().table["rate"].isna().tolist() == [True, False, True]
    assert finding.numbers("rate").split() == ["rate", "NaN", "0.5", "NaN"]


def test_of_too_few_customers_a_fact_says_no_more_than_that():
    assert str(facts.People(LEAST - 1)) == f"fewer than {LEAST}"
    assert [str(facts.People(count)) for count in (0, LEAST, 1234)] == ["0", str(LEAST), "1,234"]


def test_where_nothing_is_hidden_nothing_is_said_of_it():
    finding = Leaving(TABLE.iloc[[1, 1]])
    assert finding.to_tell() == finding.headline() and finding.for_readers() is finding


def test_it_is_said_in_chinese_too():
    with language.spoken("zh"):
        assert str(UNTOLD).startswith("（") and str(Leaving(TABLE).to_tell().basis[-1]).endswith("。")
