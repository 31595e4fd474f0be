"""Value by group and customers below their worth: slow loops, folding, and cells too small to show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.value.by_column import MOST_GROUPS, attribute_of, by_group, cohort_of, segment_of, underserved
from helpers.analyses.value.future.lifetime import LifetimeValues, Terms
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from helpers.statistics.purchases.fitted_sums import FittedValues

MISSING = NotApplicable("this data set has no orders.")


def valued(values, slopes=None, influences=None):
    """Lifetime values of customers c0000, c0001, …, as if their model were known exactly."""
    values = np.asarray(values, dtype=float)
    nothing = np.zeros((len(values), 1))
    customers = pd.DataFrame({
        "customer_id": [f"c{place:04d}" for place in range(len(values))],
        "p_alive": np.linspace(0.1, 0.9, len(values)), "expected_orders": values / 20, "expected_spend": 20.0,
        "lifetime_value": values,
    })  # fmt: skip
    slopes, influences = nothing if slopes is None else slopes, nothing if influences is None else influences
    return LifetimeValues("BG/NBD", Terms(), "CNY", customers, FittedValues(values, slopes, influences), pd.DataFrame())


def labelled(values, labels):
    return pd.Series(labels, index=values.customers["customer_id"], dtype=object)


@pytest.fixture(scope="module")
def values():
    return valued(np.random.default_rng(3).gamma(0.7, 100, 600))


@pytest.fixture(scope="module")
def channels(values):
    """A large channel, a smaller one, one of four customers, and customers whose channel is not known."""
    return labelled(values, ["shop"] * 400 + ["web"] * 100 + ["fax"] * 4 + ["post"] * 3 + [None] * 93)


def test_groups_are_those_of_a_loop_and_small_ones_are_folded(values, channels):
    found = by_group(values, channels, "channel").summary().set_index("channel")
    assert found.index.tolist() == ["shop", "web", UNKNOWN, SMALL_GROUPS]
    worth = values.customers["lifetime_value"].to_numpy()
    alive = values.customers["p_alive"].to_numpy()
    for name, members in [("shop", range(400)), ("web", range(400, 500)), (SMALL_GROUPS, range(500, 507)),
                          (UNKNOWN, range(507, 600))]:  # fmt: skip
        row = found.loc[name]
        assert row["customers"] == len(members)
        assert row["mean_lifetime_value"] == pytest.approx(np.mean([worth[member] for member in members]))
        assert row["value_share"] == pytest.approx(sum(worth[member] for member in members) / worth.sum())
        assert row["mean_active_probability"] == pytest.approx(alive[list(members)].mean())


def test_shares_of_all_groups_add_up(values, channels):
    found = by_group(values, channels, "channel").summary()
    assert found[["customer_share", "value_share"]].sum().tolist() == pytest.approx([1, 1])


def test_small_groups_that_stay_under_five_together_take_in_the_next_larger(values):
    labels = labelled(values, ["shop"] * 500 + ["web"] * 97 + ["fax"] * 3)
    found = by_group(values, labels, "channel").summary()
    assert found["channel"].tolist() == ["shop", SMALL_GROUPS]
    assert found["customers"].tolist() == [500, 100]


def test_groups_beyond_the_twelve_largest_are_folded(values):
    names = [f"shop {place % 20:02d}" if place < 560 else "shop 00" for place in range(600)]
    found = by_group(values, labelled(values, names), "shop").summary()
    assert len(found) == MOST_GROUPS
    assert found["shop"].iloc[0] == "shop 00"
    assert found["shop"].iloc[-1] == SMALL_GROUPS
    assert found["customers"].sum() == 600


def test_limits_are_those_of_a_mean_and_wider_for_fewer_customers(values, channels):
    found = by_group(values, channels, "channel").summary().set_index("channel")
    shop = values.customers["lifetime_value"].iloc[:400]
    half = 1.959964 * shop.std(ddof=0) / 20
    limits = found.loc["shop", ["lower", "upper"]].tolist()
    assert limits == pytest.approx([shop.mean() - half, shop.mean() + half], rel=1e-6)
    width = found["upper"] - found["lower"]
    assert width["shop"] < width["web"] < width[SMALL_GROUPS]


def test_what_is_not_known_of_the_model_widens_the_limits(values, channels):
    rng = np.random.default_rng(4)
    unsure = valued(values.customers["lifetime_value"], np.full((600, 1), 50.0), rng.normal(0, 0.02, (600, 1)))
    sure = by_group(values, channels, "channel").summary()
    found = by_group(unsure, channels, "channel").summary()
    assert (found["upper"] > sure["upper"]).all()
    assert found["mean_lifetime_value"].tolist() == sure["mean_lifetime_value"].tolist()
    assert (found["lower"] >= 0).all()


def test_ordered_groups_keep_their_order_and_unknown_ones_follow(values):
    labels = labelled(values, ["gold"] * 50 + ["bronze"] * 300 + ["silver"] * 200 + [None] * 50)
    order = pd.CategoricalDtype(["bronze", "silver", "gold"], ordered=True)
    found = by_group(values, labels.astype(order), "tier").summary()
    assert found["tier"].tolist() == ["bronze", "silver", "gold", UNKNOWN]


def test_numbers_may_name_groups(values):
    found = by_group(values, labelled(values, [1] * 300 + [2] * 300).astype(int), "level").summary()
    assert sorted(found["level"]) == [1, 2]


def test_labels_of_other_customers_and_in_any_order_are_matched_by_id(values, channels):
    more = pd.concat([pd.Series({"stranger": "web"}), channels.sample(frac=1, random_state=1)])
    pd.testing.assert_frame_equal(
        by_group(values, more, "channel").summary(), by_group(values, channels, "channel").summary()
    )


@pytest.mark.parametrize("labels", [None, pd.Series([None], index=["c0000"], dtype=object)])
def test_without_labels_there_is_nothing_to_group_by(values, labels):
    assert by_group(values, labels, "channel").headline() == "Not applicable: there is no channel to group by."


def test_the_headline_names_groups_that_differ_and_says_when_limits_overlap(values, channels):
    told = by_group(values, channels, "channel").headline()
    assert "“shop” holds" in told
    assert SMALL_GROUPS not in told
    apart = valued([10.0, 11.0] * 50 + [100.0, 101.0] * 50)
    labels = labelled(apart, ["low"] * 100 + ["high"] * 100)
    told = by_group(apart, labels, "channel").headline()
    assert told == "“high” holds 90.5% of the expected value. A customer of “high” is worth ¥100, one of “low” ¥10.50."
    mixed = by_group(apart, labelled(apart, ["one", "other"] * 100), "channel").headline()
    assert mixed.endswith("their intervals overlap.")
    alone = by_group(apart, labelled(apart, ["one"] * 200), "channel")
    assert alone.headline() == "There are no two groups by channel to compare."


def test_groups_are_drawn_with_their_intervals(values, channels):
    ax = by_group(values, channels, "channel").plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["shop", "web", UNKNOWN, SMALL_GROUPS]
    assert len(ax.collections[0].get_segments()) == 4


def test_cohorts_are_quarters_in_order_and_years_where_there_are_too_many(made):
    def bought(months):
        times = pd.Timestamp("2025-06-01") - pd.to_timedelta(np.arange(months) * 30, unit="D")
        return made(orders=pd.DataFrame({
            "order_id": [f"o{place}" for place in range(months)],
            "customer_id": [f"c{place:03d}" for place in range(months)], "ordered_at": times, "amount": 1.0,
        }))  # fmt: skip

    quarters, years = cohort_of(bought(7)), cohort_of(bought(48))
    assert quarters.cat.categories.tolist() == ["2024 Q4", "2025 Q1", "2025 Q2"]
    assert quarters["c000"] == "2025 Q2"
    assert years.cat.categories.tolist() == ["2021", "2022", "2023", "2024", "2025"]
    assert cohort_of(made(customers=pd.DataFrame({"customer_id": ["a"]}))) is None


def test_labels_come_from_segments_and_from_columns_of_customers_where_there_are_some(made):
    segments = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["gold", "silver"]})
    assert segment_of(segments, "tier").to_dict() == {"a": "gold", "b": "silver"}
    assert segment_of(segments, "segment") is None
    assert segment_of(None, "tier") is None
    shop = made(customers=pd.DataFrame({"customer_id": ["a", "b"], "channel": ["web", "shop"]}))
    assert attribute_of(shop, "channel").to_dict() == {"a": "web", "b": "shop"}
    assert attribute_of(shop, "height") is None


@pytest.fixture(scope="module")
def tiers(values):
    """Tiers that go with value, but not always; ten customers have none."""
    rng = np.random.default_rng(6)
    past = values.customers["lifetime_value"].to_numpy() * rng.lognormal(0, 0.5, 600)
    label = np.select([past > 200, past > 60], ["gold", "silver"], "bronze").astype(object)
    label[:10] = None
    return labelled(values, label)


def slow_places(values, tiers):
    """customer_id → the tier by value: customers from the most valuable fill the places of each tier, best first."""
    worth = values.customers.set_index("customer_id")["lifetime_value"]
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
    assert set(found.customers["customer_id"]) == below
    assert found.customers.set_index("customer_id")["tier_by_value"].to_dict() == {name: slow[name] for name in below}
    assert found.customers["lifetime_value"].is_monotonic_decreasing


def test_cells_count_customers_and_value_and_small_ones_are_empty(values, tiers):
    found, slow = underserved(values, tiers), slow_places(values, tiers)
    worth = values.customers.set_index("customer_id")["lifetime_value"]
    blank = 0
    for cell in found.cells.itertuples():
        members = [name for name, place in slow.items() if (tiers[name], place) == (cell.tier, cell.tier_by_value)]
        if len(members) < 5:
            blank += 1
            assert np.isnan(cell.customers)
            assert np.isnan(cell.lifetime_value)
        else:
            assert cell.customers == len(members)
            assert cell.lifetime_value == pytest.approx(worth[members].sum())
    assert len(found.cells) == 9
    assert blank >= 1
    assert found.cells["tier"].cat.categories.tolist() == ["gold", "silver", "bronze"]


def test_the_summary_holds_the_cells_of_a_higher_tier_alone(values, tiers):
    found = underserved(values, tiers)
    shown = found.summary()
    pairs = list(zip(shown["tier"], shown["tier_by_value"], strict=True))
    assert set(pairs) <= {("silver", "gold"), ("bronze", "gold"), ("bronze", "silver")}
    assert ("bronze", "silver") in pairs
    assert shown["customers"].min() >= 5


def test_customers_of_one_value_fill_the_places_in_order_of_their_ids():
    alike = valued(np.ones(40))
    found = underserved(alike, labelled(alike, ["a"] * 20 + ["b"] * 20))
    assert found.customers.empty
    crossed = underserved(alike, labelled(alike, ["a", "b"] * 20))
    expected = [name for name in alike.customers["customer_id"][:20] if int(name[1:]) % 2]
    assert crossed.customers["customer_id"].tolist() == expected


def test_the_headline_tells_the_customers_below_and_their_share_of_value(values, tiers):
    found = underserved(values, tiers)
    worth = values.customers.set_index("customer_id")["lifetime_value"]
    share = found.customers["lifetime_value"].sum() / worth[tiers.dropna().index].sum()
    assert found.headline().startswith(f"{len(found.customers)} customers would be in a higher tier")
    assert found.headline().endswith(f"({share:.1%} of all).")


def test_few_customers_below_their_worth_are_not_told_of():
    rising = valued(np.arange(40.0) + 1)
    labels = ["low"] * 20 + ["high"] * 20
    labels[19], labels[20] = "high", "low"
    found = underserved(rising, labelled(rising, labels))
    assert len(found.customers) == 1
    assert found.headline().startswith("No tier has 5 customers or more")
    assert found.summary().empty


def test_tiers_are_drawn_highest_first(values, tiers):
    ax = underserved(values, tiers).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["gold", "silver", "bronze"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["gold", "silver", "bronze"]


def test_what_is_missing_is_said(values):
    assert by_group(MISSING, None, "channel") is MISSING
    assert underserved(MISSING, None) is MISSING
    for tiers in (None, labelled(values, ["gold"] * 600)):
        assert underserved(values, tiers).headline() == "Not applicable: there are no tiers to compare with."
