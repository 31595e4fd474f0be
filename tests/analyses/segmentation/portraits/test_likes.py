"""Traits of customers, what sets segments apart, and a card for each segment; on customers with planted tastes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from helpers.analyses.segmentation.portraits.cards import personas
from helpers.analyses.segmentation.portraits.likes import preferences
from helpers.analyses.segmentation.portraits.traits import OTHERS, WEEKDAYS, traits
from helpers.analyses.segmentation.groups import Groups, group
from helpers.findings import NotApplicable
from helpers.statistics.shares.proportions import wilson_interval

SIZE = 100  # of each of two groups


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Even customers (the group "even") buy books in the morning, odd ones toys in the evening, one in five the other
    way round; gender is drawn apart from both. Even ones complain more and score lower."""
    rng = np.random.default_rng(9)
    ids = np.array([f"c{n:03}" for n in range(2 * SIZE)])
    odd = np.arange(2 * SIZE) % 2
    taste = np.where(rng.random(2 * SIZE) < 0.2, 1 - odd, odd)
    orders = pd.DataFrame(
        {
            "order_id": ids,
            "customer_id": ids,
            "amount": 10.0 + 90 * odd,
            "ordered_at": pd.Timestamp("2025-06-02") + pd.to_timedelta(np.where(taste, 20, 8), unit="h"),
        }
    )
    return {
        "customers": pd.DataFrame(
            {
                "customer_id": ids,
                "gender": rng.choice(["女", "男"], 2 * SIZE),
                "birth_year": rng.choice([1980, 2000], 2 * SIZE),
            }
        ),
        "orders": orders,
        "order_items": pd.DataFrame({"order_id": ids, "category": np.where(taste, "toys", "books"), "amount": 1.0}),
        "tickets": pd.DataFrame({"ticket_id": ids[::4], "customer_id": ids[::4], "days_ago": 3, "complaint": True}),
        "surveys": pd.DataFrame(
            {
                "customer_id": [*ids, *ids],
                "question": ["NPS"] * (4 * SIZE),
                "days_ago": [9] * (2 * SIZE) + [2] * (2 * SIZE),
                "score": [10] * (2 * SIZE) + (6 + 2 * odd + rng.integers(-1, 2, 2 * SIZE)).tolist(),
            }
        ),
    }


@pytest.fixture(scope="module")
def data(made, tables):
    return made(**tables)


@pytest.fixture(scope="module")
def sides(data) -> Groups:
    ids = pd.Index(data.customers["customer_id"], name="customer_id")
    sides = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    return group(data, sides, {"even": "even numbers", "odd": "odd numbers"})


def test_a_customers_favourite_is_what_most_rows_say_and_of_equals_the_latest(made):
    rows = [("a", "x", 9), ("a", "x", 8), ("a", "y", 1), ("b", "x", 5), ("b", "y", 2), ("c", "y", 5), ("c", "x", 2)]
    orders = pd.DataFrame(rows, columns=["customer_id", "channel", "days_ago"]).assign(amount=1.0)
    orders = pd.concat([orders] + [orders.assign(customer_id=orders["customer_id"] + str(n)) for n in range(6)])
    orders = orders.assign(order_id=[f"o{n}" for n in range(len(orders))])
    found = traits(made(orders=orders))["main_channel"]
    assert found[["a", "b", "c", "a3", "b3", "c3"]].tolist() == ["x", "y", "x"] * 2


def test_cancelled_orders_say_nothing_of_preferences_and_events_speak_where_orders_do_not(made):
    ids = [f"c{n}" for n in range(12)]
    orders = pd.DataFrame(
        {
            "customer_id": ids * 2,
            "days_ago": 3,
            "amount": 1.0,
            "cancelled": [False] * 12 + [True] * 12,
            "channel": ["web"] * 12 + ["shop"] * 12,
        }
    ).assign(order_id=[f"o{n}" for n in range(24)])
    events = pd.DataFrame({"customer_id": ids, "days_ago": 1, "event": "visit", "channel": ["app", "mini"] * 6})
    assert "main_channel" not in traits(made(orders=orders))  # all web: one value tells nobody apart
    assert traits(made(orders=orders, events=events))["main_channel"].value_counts().to_dict() == {"app": 6, "mini": 6}


def test_days_ages_and_sizes_are_put_into_bands(data):
    found = traits(data)
    assert found["main_daypart"].value_counts().index.str.split().str[0].tolist() in (
        ["morning", "evening"],
        ["evening", "morning"],
    )
    assert "main_weekday" not in found  # all on a Monday
    assert set(found["age_band"]) == {"25–34", "45–54"}
    assert found.index.tolist() == data.customers["customer_id"].tolist()


def test_the_weekday_is_the_calendars(made):
    days = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(35)],
            "order_id": [f"o{n}" for n in range(35)],
            "ordered_at": [pd.Timestamp("2025-06-02") + pd.Timedelta(days=n % 7) for n in range(35)],
            "amount": 1.0,
        }
    )
    found = traits(made(orders=days))
    assert found["main_weekday"][["c0", "c6", "c9"]].tolist() == ["Monday", "Sunday", "Wednesday"]
    assert found["main_weekday"].cat.categories.tolist() == list(WEEKDAYS) and "main_daypart" not in found


def test_rare_values_are_put_together(made):
    cities = [f"p{n}" for n in range(12) for _ in range(20 - n)] + ["rare"] * 2
    members = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(cities))], "province": cities})
    sizes = traits(made(customers=members))["province"].value_counts()
    assert len(sizes) == 9 and sizes[OTHERS] == 2 + sum(20 - n for n in range(8, 12)) and sizes["p0"] == 20


def test_shares_lifts_and_limits_are_those_counted_by_hand(data, sides):
    known = traits(data)
    found = preferences(data, sides, known)
    cell = found.cells.set_index(["trait", "side", "value"]).loc[("main_category", "even", "books")]
    even = known["main_category"][sides.labels == "even"]
    count, overall = int((even == "books").sum()), (known["main_category"] == "books").mean()
    assert cell["customers"] == count and cell["share"] == pytest.approx(count / SIZE)
    assert cell["lift"] == pytest.approx(count / SIZE / overall)
    low, high = wilson_interval(count, SIZE)
    assert [cell["lower"], cell["upper"]] == pytest.approx([low / overall, high / overall])


def test_planted_tastes_are_found_and_what_differs_by_chance_is_not(data, sides):
    found = preferences(data, sides)
    tests = found.tests.set_index("trait")
    assert tests.loc[["main_category", "main_daypart"], "adjusted_p_value"].max() < 1e-6
    assert tests.loc[["gender", "age_band"], "adjusted_p_value"].min() > 0.05
    assert "order_size" not in tests.index  # what makes the groups is no finding about them
    table = pd.crosstab(sides.labels.to_numpy(), traits(data)["main_category"].to_numpy())
    statistic = chi2_contingency(table, correction=False).statistic
    assert tests.loc["main_category", "cramers_v"] == pytest.approx(np.sqrt(statistic / (2 * SIZE)))
    assert found.headline().startswith("By 2 of 4 traits the sides differ beyond chance, most by main ")
    assert found.likes("even", ("main_category", "gender")) == [found.likes("even", ("main_category",))[0]]
    assert found.likes("odd", ("main_category",))[0].startswith("toys ×1.")


def test_without_any_difference_there_is_no_evidence(made, tables):
    chance = made(customers=tables["customers"])
    ids = pd.Index(chance.customers["customer_id"], name="customer_id")
    sides = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    found = preferences(chance, group(chance, sides, dict.fromkeys(["even", "odd"], "")))
    assert found.headline() == "No evidence that the sides differ in any of 2 traits."
    assert found.likes("odd", ("gender", "age_band")) == []


def test_small_cells_are_blank_in_table_and_figure(data, sides):
    known = traits(data)[["gender"]].copy()
    few = (sides.labels == "odd").to_numpy() & (np.cumsum(sides.labels == "odd") > 4)
    known["gender"] = known["gender"].where(~few, "女").mask((sides.labels == "odd").to_numpy() & ~few, "男")
    found = preferences(data, sides, known)
    cell = found.cells.set_index(["side", "value"]).loc[("odd", "男")]
    assert cell[["customers", "share", "lift", "lower", "upper"]].isna().all()
    assert len(found.plot().texts) == 3


def test_where_nothing_describes_customers_there_is_no_answer(data, sides):
    assert "no column tells" in preferences(data, sides, pd.DataFrame(index=sides.labels.index)).headline()


def test_a_card_holds_the_numbers_of_its_customers(data, sides):
    found = personas(data, sides, preferences(data, sides))
    cards, every = found.cards.set_index("side"), data.customers.set_index("customer_id")
    odd = every[sides.labels.reindex(every.index) == "odd"]
    assert cards.loc["odd", "customers"] == SIZE
    assert cards.loc["odd", "revenue_share"] == pytest.approx(odd["monetary"].sum() / every["monetary"].sum())
    assert cards.loc["even", "complaint_rate"] == 0.5 and cards.loc["odd", "complaint_rate"] == 0
    assert "toys" in cards.loc["odd", "likes"] and "books" in cards.loc["even", "likes"]
    card = found.card("odd").set_index("line")
    assert card.loc["revenue_per_customer"].tolist() == [pytest.approx(100), pytest.approx(55)]


def test_satisfaction_is_the_latest_answer(data, tables, sides):
    latest = tables["surveys"].tail(2 * SIZE).set_index("customer_id")["score"]
    cards = personas(data, sides, NotApplicable("none")).cards.set_index("side")
    even = latest[latest.index.str[1:].astype(int) % 2 == 0]
    assert cards.loc["even", "mean_nps"] == pytest.approx(even.mean())
    assert cards.loc["even", "mean_nps_error"] == pytest.approx(even.std() / np.sqrt(SIZE))
    assert "likes" not in cards


def test_the_headline_names_value_discontent_and_complaints(data, sides):
    said = personas(data, sides, preferences(data, sides)).headline()
    assert said.startswith("A customer in “odd” brings 1.82 times the average. Over-represented there: ")
    assert "Least content by nps is “even”: 5." in said or "Least content by nps is “even”: 6." in said
    assert "Most complaints come from “even”: 50.0% of its customers have complained (95% CI 40.4% to 59.6%)" in said


def test_what_fewer_than_five_customers_tell_is_blank(made, tables):
    asked = [*(f"c{n:03}" for n in range(0, 20, 2)), "c001", "c003"]  # ten of one group, two of the other
    answers = tables["surveys"][tables["surveys"]["customer_id"].isin(asked)]
    data = made(customers=tables["customers"], orders=tables["orders"], surveys=answers)
    ids = pd.Index(data.customers["customer_id"], name="customer_id")
    names = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    cards = personas(data, group(data, names, dict.fromkeys(["even", "odd"], "")), NotApplicable("")).cards.set_index(
        "side"
    )
    assert pd.isna(cards.loc["odd", "mean_nps"]) and cards.loc["even", "mean_nps"] > 0


def test_the_figure_shows_multiples_of_all_customers(data, sides):
    found = personas(data, sides, NotApplicable("none"))
    drawn = [text.get_text() for text in found.plot().texts]
    assert drawn[0] == "0.182" and len(drawn) == 10  # 10 of 55; two sides by five measures


def test_customers_without_orders_have_cards_too(made, tables):
    data = made(customers=tables["customers"])
    genders = traits(data)["gender"]
    found = personas(data, group(data, genders, dict.fromkeys(genders.cat.categories, "")), NotApplicable("none"))
    assert found.headline() == "2 genders have a card." and len(found.plot().patches) == 2
    with pytest.raises(ValueError, match="gender = 'x': no card. Choose one of"):
        found.card("x")
