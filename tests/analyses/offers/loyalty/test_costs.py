"""What rules cost on history as it was: a replay by hand, and what moves and does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.offers.loyalty.costs import membership
from helpers.data.intake.wording.plans import Plan
from helpers.findings import NotApplicable
from shops import shop


@pytest.fixture(scope="module")
def told(members):
    return membership(members)


def by_hand(ruled, margin=1.0, **tier):
    """Five customers who buy for 100 every tenth day, and others who bought once, long ago."""
    rows = [(f"m{number}", days, 100.0) for number in range(5) for days in range(0, 410, 10)]
    rows += [(f"o{number}", 400, 90.0) for number in range(5)]
    return membership(ruled(rows, tiers=[{"name": "all", "spend": 300, "window_days": 30} | tier]), margin)


def test_a_replay_by_hand(ruled):
    table = by_hand(ruled, benefit_rate=0.1, fixed_cost=12).table.iloc[0]
    assert table["members"] == 5
    assert table["member_revenue"] == 5 * 37 * 100  # days 0 to 360; on day 365 all were members already
    assert table["yearly_cost"] == pytest.approx(0.1 * 18_500 + 5 * 12)
    assert table["break_even_rate"] == pytest.approx(table["yearly_cost"] / 18_500)


def test_less_margin_asks_for_more(ruled):
    full, half = (by_hand(ruled, margin, benefit_rate=0.1).table.iloc[0] for margin in (1.0, 0.5))
    assert half["break_even_rate"] == pytest.approx(2 * full["break_even_rate"])


def test_the_margin_of_the_settings_counts_where_the_page_has_none(members):
    settings = replace(members.settings, plan=Plan(margin=0.25))
    quarter, own, all_of_it = (membership(replace(members, settings=settings), margin) for margin in (None, 0.5, 1))
    whole = membership(members).table["break_even_rate"]
    assert quarter.table["break_even_rate"].to_numpy() == pytest.approx(4 * whole.to_numpy(), nan_ok=True)
    assert own.table["break_even_rate"].to_numpy() == pytest.approx(2 * whole.to_numpy(), nan_ok=True)
    assert all_of_it.table["break_even_rate"].to_numpy() == pytest.approx(whole.to_numpy(), nan_ok=True)
    assert "of revenue 25.0% is earned" in words_of(quarter) and "100% is earned" in words_of(all_of_it)


def test_points_cost_what_is_redeemed_of_them(ruled, spending, ledger):
    from helpers.analyses.offers.loyalty.liability import points

    data = ruled(spending, tiers=[{"name": "all", "spend": 1, "points_rate": 2}], point_value=0.02)
    some = points(shop(points=ledger))
    every, part = (membership(data, points=each).table.iloc[0]["yearly_cost"] for each in (None, some))
    assert every == pytest.approx(0.04 * membership(data).table.iloc[0]["member_revenue"])
    assert part == pytest.approx(some.redeemed_rate * every)


def test_a_lower_threshold_lifts_members_and_costs_more(told):
    table = told.table.set_index(["rules", "tier"])
    assert table.loc[("(in force)", "Gold"), "risen"] == 0
    lifted = table.loc[("lower gold", "Gold")]
    assert lifted["risen"] == lifted["members"] - table.loc[("(in force)", "Gold"), "members"] > 0
    assert lifted["fallen"] == 0
    assert told.cost("lower gold") > told.cost("(in force)")
    assert "“lower gold” would have cost" in words_of(told) and "a year more than the rules in force." in words_of(told)


def test_break_even_has_an_interval_where_a_cost_is_fixed(told):
    table = told.table.set_index(["rules", "tier"])
    gold, silver = (table.loc[("(in force)", tier)] for tier in ("Gold", "Silver"))
    assert gold["lower"] < gold["break_even_rate"] < gold["upper"]
    assert silver["break_even_rate"] == pytest.approx(0.03)
    assert np.isnan(silver["upper"])  # it is what the rule says


def test_money_in_another_unit_changes_no_share(ruled, spending):
    def rate(unit):
        tier = {"name": "all", "spend": 500 * unit, "benefit_rate": 0.02, "fixed_cost": 3 * unit}
        rows = spending.assign(amount=spending["amount"] * unit)
        return membership(ruled(rows, tiers=[tier])).table.iloc[0]["break_even_rate"]

    assert rate(100) == pytest.approx(rate(1))


def test_few_members_show_no_numbers(ruled):
    rows = [(f"m{number}", days, 100.0) for number in range(4) for days in (5, 100, 200, 300, 450)]
    table = membership(ruled(rows, tiers=[{"name": "few", "spend": 1}])).table
    assert table["members"].isna().all() and table["yearly_cost"].isna().all()


def test_where_nothing_is_set_or_known_it_says_what_to_do(ruled, spending):
    for data in (ruled(spending), shop(points=[]), ruled([("a", 3, 5.0)], tiers=[{"name": "a", "spend": 1}])):
        answer = membership(data)
        assert isinstance(answer, NotApplicable)
        assert "dataset.toml" in words_of(answer) or "Export older orders" in words_of(answer)


def test_it_draws_what_pays(told):
    assert told.plot().get_yticklabels()


def test_a_tier_s_money_that_one_member_makes_is_not_shown(ruled):
    rows = [(f"m{number}", days, 100.0) for number in range(12) for days in range(0, 410, 10)]
    rows += [("big", days, 9_000.0) for days in range(0, 410, 10)]
    rows += [(f"s{number}", days, 15.0) for number in range(12) for days in range(0, 410, 10)]
    tiers = [{"name": "some", "spend": 30, "window_days": 30}, {"name": "all", "spend": 300, "window_days": 30}]
    tiers = [each | {"benefit_rate": 0.1} for each in tiers]
    costs = membership(ruled(rows, tiers=tiers))
    assert costs.table["dominated"].tolist() == [False, True]
    shown = costs.to_show()
    assert "dominated" not in shown and shown[["member_revenue", "yearly_cost"]].isna().all(axis=None)
    assert shown["members"].tolist() == [12, 13]
