"""The rules of a table, in order, and the mark of those that a row breaks."""

import datetime as dt

import ibis
import pandas as pd

from helpers.data import contracts
from helpers.data.contracts import Column, Table
from helpers.data.intake.rows import rules
from helpers.data.intake.rows.rules import Rule
from helpers.data.intake.wording.tables import Feed, Origin, RowRule
from shops import words

KEPT = Table(
    "visits",
    "one visit",
    ("id",),
    "began_at",
    (
        Column("id", contracts.ID, "the visit", required=True),
        Column("customer_id", contracts.ID, "who came", required=True),
        Column("score", contracts.NUMBER, "how it was", carried=True, low=0, high=10),
        Column("began_at", contracts.TIME, "when it began"),
        Column("ended_at", contracts.TIME, "when it ended"),
        Column("kind", contracts.TEXT, "of which kind", choices=("short", "long")),
        Column("cancelled", contracts.FLAG, "whether it was called off"),
        Column("refund", contracts.NUMBER, "given back"),
    ),
    not_before=("ended_at", "began_at"),
)


def names(feed: Feed, **policy: str) -> list[str]:
    return [rule.name for rule in rules.of(KEPT, feed, words(policy=policy)).values()]


def test_rules_stand_in_the_order_of_a_rows_first_reason():
    feed = Feed(("x",), "visits", columns={"score": Origin()}, rules=(RowRule("own rule", "x > 0"),))
    in_order = names(feed, cancellations="drop", refunds="drop")
    assert in_order[:3] == ["id is missing", "customer_id is missing", "score is missing"]
    readable = [name for name in in_order if " is not a " in name]
    assert in_order[3 : 3 + len(readable)] == readable and "score is not a number" in readable
    assert in_order[3 + len(readable) :] == [
        "score is below 0",
        "score is above 10",
        "refund is beyond 1e+15",
        "kind is none of: short, long",
        "cancelled (policy: drop)",
        "refunded (policy: drop)",
        "own rule",
    ]


def test_an_end_before_its_beginning_breaks_a_rule_but_for_days_that_stand_for_never():
    never = dt.date(1970, 1, 1)
    ends = [pd.Timestamp(day) for day in ("2024-01-02", "2024-01-01", "1970-01-01 08:00")]
    rows = ibis.memtable(pd.DataFrame({"began_at": pd.Timestamp("2024-01-02"), "ended_at": ends}))
    for excepted, broken in (([never], [False, True, False]), ([], [False, True, True])):
        (rule,) = rules.in_order(KEPT, excepted)
        assert rule.name == "ended_at is before began_at"
        assert rule.broken(rows).execute().tolist() == broken


def test_words_can_always_be_read_and_what_is_not_mapped_may_be_missing():
    in_order = names(Feed(("x",), "visits"))
    assert "score is missing" not in in_order
    assert not [name for name in in_order if name.startswith(("id is not a", "customer_id is not a"))]
    assert not [name for name in in_order if "policy" in name]


def test_a_source_without_customers_may_lack_them():
    assert "customer_id is missing" not in names(Feed(("x",), "visits", anonymous=True))


def marked(**columns: list) -> pd.DataFrame:
    """The marks of rows with a number n, its text, a time and the feed's own rule."""
    table = ibis.memtable(pd.DataFrame({"place": range(len(columns["n"])), **columns}))
    several = [
        Rule("n is missing", lambda rows: rows[rules.raw("n")].isnull(), "n"),
        Rule("n is below 0", lambda rows: rows.n < 0, "n"),
        Rule("own", lambda rows: ~rows[rules.kept(0)].fill_null(False)),
    ]
    return rules.marked(table, rules.numbered(several)).order_by("place").execute()


def broken(rows: pd.DataFrame) -> list[tuple[list[bool], int | None]]:
    """For each row which of the three rules it breaks, and the first of them."""
    each = [rules.breaks(rows, place) for place in range(3)]
    first = [None if pd.isna(place) else int(place) for place in rows[rules.BROKEN]]
    return list(zip(map(list, zip(*each, strict=True)), first, strict=True))


def test_a_row_has_one_bit_for_each_rule_that_it_breaks_and_the_text_of_the_first():
    rows = marked(
        n=[1.0, -1.0, None, -2.0], raw_n=["1", "-1,0", None, "(2)"], **{rules.kept(0): [True, True, False, False]}
    )
    assert broken(rows) == [
        ([False, False, False], None),
        ([False, True, False], 1),
        ([True, False, True], 0),
        ([False, True, True], 1),
    ]
    assert rows[rules.VALUE].where(rows[rules.VALUE].notna(), None).tolist() == [None, "-1,0", None, "(2)"]


def test_what_is_not_known_breaks_no_bound_but_the_feeds_own_rule():
    rows = marked(n=[None, 1.0], raw_n=["x", "1"], **{rules.kept(0): pd.array([None, True], dtype="boolean")})
    assert broken(rows) == [([False, False, True], 2), ([False, False, False], None)]


def test_texts_and_own_rules_are_not_carried_on():
    rows = marked(n=[1.0], raw_n=["1"], **{rules.kept(0): [True]})
    assert rows.columns.tolist() == ["place", "n", rules.BROKEN, rules.VALUE, *rules.masks(dict.fromkeys(range(3)))]


def test_as_many_rules_as_a_source_needs_are_told_apart():
    several = rules.numbered(Rule(f"is {place}", lambda rows, place=place: rows.n >= place) for place in range(150))
    rows = rules.marked(ibis.memtable(pd.DataFrame({"n": [-1, 0, 62, 149]})), several).order_by("n").execute()
    assert [sum(bool(rules.breaks(rows, place)[row]) for place in range(150)) for row in range(4)] == [0, 1, 63, 150]
    assert rows[rules.BROKEN].isna().tolist() == [True, False, False, False] and set(rows[rules.BROKEN][1:]) == {0}
    assert len(rules.masks(several)) == 3


def test_a_value_that_only_describes_a_row_is_emptied_and_the_row_stays():
    in_order = rules.of(KEPT, Feed(("x",), "visits"), words())
    empties = {rule.name for rule in in_order.values() if rule.empties}
    assert empties >= {"ended_at is not a time", "score is below 0", "score is above 10", "refund is not a number"}
    needed = rules.of(KEPT, Feed(("x",), "visits", columns={"score": Origin()}), words())
    assert not {rule.name for rule in needed.values() if rule.empties} & {"score is below 0", "score is not a number"}


def test_what_is_emptied_is_marked_and_loses_no_row():
    table = ibis.memtable(pd.DataFrame({"n": [1.0, -1.0], "raw_n": ["1", "-1"]}))
    below = rules.numbered([Rule("n is below 0", lambda rows: rows.n < 0, "n", empties=True)])
    rows = rules.marked(table, below).order_by(ibis.desc("n")).execute()
    assert rows["n"].isna().tolist() == [False, True] and rows[rules.BROKEN].isna().all()
    assert rules.breaks(rows, 0).tolist() == [False, True]


def test_later_rules_keep_the_marks_of_earlier_ones():
    table = ibis.memtable(pd.DataFrame({"n": [1.0, -1.0, 5.0], "raw_n": ["1", "-1", "5"]}))
    first = rules.numbered([Rule("n is below 0", lambda rows: rows.n < 0, "n")])
    later = rules.numbered([Rule("n is above 2", lambda rows: rows.n > 2, "n")], after=first)
    rows = rules.marked(rules.marked(table, first), later).order_by("n").execute()
    (place,) = later
    assert rows[rules.BROKEN].fillna(-1).tolist() == [0, -1, place]
    assert rows[rules.VALUE].where(rows[rules.VALUE].notna(), None).tolist() == ["-1", None, "5.0"]
    assert [rules.breaks(rows, each).tolist() for each in (0, place)] == [[True, False, False], [False, False, True]]
