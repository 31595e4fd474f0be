from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pandas as pd
import pytest

from helpers import analyses
from helpers.findings import Column, DeclaredTable, Kind
from helpers.findings.folding import SMALLEST_GROUP as LEAST
from helpers.findings.privacy.disclosure import DOMINATED, WHOLE, disclosed, dominated, hidden

KEY, ACROSS = Column("key", Kind.NAME, "the group"), Column("across", Kind.NAME, "the other group")
WEEK = Column("week", Kind.COUNT, "weeks since")
PEOPLE = Column("people", Kind.COUNT, "how many customers", people=True)
LEFT = Column("left", Kind.COUNT, "how many of them left", people=True, of="people")
RATE = Column("rate", Kind.SHARE, "the share of them that left", of="people", tells="left")
LOWER, UPPER = (Column(end, Kind.LIMIT, "an end of the interval") for end in ("lower", "upper"))
LIKELY = Column("likely", Kind.SHARE, "the share, drawn towards all", tells="rate")
DAYS = Column("days", Kind.DAYS, "their median days")
SPENT = Column("spent", Kind.MONEY, "what they spent", summed=True)
COLUMNS = (KEY, ACROSS, WEEK, PEOPLE, LEFT, RATE, LOWER, UPPER, LIKELY, DAYS, SPENT, DOMINATED)


def shown(**columns) -> pd.DataFrame:
    return disclosed(pd.DataFrame(columns), COLUMNS)


def missing(frame: pd.DataFrame, name: str) -> list[bool]:
    return frame[name].isna().tolist()


def test_a_row_of_too_few_customers_shows_what_it_is_of_and_no_number():
    table = shown(key=["a", "b", "c"], week=[1, 2, 3], people=[0, LEAST - 1, LEAST], days=[np.nan, 7.0, 8.0])
    assert table["key"].tolist() == ["a", "b", "c"] and table["week"].tolist() == [1, 2, 3]
    assert missing(table, "people") == [False, True, False] and table["people"].iloc[0] == 0
    assert missing(table, "days") == [True, True, False]


def test_an_estimate_that_stands_before_its_count_is_hidden_with_it():
    table = shown(key=["a"], days=[7.0], lower=[6.0], upper=[8.0], people=[LEAST - 1])
    assert table[["days", "lower", "upper", "people"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("left", "told"),
    [(0, True), (1, False), (LEAST - 1, False), (LEAST, True), (100 - LEAST, True), (101 - LEAST, False), (99, False),
     (100, True)],
)  # fmt: skip
def test_what_too_few_have_or_lack_is_hidden_and_none_and_all_are_shown(left, told):
    share = left / 100
    table = shown(
        key=["a"], people=[100], left=[left], rate=[share], lower=[share / 2], upper=[1.0], likely=[0.4], days=[7.0]
    )
    assert {missing(table, name)[0] for name in ("left", "rate", "lower", "upper", "likely")} == {not told}
    assert table[["people", "days"]].notna().all(axis=None)


def test_a_share_alone_is_hidden_by_the_count_that_it_would_give():
    table = shown(people=[40, 40], rate=[2 / 40, 20 / 40], lower=[0.0, 0.3], upper=[0.1, 0.7])
    assert missing(table, "rate") == missing(table, "upper") == [True, False]


def test_a_count_below_zero_is_a_count():
    assert missing(shown(people=[-3, -30]), "people") == [True, False]


def test_what_is_missing_stays_so_and_a_table_that_hides_nothing_is_the_same():
    frame = pd.DataFrame({"people": [LEAST, LEAST * 2], "rate": [np.nan, 0.5]})
    assert disclosed(frame, COLUMNS) is frame


def test_names_of_index_levels_are_columns_of_it():
    frame = pd.DataFrame({"people": [1, 50]}, pd.Index(["a", "b"], name="key"))
    assert disclosed(frame, COLUMNS)["key"].tolist() == ["a", "b"]


def crossed(cells: np.ndarray) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """A row a cell of rows × columns whose sums readers know."""
    rows, columns = np.indices(cells.shape)
    frame = pd.DataFrame({"key": rows.ravel(), "across": columns.ravel(), "people": cells.ravel()})
    return frame, (KEY, ACROSS, PEOPLE.but(adds_up=[[KEY], [ACROSS]]))


def test_where_one_cell_is_hidden_the_next_smallest_of_its_row_and_column_is_too():
    frame, columns = crossed(np.array([[3, 40, 50, 0], [60, 70, 80, 90], [90, 97, 99, 95]]))
    cells = hidden(frame, columns)[:, 2].reshape(3, 4)
    assert cells.tolist() == [[True, True, False, False], [True, True, False, False], [False] * 4]


def test_of_no_cross_table_is_a_small_count_left_over():
    rng = np.random.default_rng(7)
    for _ in range(200):
        cells = rng.integers(0, 40, rng.integers(2, 6, 2))
        frame, columns = crossed(cells)
        unseen = hidden(frame, columns)[:, 2].reshape(cells.shape)
        for line, few in [*zip(cells, unseen, strict=True), *zip(cells.T, unseen.T, strict=True)]:
            whole_line = few[line > 0].all()  # nothing of it is left to be hidden
            assert not few.any() or whole_line or (few.sum() > 1 and line[few].sum() >= LEAST)
            assert few[(line > 0) & (line < LEAST)].all()


def test_the_only_group_too_small_takes_a_companion_where_all_add_up_to_a_total():
    columns = (KEY, PEOPLE.but(adds_up=[()]), DAYS)
    table = disclosed(pd.DataFrame({"key": list("abc"), "people": [99, 20, 4], "days": [1.0, 2.0, 3.0]}), columns)
    assert missing(table, "people") == missing(table, "days") == [False, True, True]


def test_parts_of_groups_that_add_up_take_companions_as_their_numbers_are_known_of_all_together():
    columns = (KEY, PEOPLE.but(adds_up=[()]), RATE, LOWER, UPPER)
    frame = pd.DataFrame({"key": list("abc"), "people": [400, 50, 20], "rate": [0.5, 0.4, (LEAST - 1) / 20]})
    table = disclosed(frame.assign(lower=0.1, upper=0.9), columns)
    assert missing(table, "rate") == missing(table, "upper") == [False, True, True]
    assert table["people"].notna().all()
    frame["rate"] = [0.5, 0.6, (21 - LEAST) / 20]  # so few of the last lack it
    assert missing(disclosed(frame, columns), "rate") == [False, True, True]


def test_a_count_that_few_of_the_whole_group_are_missing_from_is_hidden_and_the_whole_never_shown():
    columns = (KEY, PEOPLE.but(of=WHOLE, adds_up=[()]), RATE, DAYS, WHOLE)
    frame = pd.DataFrame({"key": list("abc"), "people": [99, 90, 50], "rate": 0.5, "days": 7.0})
    table = disclosed(frame.assign(whole=[100, 90, 90]), columns)
    assert list(table) == ["key", "people", "rate", "days"] and table[["rate", "days"]].notna().all(axis=None)
    assert missing(table, "people") == [True, False, True]  # the last with it: how many are missing of all is known
    assert missing(disclosed(frame.assign(whole=np.nan), columns), "people") == [False] * 3
    assert missing(disclosed(frame.assign(people=[99, 90, LEAST - 1], whole=100), columns), "days")[2]


def test_a_test_of_what_is_hidden_is_hidden_with_it():
    p = Column("p", Kind.P_VALUE, "how often chance alone")
    frame = pd.DataFrame({"key": list("ab"), "people": [400, 11], "rate": [0.5, 1 / 11], "p": [0.2, 0.3]})
    assert missing(disclosed(frame, (KEY, PEOPLE, RATE, p)), "p") == [False, True]


def test_to_pass_twice_hides_no_more():
    frame, columns = crossed(np.array([[3, 40, 50], [60, 70, 80], [90, 30, 99]]))
    once = disclosed(frame, columns)
    assert disclosed(once, columns).equals(once)


def test_money_that_one_customer_or_two_make_is_hidden_with_the_next_smallest():
    table = shown(key=list("abc"), people=[50, 50, 50], spent=[500.0, 100.0, 300.0], dominated=[True, False, False])
    assert missing(table, "spent") == [True, True, False]
    assert missing(table, "people") == [False] * 3 and "dominated" not in table


@pytest.mark.parametrize(
    ("sums", "most"),
    [([50, 50], True), ([51, 30, 19], True), ([50, 25, 25], False), ([40, 36, 24], True), ([40, 35, 25], False),
     ([30, 30, 40, -60], True), ([9], True)],
)  # fmt: skip
def test_one_customer_makes_most_of_a_sum_from_half_of_it_on_and_two_from_three_quarters(sums, most):
    money, groups = pd.Series([*sums, *[10.0] * 9], dtype=float), pd.Series([*["a"] * len(sums), *["b"] * 9])
    if sums[-1] < 0:
        money.iloc[3] = -60.0
        most = False  # what was given back is no sum of anybody's: 40 and 30 of 100
    assert dominated(money, groups).to_dict() == {"a": most, "b": False}


def test_every_sum_of_money_has_beside_it_whether_one_customer_makes_most():
    """But for one whose cells passed the layer before they were laid out."""
    for module in pkgutil.walk_packages(analyses.__path__, "helpers.analyses."):
        importlib.import_module(module.name)
    ours = [each for each in every(DeclaredTable) if each.__module__.startswith("helpers.")]  # others are of tests
    declared = [(each, kept) for each in ours for kept in (each.columns, getattr(each, "shown", ()))]
    sums = [(each.__name__, kept) for each, kept in declared if any(column.summed for column in kept)]
    assert len(sums) > 8
    assert {name for name, kept in sums if DOMINATED not in kept} == {"Underserved"}


def every(kind: type) -> list[type]:
    return [each for part in kind.__subclasses__() for each in (part, *every(part))]


def test_every_declaration_of_the_layer_is_carried_to_columns_made_of_it():
    pattern = Column(
        "in_{}", Kind.COUNT, "customers", people=True, of="people", tells="rate", adds_up=[[KEY]], summed=True
    )
    made = pattern.called("in_may").but(unit="customers")
    assert (made.people, made.of, made.tells, made.adds_up, made.summed) == (
        True,
        "people",
        ("rate",),
        (("key",),),
        True,
    )
    assert made == "in_may" and made.parts == ("may",) and made.unit == "customers"
