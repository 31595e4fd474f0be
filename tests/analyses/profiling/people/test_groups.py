"""The portrait: folding of small groups, behaviour and preferences counted by hand, completeness, needs, segments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analyses.profiling.people.behaviour import preferences
from helpers.analyses.profiling.people.by_segment import segment_portraits
from helpers.analyses.profiling.people.filled_fields import completeness
from helpers.analyses.profiling.people.groups import NOT_RECORDED, OTHERS, folded, portrait
from helpers.analyses.profiling.people.requests import needs
from helpers.data import datasets
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS


def test_small_groups_become_one():
    shown = folded(pd.Series({"a": 20, "b": 4, "c": 3, "d": 9}))
    assert shown.to_dict() == {"a": 20, "d": 9, SMALL_GROUPS: 7}


def test_a_single_small_group_takes_the_next_larger_one_with_it():
    shown = folded(pd.Series({"a": 20, "b": 2, "c": 6}))
    assert shown.to_dict() == {"a": 20, SMALL_GROUPS: 8}


def test_groups_past_the_most_become_other_values_but_gaps_keep_their_name():
    shown = folded(pd.Series({"a": 20, "b": 8, "c": 7, NOT_RECORDED: 6}), most=1)
    assert shown.to_dict() == {"a": 20, OTHERS: 15, NOT_RECORDED: 6}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30))
def test_nobody_is_lost_and_no_group_under_five_is_shown(sizes):
    counts = pd.Series(sizes, [f"g{place}" for place in range(len(sizes))])
    shown = folded(counts)
    assert shown.sum() == counts.sum()
    assert shown.min() >= min(5, counts.sum())
    assert len(shown) <= 14


def shop(tmp_path: Path, customers: int = 60) -> datasets.Dataset:
    """Half the customers order tea by app in the morning, twice; the others coffee by web at night, once."""
    people = ["customer_id,gender,channel,birth_year"]
    orders, items, tickets = (
        ["order_id,customer_id,ordered_at,amount,channel"], ["order_id,category,amount"],
        ["ticket_id,customer_id,opened_at,category,complaint"],
    )  # fmt: skip
    for n in range(customers):
        early = n < customers // 2
        gender = ("F" if early else "M") if n % 10 else "unknown"
        people.append(f"c{n},{gender},{'shop' if early else ''},{1980 if n % 2 else ''}")
        for again in range(1 + early):
            at = f"2025-0{1 + again}-05 {'09:30:00' if early else '02:15:00'}"
            orders.append(f"o{n}-{again},c{n},{at},{100 if early else 10},{'app' if early else 'web'}")
            items.append(f"o{n}-{again},{'tea' if early else 'coffee'},10")
        if n < 12:
            tickets.append(f"t{n},c{n},2025-02-01,{'delivery' if n < 9 else f'rare {n}'},{'yes' if n < 3 else 'no'}")
    for name, lines in (("customers", people), ("orders", orders), ("order_items", items), ("tickets", tickets)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    tables = [f'[tables.{name}]\nfile = "{name}.csv"\n' for name in ("customers", "orders", "order_items", "tickets")]
    (tmp_path / "dataset.toml").write_text("".join(tables))
    return datasets.open(tmp_path, "2025-06-30", prepared=tmp_path / "prepared")


@pytest.fixture(scope="module")
def tea(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("tea"))


def test_behaviour_preferences_and_needs_are_counted_by_customer(tea):
    groups = portrait(tea).groups.set_index(["aspect", "field", "value"])["customers"].sort_index()
    assert groups["behaviour", "Orders"].to_dict() == {"1": 30, "2": 30}
    assert groups["behaviour", "Last order"].to_dict() == {"91–180 days ago": 60}
    assert groups["behaviour", "Spend"].to_dict() == {"10 to under 100": 30, "200 and over": 30}
    assert groups["preferences", "Main category"].to_dict() == {"coffee": 30, "tea": 30}
    assert groups["preferences", "Time of orders"].to_dict() == {"morning (6–12)": 30, "night (0–6)": 30}
    assert groups["needs", "Main need"].to_dict() == {SMALL_GROUPS: 12, NOT_RECORDED: 48}  # 9, 1, 1 and 1 customers


def test_only_the_aspects_asked_for_are_shown(tea):
    found = portrait(tea, ["preferences"])
    assert set(found.groups["aspect"]) == {"preferences"}
    with pytest.raises(ValueError, match="aspects = 'habits': choose one of"):
        portrait(tea, ["habits"])


def test_orders_dated_by_day_tell_no_time_of_day(tmp_path):
    data = shop(tmp_path)
    orders = data.tables["orders"]
    dated = replace(data, tables={**data.tables, "orders": orders.mutate(ordered_at=orders.ordered_at.truncate("D"))})
    assert "time_of_orders" not in preferences(dated) and "main_order_channel" in preferences(dated)


def test_words_for_nothing_do_not_fill_a_field(tea):
    found = completeness(tea)
    filled = found.fields.set_index("field")["filled"]
    assert filled.to_dict() == {"Gender": 54, "Channel": 30, "Birth year": 30}
    assert found.records["customers"].sum() == 60 and found.filled_share == pytest.approx(114 / 180)
    assert found.records["customers"].min() >= 5


def test_completeness_counts_customers_by_fields_filled(tea):
    """By hand: gender lacks for each tenth, channel for the later half, birth year for each even customer."""
    filled = [bool(n % 10) + (n < 30) + n % 2 for n in range(60)]
    counts = completeness(tea).records.set_index("fields_filled")["customers"].to_dict()
    assert counts["3"] == filled.count(3) and counts["2"] == filled.count(2)
    assert sum(counts.values()) == 60


def test_needs_count_customers_by_theme_and_fold_the_rare_ones(tea):
    lines = needs(tea).lines
    first = lines.iloc[0]
    assert (first["theme"], first["records"], first["customers"]) == ("delivery", 9, 9)
    assert (
        first["share"] == 0.75 and first["customer_share"] == 0.15 and first["complaint_share"] == pytest.approx(1 / 3)
    )
    assert not lines["theme"].str.contains("rare").any() and len(lines) == 1


def test_what_sets_a_segment_apart_is_found_and_what_does_not_is_not(tea):
    early = pd.Series({f"c{n}": "early" if n < 30 else "late" for n in range(60)})
    found = segment_portraits(tea, early)
    traits = set(zip(found.traits["segment"], found.traits["field"], found.traits["value"], strict=True))
    assert {
        ("early", "Main category", "tea"),
        ("late", "Main category", "coffee"),
        ("early", "Channel", "shop"),
    } <= traits
    assert not any(field == "Birth year" or field == "Age band" for _, field, _ in traits)
    tea_line = found.groups.query("segment == 'early' and value == 'tea'").iloc[0]
    assert (tea_line["share"], tea_line["overall_share"]) == (1.0, 0.5)
    assert tea_line["adjusted_p_value"] < 1e-9
    assert found.headline().startswith("What sets segments apart most: ")


def test_segments_drawn_at_random_differ_in_nothing(tea):
    random = pd.Series({f"c{n}": "heads" if n % 4 < 2 else "tails" for n in range(60)})
    found = segment_portraits(tea, random)
    assert found.traits.empty and "do not differ beyond chance" in found.headline()
    ax = found.plot()
    assert len(ax.patches) == 2
    plt.close(ax.figure)


def test_a_segment_of_few_customers_is_never_shown(tea):
    segments = pd.Series({f"c{n}": "vip" if n < 3 else "early" if n < 30 else "late" for n in range(60)})
    found = segment_portraits(tea, segments)
    assert found.sizes.to_dict() == {"late": 30, SMALL_GROUPS: 30}  # 3 hidden among the 27 of the next larger
    assert found.groups["customers"].min() >= 5
    assert isinstance(segment_portraits(tea, pd.Series({"c1": "only"})), NotApplicable)
