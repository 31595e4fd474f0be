"""Value by group: slow loops, folding, order, and where labels come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.future.purchases import Model
from helpers.analyses.value.future.trial_of_models import Failure
from helpers.analyses.value.groups import MOST_MEANS, attribute_of, by_group, cohort_of, segment_of
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from shops import shop


@pytest.fixture(scope="module")
def channels(values, labelled):
    """A large channel, a smaller one, one of four customers, and customers whose channel is not known."""
    return labelled(values, ["shop"] * 400 + ["web"] * 100 + ["fax"] * 4 + ["post"] * 3 + [None] * 93)


def test_groups_are_those_of_a_loop_and_small_ones_are_folded(values, channels):
    found = by_group(values, channels, "channel").table.set_index("channel")
    assert found.index.tolist() == ["shop", "web", UNKNOWN, SMALL_GROUPS]
    worth = values.table["lifetime_value"].to_numpy()
    alive = values.table["p_alive"].to_numpy()
    for name, members in [("shop", range(400)), ("web", range(400, 500)), (SMALL_GROUPS, range(500, 507)),
                          (UNKNOWN, range(507, 600))]:  # fmt: skip
        row = found.loc[name]
        assert row["buyers"] == len(members)
        assert row["mean_lifetime_value"] == pytest.approx(np.mean([worth[member] for member in members]))
        assert row["value_share"] == pytest.approx(sum(worth[member] for member in members) / worth.sum())
        assert row["mean_active_probability"] == pytest.approx(alive[list(members)].mean())


def test_shares_of_all_groups_add_up(values, channels):
    found = by_group(values, channels, "channel").table
    assert found[["buyer_share", "value_share"]].sum().tolist() == pytest.approx([1, 1])


def test_small_groups_that_stay_under_five_together_take_in_the_next_larger(values, labelled):
    labels = labelled(values, ["shop"] * 500 + ["web"] * 97 + ["fax"] * 3)
    found = by_group(values, labels, "channel").table
    assert found["channel"].tolist() == ["shop", SMALL_GROUPS]
    assert found["buyers"].tolist() == [500, 100]


def test_groups_beyond_the_twelve_largest_are_folded(values, labelled):
    names = [f"shop {place % 20:02d}" if place < 560 else "shop 00" for place in range(600)]
    found = by_group(values, labelled(values, names), "shop").table
    assert len(found) == MOST_MEANS
    assert found["shop"].iloc[0] == "shop 00"
    assert found["shop"].iloc[-1] == SMALL_GROUPS
    assert found["buyers"].sum() == 600


def test_limits_are_those_of_a_mean_and_wider_for_fewer_customers(values, channels):
    found = by_group(values, channels, "channel").table.set_index("channel")
    shop = values.table["lifetime_value"].iloc[:400]
    half = 1.959964 * shop.std(ddof=0) / 20
    limits = found.loc["shop", ["lower", "upper"]].tolist()
    assert limits == pytest.approx([shop.mean() - half, shop.mean() + half], rel=1e-6)
    width = found["upper"] - found["lower"]
    assert width["shop"] < width["web"] < width[SMALL_GROUPS]


def test_what_is_not_known_of_the_model_widens_the_limits(values, channels, valued):
    rng = np.random.default_rng(4)
    unsure = valued(values.table["lifetime_value"], np.full((600, 1), 50.0), rng.normal(0, 0.02, (600, 1)))
    sure = by_group(values, channels, "channel").table
    found = by_group(unsure, channels, "channel").table
    assert (found["upper"] > sure["upper"]).all()
    assert found["mean_lifetime_value"].tolist() == sure["mean_lifetime_value"].tolist()
    assert (found["lower"] >= 0).all()


def test_ordered_groups_keep_their_order_and_unknown_ones_follow(values, labelled):
    labels = labelled(values, ["gold"] * 50 + ["bronze"] * 300 + ["silver"] * 200 + [None] * 50)
    order = pd.CategoricalDtype(["bronze", "silver", "gold"], ordered=True)
    found = by_group(values, labels.astype(order), "tier").table
    assert found["tier"].tolist() == ["bronze", "silver", "gold", UNKNOWN]


def test_numbers_may_name_groups(values, labelled):
    found = by_group(values, labelled(values, [1] * 300 + [2] * 300).astype(int), "level").table
    assert sorted(found["level"]) == [1, 2]


def test_labels_of_other_customers_and_in_any_order_are_matched_by_id(values, channels):
    more = pd.concat([pd.Series({"stranger": "web"}), channels.sample(frac=1, random_state=1)])
    found, of_all = by_group(values, more, "channel").table, by_group(values, channels, "channel").table
    pd.testing.assert_frame_equal(found.drop(columns="whole"), of_all.drop(columns="whole"))
    assert found["whole"].sum() == of_all["whole"].sum() + 1


@pytest.mark.parametrize("labels", [None, pd.Series([None], index=["c0000"], dtype=object)])
def test_without_labels_there_is_nothing_to_group_by(values, labels):
    assert words_of(by_group(values, labels, "channel")) == "Cannot be told: there is no column “Channel” to group by."


def test_the_headline_names_groups_that_differ_and_says_when_none_do(values, channels, valued, labelled):
    told = words_of(by_group(values, channels, "channel"))
    assert "“shop” holds" in told
    assert SMALL_GROUPS not in told
    apart = valued([10.0, 11.0] * 50 + [100.0, 101.0] * 50)
    labels = labelled(apart, ["low"] * 100 + ["high"] * 100)
    told = words_of(by_group(apart, labels, "channel"))
    assert (
        told == "Channel: a customer of “high” is likely worth ¥100, one of “low” ¥10.50. "
        "“high” holds 90.5% of the expected value. Values are drawn towards the mean of all, the more the less sure they are."
    )
    few = valued([10.0, 11.0] * 50 + [10.0, 250.0] * 15)
    drawn = words_of(by_group(few, labelled(few, ["low"] * 100 + ["high"] * 30), "channel"))
    assert drawn.endswith("Before that, as in figure and table: ¥130 and ¥10.50.")
    mixed = words_of(by_group(apart, labelled(apart, ["one", "other"] * 100), "channel"))
    assert mixed == "Channel: no evidence that customers of one group are worth more than those of another."
    alone = by_group(apart, labelled(apart, ["one"] * 200), "channel")
    assert words_of(alone) == "Channel: there are no two groups of 20 customers to compare."


def test_groups_that_tie_or_are_small_are_not_ranked(valued, labelled):
    alike = valued([7.0] * 120)
    told = words_of(by_group(alike, labelled(alike, ["one", "two", "three"] * 40), "channel"))
    assert told == "Channel: no evidence that customers of one group are worth more than those of another."
    apart = valued([10.0, 11.0] * 50 + [100.0, 101.0] * 9)
    few = by_group(apart, labelled(apart, ["many"] * 100 + ["few"] * 18), "channel")
    assert few.table["channel"].tolist() == ["many", "few"] and "no two groups" in words_of(few)
    nothing = valued([0.0] * 60)
    assert "no money is expected" in words_of(by_group(nothing, labelled(nothing, ["one", "two"] * 30), "channel"))


def test_what_rests_on_a_model_that_failed_its_trial_says_so_first(valued, labelled):
    apart = valued([10.0, 11.0] * 50 + [100.0, 101.0] * 50)
    failed = replace(apart, failure=Failure(Model.NBD, -0.44))
    told = words_of(by_group(failed, labelled(apart, ["low"] * 100 + ["high"] * 100), "channel"))
    assert "“NBD, nobody leaves” failed its own trial, expecting 44.0% too few orders: take these values" in told


def test_groups_are_drawn_with_their_intervals(values, channels):
    ax = by_group(values, channels, "channel").plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["shop", "web", UNKNOWN, SMALL_GROUPS]
    assert len(ax.collections[0].get_segments()) == 4


def test_cohorts_are_quarters_in_order_and_years_where_there_are_too_many():
    def bought(months):
        times = pd.Timestamp("2025-06-01") - pd.to_timedelta(np.arange(months) * 30, unit="D")
        return shop(orders=pd.DataFrame({
            "order_id": [f"o{place}" for place in range(months)],
            "customer_id": [f"c{place:03d}" for place in range(months)], "ordered_at": times, "amount": 1.0,
        }))  # fmt: skip

    quarters, years = cohort_of(bought(7)), cohort_of(bought(48))
    assert quarters.cat.categories.tolist() == ["2024 Q4", "2025 Q1", "2025 Q2"]
    assert quarters["c000"] == "2025 Q2"
    assert years.cat.categories.tolist() == ["2021", "2022", "2023", "2024", "2025"]
    assert cohort_of(shop(customers=pd.DataFrame({"customer_id": ["a"]}))) is None


def test_labels_come_from_segments_and_from_columns_of_customers_where_there_are_some():
    segments = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["gold", "silver"]})
    assert segment_of(segments, "tier").to_dict() == {"a": "gold", "b": "silver"}
    assert segment_of(segments, "segment") is None
    assert segment_of(None, "tier") is None
    people = shop(customers=pd.DataFrame({"customer_id": ["a", "b"], "channel": ["web", "shop"]}))
    assert attribute_of(people, "channel").to_dict() == {"a": "web", "b": "shop"}
    assert attribute_of(people, "height") is None


def test_where_there_are_no_values_none_are_grouped():
    answer = by_group(NotApplicable("this data set has no orders: export them to see this."), None, "channel")
    assert words_of(answer) == "Cannot be told: this rests on an answer that is missing above."


def test_the_page_names_the_groups_column_and_the_currency(values, labelled):
    answer = by_group(values, labelled(values, [2021, 2022] * 300).astype(int), "birth_year")
    assert list(answer.table) == ["birth_year", *answer.columns[1:]]
    page = answer._repr_mimebundle_()[0]["text/html"]
    assert all(text in page for text in (">Birth year<", ">2021<", ">Mean lifetime value (¥)<"))
