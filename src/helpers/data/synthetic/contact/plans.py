"""The demo's two earlier plans: for whom an action was meant, who was held out, and what became of it."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from helpers.data.contracts import HOLDOUT, TREAT
from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number, minute_of_day
from helpers.data.synthetic.draws import exponential, label, pick, uniforms
from helpers.data.synthetic.trade import baskets
from helpers.data.synthetic.trade.goods import ENDED, IS_CONSUMED
from helpers.data.synthetic.trade.purchases import Bought
from helpers.data.synthetic.truth import TRUTH, Action

SEASON, PLANNED_ON = "2025H2", ("2025-07-01", "2025-10-01")
CHANNELS = {"save_call": "电话", "coupon": "短信", "replenish": "短信"}
DUE_DAYS = {"save_call": 14, "coupon": 3, "replenish": 10}
SILENT_DAYS = {"save_call": 38, "coupon": 60, "replenish": 14}  # those are meant who have not ordered for so long
MORE_GOODS = 2  # in the basket of somebody reminded, who stocks up
NOT_REACHED = {"failed": 60, "refused": 25, "dropped": 15}


def arms(action: str, people: pd.DataFrame, able: np.ndarray, day: int, before: pd.DataFrame) -> pd.DataFrame:
    """One row per customer for whom `action` is planned on `day`: customer, arm, planned (day).

    Those who are `able` are drawn, first those without an arm from the plan `before`, which others keep. Nobody is
    among them who opted out or belongs to the global holdout.
    """
    rule = TRUTH.actions[action]
    rng = uniforms(f"{action} {day}")
    draw, lot = rng.random(len(people)), uniforms(f"{action} arms").random(len(people))
    able = able & ~people["opted_out"].to_numpy() & ~people["kept_out"].to_numpy()
    able &= people["joined"].to_numpy() < day * DAY
    again = np.isin(np.arange(len(people)), before["customer"])
    chosen = np.sort(np.lexsort((draw, again, ~able))[: min(rule.customers, able.sum())])
    arm = np.where(lot[chosen] < rule.holdout_share, HOLDOUT, TREAT)
    return pd.DataFrame({"action": action, "customer": chosen, "arm": arm, "planned": day})


def silent(everything: Bought, customers: int, action: str, day: int) -> np.ndarray:
    """Whether each customer has ordered, and not in the `SILENT_DAYS` of `action` before `day`."""
    placed = everything.placed[everything.placed["minute"] < day * DAY]
    last = np.full(customers, NEVER)
    np.maximum.at(last, placed["customer"], placed["minute"] // DAY)
    return (last != NEVER) & (last < day - SILENT_DAYS[action])


def reminded(people: pd.DataFrame, everything: Bought) -> tuple[Bought, pd.DataFrame]:
    """All that is bought with what the reminders to buy a consumable again bring about, and these reminders.

    Among those reached `TRUTH` has so many points more order within 30 days; so some of those who would not do.
    """
    rule = TRUTH.actions["replenish"]
    plans: list[pd.DataFrame] = []
    sold = IS_CONSUMED.copy()
    sold[list(ENDED)] = False
    for day in map(day_number, PLANNED_ON):
        used = everything.firsts(sold)
        used = used[used["minute"] < day * DAY]
        able = silent(everything, len(people), "replenish", day) & np.isin(np.arange(len(people)), used["customer"])
        plan = arms("replenish", people, able, day, pd.concat([*plans, pd.DataFrame({"customer": []})]))
        plan = done(plan, rule, people, np.full(len(plan), rule.reached[""]))
        rng = uniforms(f"reminded {day}")
        soon = everything.placed[everything.placed["minute"] // DAY - day < rule.acts_days]
        orders = np.isin(plan["customer"], soon["customer"][soon["minute"] >= day * DAY])
        more = (plan["done"] != NEVER) & ~orders & (rng.random(len(plan)) < rule.ordered_points / (1 - orders.mean()))
        who = plan["customer"].to_numpy()[more]
        at = (plan["done"].to_numpy()[more] // DAY + 1 + np.floor(20 * rng.random(len(who))).astype(int)) * DAY
        goods = used.drop_duplicates("customer").set_index("customer")["product"].reindex(who).to_numpy()
        everything = everything.with_more(
            who, at + minute_of_day(rng, len(who)), baskets.around(goods, rng, MORE_GOODS)
        )
        everything = Bought(everything.placed, baskets.sound(everything.lines, everything.placed))
        plans.append(plan)
    return everything, pd.concat(plans, ignore_index=True)


def coupons(people: pd.DataFrame, everything: Bought) -> pd.DataFrame:
    """One row per coupon planned; they change nothing."""
    plans: list[pd.DataFrame] = []
    for day in map(day_number, PLANNED_ON):
        able = silent(everything, len(people), "coupon", day)
        plan = arms("coupon", people, able, day, pd.concat([*plans, pd.DataFrame({"customer": []})]))
        plans.append(done(plan, TRUTH.actions["coupon"], people, np.ones(len(plan))))
    return pd.concat(plans, ignore_index=True)


def calls(
    people: pd.DataFrame, members: pd.DataFrame, quiet: np.ndarray, strained: np.ndarray, day: int, before: pd.DataFrame
) -> pd.DataFrame:
    """One row per call planned on `day` for a member who has been `quiet`: who is well is reached more easily.

    `members` are as they would be without the calls of this day.
    """
    rule = TRUTH.actions["save_call"]
    ended = np.where(members["ended"] == NEVER, DAYS, members["ended"])
    there = (members["started"] < day) & (ended > day)
    plan = arms("save_call", people, quiet & np.isin(np.arange(len(people)), members["customer"][there]), day, before)
    kind = members.set_index("customer")["plan"].reindex(plan["customer"])
    chance = kind.map(rule.reached).to_numpy() * np.where(strained[plan["customer"], day] > 1, 0.8, 1.1)
    owner, lazy_on, lazy_share = TRUTH.lazy
    lazy = (people["owner"].to_numpy()[plan["customer"]] == owner) & (day == day_number(lazy_on))
    plan = done(plan, rule, people, np.where(lazy, lazy_share, chance))
    plan.loc[lazy & (plan["arm"] == TREAT) & (plan["done"] == NEVER), "status"] = "dropped"
    until = pd.Series(ended, members["customer"]).reindex(plan["customer"]).to_numpy()
    late = plan["done"].to_numpy() // DAY >= until
    return plan.assign(done=plan["done"].mask(late, NEVER), status=plan["status"].mask(late, "failed"))


def done(plan: pd.DataFrame, rule: Action, people: pd.DataFrame, chance: np.ndarray) -> pd.DataFrame:
    """The plan with owner, channel, due (day), done (minute or NEVER), status ("" of the held out) and cost."""
    action, day = plan["action"].iloc[0], plan["planned"].iloc[0]
    rng = uniforms(f"{action} {day} done")
    n = len(plan)
    treated = (plan["arm"] == TREAT).to_numpy()
    reached = treated & (rng.random(n) < chance)
    wait = np.floor(exponential(rng.random(n)) * DUE_DAYS[action] / 4).astype(int)
    at = (day + wait) * DAY + (9 + pick(rng.random(n), [1] * 11)) * 60 + np.floor(60 * rng.random(n)).astype(int)
    status = np.where(reached, "done", label(rng.random(n), NOT_REACHED))
    return plan.assign(
        owner=people["owner"].to_numpy()[plan["customer"]],
        channel=CHANNELS[action],
        due=day + DUE_DAYS[action],
        done=np.where(reached, at, NEVER),
        status=np.where(treated, status, ""),
        cost=rule.cost,
    )


def called(strained: np.ndarray, made: pd.DataFrame) -> np.ndarray:
    """The strain of customers by day once the calls `made` ease it, from the day after each on."""
    rule = TRUTH.actions["save_call"]
    eased = strained.copy()
    for customer, minute in made.loc[made["done"] != NEVER, ["customer", "done"]].itertuples(index=False):
        day = minute // DAY + 1
        days = slice(day, day + rule.acts_days)
        eased[customer, days] = strained[customer, days] * rule.hazard_ratio
    return eased


def kept_out(people: pd.DataFrame) -> pd.DataFrame:
    """One row per customer of the season's global holdout who had joined when it began."""
    day = day_number(PLANNED_ON[0])
    who = np.flatnonzero(people["kept_out"] & (people["joined"] < day * DAY))
    return pd.DataFrame({"customer": who, "planned": day})


def key(customer: str, action: str, day: str) -> str:
    """The 16 hex digits that a planned action is known by."""
    return hashlib.sha256(f"{customer}|{action}|{day}".encode()).hexdigest()[:16]
