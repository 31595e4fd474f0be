"""Customers below their worth: slow loops, places in order, and cells too small to show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.value.future.purchases import Model
from helpers.analyses.value.future.trial_of_models import Failure
from helpers.analyses.value.tiers import CELLS, underserved
from helpers.findings import NotApplicable
from helpers.findings.privacy.disclosure import disclosed


@pytest.fixture(scope="module")
def tiers(values, labelled):
    """Tiers that go with value, but not always; ten customers have none."""
    rng = np.random.default_rng(6)
    past = values.table["lifetime_value"].to_numpy() * rng.lognormal(0, 0.5, 600)
    label = np.select([past > 200, past > 60], ["gold", "silver"], "bronze").astype(object)
    label[:10] = None
    return labelled(values, label)


def slow_places(values, tiers):
    """customer_id → the tier by value: customers from the most valuable fill the places of each tier, best first."""
    worth = values.table.set_index("customer_id")["lifetime_value"]
    known = [name for name in worth.index if tiers[name] is not None]
    places = [tier for tier in ("gold", "silver", "bronze") for name in known if tiers[name] == tier]
    ranked = sorted(known, key=lambda name: (-worth[name], name))
    return dict(zip(ranked, places, strict=True))


def test_tiers_by_value_have_the_sizes_of_the_tiers_and_are_those_of_a_loop(values, tiers):
    found = underserved(values, tiers)
    slow = slow_places(values, tiers)
    rank = {"gold": 0, "silver": 1, "bronze": 2}
    below = {name for name, place in slow.items() if rank[place] < rank[tiers[name]]}
    assert 20 < len(below) < 300
    assert set(found.table["customer_id"]) == below
    assert found.table.set_index("customer_id")["tier_by_value"].to_dict() == {name: slow[name] for name in below}
    assert found.table["lifetime_value"].is_monotonic_decreasing


def test_cells_count_customers_and_value_and_small_ones_are_hidden_with_companions(values, tiers):
    found, slow = underserved(values, tiers), slow_places(values, tiers)
    worth = values.table.set_index("customer_id")["lifetime_value"]
    small = 0
    for cell in found.cells.itertuples():
        members = [name for name, place in slow.items() if (tiers[name], place) == (cell.tier, cell.tier_by_value)]
        small += 1 <= len(members) < 5
        assert cell.customers == len(members)
        assert cell.total_lifetime_value == pytest.approx(worth[members].sum())
    assert len(found.cells) == 9 and small >= 1
    assert disclosed(found.cells, CELLS)["customers"].isna().sum() > small
    assert found.cells["tier"].cat.categories.tolist() == ["gold", "silver", "bronze"]


def test_the_summary_holds_the_cells_of_a_higher_tier_alone(values, tiers):
    found = underserved(values, tiers)
    shown = found.summary()
    pairs = list(zip(shown["tier"], shown["tier_by_value"], strict=True))
    assert set(pairs) <= {("silver", "gold"), ("bronze", "gold"), ("bronze", "silver")}
    assert not shown["customers"].lt(5).any()


@pytest.mark.parametrize("worth", [1.0, 0.0])
def test_customers_of_one_value_are_not_ranked(valued, labelled, worth):
    alike = valued(np.full(40, worth))
    for labels in (["a"] * 20 + ["b"] * 20, ["a", "b"] * 20):
        assert underserved(alike, labelled(alike, labels)).table.empty


def test_of_customers_who_tie_across_a_border_nobody_is_moved_up(valued, labelled):
    some = valued([9.0] * 5 + [5.0] * 20 + [1.0] * 15)  # ten places above, for which twenty are alike
    found = underserved(some, labelled(some, ["low"] * 5 + ["high"] * 10 + ["low"] * 25))
    assert found.table["customer_id"].tolist() == [f"c{place:04d}" for place in range(5)]


def test_what_rests_on_a_model_that_failed_its_trial_says_so_first(values, tiers):
    found = underserved(replace(values, failure=Failure(Model.NBD, 0.3)), tiers)
    assert "“NBD, nobody leaves” failed its own trial, expecting 30.0% too many orders" in words_of(found)


def test_the_headline_tells_the_customers_below_and_their_share_of_value(values, tiers):
    found = underserved(values, tiers)
    worth = values.table.set_index("customer_id")["lifetime_value"]
    share = found.table["lifetime_value"].sum() / worth[tiers.dropna().index].sum()
    told = f"{len(found.table)} customers are served below what they are worth; they hold {share:.1%} of it."
    assert str(found.headline()) == told


def test_few_customers_below_their_worth_are_not_told_of(valued, labelled):
    rising = valued(np.arange(40.0) + 1)
    labels = ["low"] * 20 + ["high"] * 20
    labels[19], labels[20] = "high", "low"
    found = underserved(rising, labelled(rising, labels))
    assert len(found.table) == 1
    assert words_of(found).startswith("No tier has 5 customers who are worth a higher one.")
    assert found.summary().empty


def test_tiers_are_drawn_highest_first(values, tiers):
    ax = underserved(values, tiers).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["gold", "silver", "bronze"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["gold", "silver", "bronze"]


def test_what_is_missing_is_said(values, labelled):
    missing = underserved(NotApplicable("this data set has no orders: export them to see this."), None)
    assert words_of(missing) == "Cannot be told: this rests on an answer that is missing above."
    for tiers in (None, labelled(values, ["gold"] * 600)):
        assert words_of(underserved(values, tiers)) == "Cannot be told: there are no tiers to compare with."


def test_the_page_shows_cells_and_no_customer(values, tiers):
    answer = underserved(values, tiers)
    assert list(answer.table) == list(answer.columns)
    assert list(answer.summary()) == list(answer.shown)
    page = answer._repr_mimebundle_()[0]["text/html"]
    assert not any(customer in page for customer in answer.table["customer_id"])
