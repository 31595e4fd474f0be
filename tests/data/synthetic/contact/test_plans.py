"""The two earlier plans."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number
from helpers.data.synthetic.contact import plans
from helpers.data.synthetic.truth import TRUTH


def test_nobody_is_in_a_plan_who_opted_out_or_whom_the_global_holdout_keeps(shop):
    planned = shop.people.iloc[shop.planned["customer"]]
    assert not planned["opted_out"].any() and not planned["kept_out"].any()
    assert (planned["joined"].to_numpy() < shop.planned["planned"] * DAY).all()
    share = shop.people["kept_out"].mean()
    assert abs(share - TRUTH.global_holdout) < 3 * np.sqrt(share * (1 - share) / len(shop.people))


def test_arms_have_their_shares_and_a_customer_keeps_the_arm(shop):
    for action, rows in shop.planned.groupby("action"):
        rule = TRUTH.actions[str(action)]
        assert rows.groupby("planned").size().between(0.9 * rule.customers, rule.customers).all()
        held = (rows["arm"] == "holdout").mean()
        assert abs(held - rule.holdout_share) < 3 * np.sqrt(held * (1 - held) / rows["customer"].nunique())
        assert (rows.groupby("customer")["arm"].nunique() == 1).all()
        assert not rows.duplicated(["customer", "planned"]).any()


def test_nothing_is_done_to_those_held_out_and_the_others_are_reached_as_planted(shop):
    held = shop.planned["arm"] == "holdout"
    assert (shop.planned["done"][held] == NEVER).all() and (shop.planned["status"][held] == "").all()
    treated = shop.planned[~held]
    assert ((treated["done"] != NEVER) == (treated["status"] == "done")).all()
    made = (treated["done"] != NEVER).groupby([treated["action"], treated["planned"]]).mean()
    assert made["coupon"].eq(1).all() and made["replenish"].between(0.95, 1).all()
    assert made["save_call", day_number("2025-07-01")] == pytest.approx(0.6, abs=0.07)


def test_one_owner_makes_few_calls_of_the_second_plan(shop):
    owner, day, share = TRUTH.lazy
    calls = shop.planned[(shop.planned["action"] == "save_call") & (shop.planned["arm"] == "treat")]
    second = calls[calls["planned"] == day_number(day)]
    made = (second["done"] != NEVER).groupby(second["owner"]).agg(["mean", "size"])
    assert abs(made.loc[owner, "mean"] - share) < 3 * np.sqrt(share * (1 - share) / made.loc[owner, "size"])
    assert made["mean"].drop(owner).min() > 2 * made.loc[owner, "mean"]


def test_who_is_well_is_reached_more_easily(shop):
    calls = shop.planned[(shop.planned["action"] == "save_call") & (shop.planned["arm"] == "treat")]
    yearly = shop.members.set_index("customer")["plan"].reindex(calls["customer"]).to_numpy() == "年付"
    made = (calls["done"] != NEVER).to_numpy()
    assert made[yearly].mean() > made[~yearly].mean() + 0.05


def test_a_call_eases_the_strain_of_the_days_after_it():
    made = pd.DataFrame({"customer": [1, 0], "done": [10 * DAY + 600, NEVER]})
    eased = plans.called(np.full((2, DAYS), 1.5), made)
    rule = TRUTH.actions["save_call"]
    assert eased[1, [10, 11, 10 + rule.acts_days]] == pytest.approx([1.5, 1.5 * 0.7, 1.5 * 0.7])
    assert eased[1, 11 + rule.acts_days] == 1.5 and (eased[0] == 1.5).all()


def test_reminders_bring_orders_and_before_and_after_says_that_coupons_do(shop):
    """By first assignment: orders within 30 days of the reminder; orders in 90 days before and after of coupons."""
    first = shop.planned.drop_duplicates(["action", "customer"])
    orders = shop.bought.placed

    def ordered(rows: pd.DataFrame, begin: int, days: int) -> np.ndarray:
        at = orders.merge(rows[["customer", "planned"]], on="customer")
        since = at["minute"] // DAY - at["planned"] - begin
        return np.isin(rows["customer"], at["customer"][since.between(0, days - 1)])

    reminded = first[first["action"] == "replenish"]
    soon, treated = ordered(reminded, 0, 30), (reminded["arm"] == "treat").to_numpy()
    rates = [soon[treated].mean(), soon[~treated].mean()]
    error = np.sqrt(
        sum(rate * (1 - rate) / n for rate, n in zip(rates, (treated.sum(), (~treated).sum()), strict=True))
    )
    assert abs(rates[0] - rates[1] - TRUTH.actions["replenish"].ordered_points) < 3 * error
    given = first[(first["action"] == "coupon") & (first["arm"] == "treat")]
    assert ordered(given, 0, 90).mean() > 1.1 * ordered(given, -90, 90).mean()


def test_keys_are_of_customer_action_and_day():
    assert plans.key("C0001", "coupon", "2025-07-01") == plans.key("C0001", "coupon", "2025-07-01")
    assert len({plans.key("C0001", action, "2025-07-01") for action in TRUTH.actions}) == 3
    assert len(plans.key("C0001", "coupon", "2025-07-01")) == 16
