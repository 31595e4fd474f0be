"""The claims of 09_plan, on plans of which the truth is known: a tenth is held out, and money has heavy tails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from claims import Claim, Draws
from helpers.analyses.plan.past.estimates import LOOKS, ArmDifference, arm_difference, money
from helpers.analyses.plan.past.execution import off_ratio
from helpers.analyses.plan.past.personal_choice import judged
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.findings.evidence import SIGNIFICANCE, Z

HELD_OUT = 0.1
OUTCOMES = ("spend", "ordered")


def planned(held_out: int, plans: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers of as many plans, a tenth held out of each: one in ten buys, before and after, some always for more."""
    n = round(held_out / HELD_OUT)
    level = rng.lognormal(0, 0.7, n)
    spend, before = (np.where(rng.random(n) < 0.1, level * rng.lognormal(0, 1, n), 0) for _ in "ab")
    plan = rng.integers(0, plans, n)
    rows = pd.DataFrame({"spend": spend, "spend_before": before, "ordered": (spend > 0).astype(float)})
    rows = rows.assign(arm=np.where(rng.permutation(n) < held_out, HOLDOUT, TREAT), done=True, holdout_share=HELD_OUT)
    return rows.assign(plan_on=pd.Timestamp("2025-01-06") + pd.to_timedelta(30 * plan, unit="D"))


def changed(plans: int, above: bool) -> Draws:
    """Whether an action that changes nothing and costs nothing is told to bring more, or less, money or orders."""

    def tried(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
        wrong = [_beyond(_judged(planned(held_out, plans, rng), OUTCOMES[draw % 2]), above) for draw in range(draws)]
        return np.array(wrong)

    return tried


def together(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether customers are told to spend, or order, more or less than those who are held out of everything."""
    found = [_judged(planned(held_out, 1, rng), OUTCOMES[draw % 2]) for draw in range(draws)]
    return np.array([each.p_value < SIGNIFICANCE for each in found])


def any_week(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any of twelve weekly reports, each with a plan more, has a verdict on an action that changes nothing."""
    wrong = np.zeros(draws, bool)
    for draw in range(draws):
        rows, outcome = planned(LOOKS * held_out, LOOKS, rng), OUTCOMES[draw % 2]
        days = np.unique(rows["plan_on"])
        for last in days:
            wrong[draw] |= _verdict(_judged(rows[rows["plan_on"] <= last], outcome))
    return wrong


def any_week_of_many(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The same of so many that a plan's difference is normal: it need not be drawn customer by customer."""
    plans = np.arange(1, LOOKS + 1)
    effects, error = rng.normal(0, 1, (draws, LOOKS)).cumsum(axis=1) / plans, 1 / np.sqrt(plans)
    nothing: Any = None
    wrong = [
        any(
            _verdict(ArmDifference(effect, effect - Z * its, effect + Z * its, np.nan, nothing, np.nan, plan))
            for effect, its, plan in zip(course, error, plans, strict=True)
        )
        for course in effects
    ]
    return np.array(wrong)


def _verdict(found: ArmDifference) -> bool:
    lower, upper = found.at_any_look
    return lower > 0 or upper < 0


def _judged(rows: pd.DataFrame, outcome: str) -> ArmDifference:
    return arm_difference(rows, money(rows) if outcome == "spend" else rows[outcome])


def _beyond(found: ArmDifference, above: bool) -> bool:
    lower, upper = found.at_any_look
    return lower > 0 if above else upper < 0


def chosen(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether choosing customers is told to pay for an action that changes nothing for anybody."""
    wrong = []
    for _ in range(draws):
        rows = planned(held_out, 1, rng)
        known = rows[["spend_before"]].assign(
            channel=rng.choice(list("abc"), len(rows)), age=rng.normal(40, 9, len(rows))
        )
        wrong.append(judged(known.assign(arm=rows["arm"], earned=money(rows)), SIGNIFICANCE)["choice"] == "choose")
    return np.array(wrong)


def off(held_out: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the arms of a fair draw are told not to be as drawn: each customer is held out with the chance of .1."""
    n, wrong = round(held_out / HELD_OUT), []
    for count in rng.binomial(n, HELD_OUT, draws):
        arms = np.repeat([HOLDOUT, TREAT], [count, n - count])
        wrong.append(off_ratio(pd.DataFrame({"arm": arms, "holdout_share": HELD_OUT})))
    return np.array(wrong)


JUDGED = "plan/past/judgement"
CLAIMS = (
    Claim("scale: it pays", JUDGED, "an action that changes nothing, money or orders", 0.025, changed(1, True), costs=50),
    Claim("stop: it does not pay", JUDGED, "an action that changes nothing, money or orders", 0.025, changed(1, False),
          costs=50),
    Claim("scale: it pays, 4 plans together", JUDGED, "an action that changes nothing, money or orders", 0.025,
          changed(4, True), costs=50),
    Claim("scale or stop: any of 12 weekly reports", JUDGED, "an action that changes nothing, a plan more each week", 0.05,
          any_week, (50,), costs=50),
    Claim("scale or stop: any of 12 weekly reports, large arms", JUDGED, "an action that changes nothing, a plan more each week",
          0.05, any_week_of_many, (300, 3000)),
    Claim("all actions together bring more or less", "plan/past/programme_effect", "they change nothing", 0.05, together,
          costs=100),
    Claim("choosing customers pays", "plan/past/personal_choice", "it changes nothing for anybody", 0.025, chosen,
          (300, 3000), costs=50),
    Claim("arms not as drawn", "plan/past/execution", "a fair draw", 0.001, off, costs=50),
)  # fmt: skip
