"""A rule is checked before it is asked, and holds for nobody of whom it asks something unknown."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers import language
from helpers.conditions import DAY, FLAG, NUMBER, TEXT, condition, kinds_of

KINDS = {"band": TEXT, "rate": NUMBER, "orders": NUMBER, "joined": FLAG, "joined_on": DAY}
CUSTOMERS = pd.DataFrame(
    {
        "band": ["red", "red", "green", None],
        "rate": [0.5, 0.1, 0.5, 0.5],
        "orders": [1, 2, np.nan, 4],
        "joined": [True, False, True, False],
        "joined_on": pd.to_datetime(["2025-06-30", "2025-07-01", None, "2025-10-01"]),
    }
)


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("band == 'red'", [1, 1, 0, 0]),
        ("band != 'red'", [0, 0, 1, 0]),
        ("band == 'red' and rate > 0.3", [1, 0, 0, 0]),
        ("band in ('red', 'yellow') or orders >= 4", [1, 1, 0, 1]),
        ("band not in ['red']", [0, 0, 1, 0]),
        ("not (orders > 1)", [1, 0, 0, 0]),
        ("1 < orders <= 4", [0, 1, 0, 1]),
        ("orders * 2 - 1 > rate", [1, 1, 0, 1]),
        ("joined", [1, 0, 1, 0]),
        ("not joined and orders > -1", [0, 1, 0, 1]),
        ("orders / 0 > 1", [1, 1, 0, 1]),
        ("joined_on >= '2025-07-01'", [0, 1, 0, 1]),
        ("'2025-07-01' <= joined_on < '2025-10-01'", [0, 1, 0, 0]),
        ("joined_on == '2025-06-30' or band == 'green'", [1, 0, 1, 0]),
        ("not joined_on > '2025-07-01'", [1, 1, 0, 0]),
    ],
)
def test_a_rule_holds_for(rule, holds):
    assert condition(rule, KINDS, "when").holds(CUSTOMERS).astype(int).tolist() == holds


def test_it_says_which_columns_it_asks_for():
    assert condition("band == 'red' and (rate > 0 or rate < -1)", KINDS, "when").columns == ("band", "rate")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "it is no rule"),
        ("band ==", "it is no rule"),
        ("bnad == 'red'", "Did you mean 'band'"),
        ("band > 3", "'3' is a number, not a text"),
        ("rate == 'high'", "is a text, not a number"),
        ("orders", "it is no yes or no"),
        ("orders and rate > 1", "'orders' is a number, not a flag"),
        ("__import__('os')", "may not stand in a rule"),
        ("band.upper() == 'RED'", "may not stand in a rule"),
        ("orders in rate", "may not stand in a rule"),
        ("orders in ('a', 'b')", "is a text, not a number"),
        ("joined_on > 3", "'3' is a number, not a day"),
        ("joined_on > '30.6.2025'", "'30.6.2025' is no day"),
        ("joined_on > rate", "'rate' is a number, not a day"),
        ("joined_on in ('2025-07-01',)", "compared by"),
        ("band == joined_on", "'joined_on' is a day, not a text"),
        ("'red' == rate", "is a text, not a number"),
        ("rate ** 2 > 1", "may not stand in a rule"),
        ("-band == 'red'", "'band' is a text, not a number"),
    ],
)
def test_what_is_no_rule_is_told(rule, told):
    with pytest.raises(ValueError, match="plan.actions") as caught:
        condition(rule, KINDS, "plan.actions 'save' when")
    assert told in str(caught.value)


@pytest.mark.parametrize("edition", language.LANGUAGES)
@pytest.mark.parametrize("rule", ["bnad == 'red'", "band > 3", "band =="])
def test_a_slip_told_inside_a_sentence_ends_it_once(rule, edition):
    with language.spoken(edition), pytest.raises(ValueError, match="when") as caught:
        condition(rule, KINDS, "when")
    assert not re.search(r"[.?。？][.。]", str(caught.value))


def test_the_kinds_of_a_table_s_columns_are_read_off_their_values():
    more = CUSTOMERS.assign(
        told=pd.Series([True, None, False, None], dtype=object), band=CUSTOMERS["band"].astype("category")
    )
    assert kinds_of(more) == KINDS | {"told": FLAG}
