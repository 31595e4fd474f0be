"""The claims of 07_journey, on customers of whom the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from claims import Claim
from helpers.analyses.journey.beginning.early_steps import trends
from helpers.analyses.journey.communities.joiners import joiners
from helpers.analyses.journey.feature.users import as_active
from helpers.analyses.journey.lead import sources
from helpers.analyses.journey.staying import compared
from helpers.analyses.journey.vocabulary import (
    CAME_IN,
    NEWCOMERS,
    REACHED_7D_SHARE,
    REACHED_30D_SHARE,
    STEP,
    TREND_P_VALUE,
)
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE
from shops import AS_OF, shop

COHORTS, STEPS = 12, 5
SELDOM = (0.02, 0.05, 0.05, 0.1, 0.1, 0.2, 0.3, 0.5)  # chance that a visit uses each feature
BEYOND = SIGNIFICANCE  # of any of the things that are tested together


def moved(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether newer customers are told to take a step more or less often: all do alike, seldom or often."""
    chance = np.tile([0.03, 0.2, 0.5, 0.8, 0.97], COHORTS)
    names = {CAME_IN: np.repeat(np.arange(COHORTS), STEPS), STEP: np.tile(list("abcde"), COHORTS)}
    wrong = []
    for _ in range(draws):
        people = np.repeat(1 + rng.poisson(customers / COHORTS, COHORTS), STEPS)
        share = rng.binomial(people, chance) / people
        table = pd.DataFrame({**names, NEWCOMERS: people, REACHED_7D_SHARE: share, REACHED_30D_SHARE: share})
        wrong.append((trends(table)[TREND_P_VALUE] < BEYOND).any())
    return np.array(wrong)


def stays(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether who took one of five steps early is told to stay more or less: newer cohorts do both otherwise."""
    wrong = []
    for _ in range(draws):
        cohort = pd.Series(rng.integers(0, COHORTS, 2 * customers))
        people = pd.DataFrame({"customer_id": cohort.index, "stayed": rng.random(len(cohort)) < 0.9 - 0.05 * cohort})
        took = {name: pd.Series(rng.random(len(cohort)) < 0.15 + 0.05 * cohort) for name in "abcde"}
        wrong.append((compared(people, took, cohort, STEP)[ADJUSTED_P_VALUE] < BEYOND).any())
    return np.array(wrong)


def uses(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether users of one of eight features are told to stay more or less: the zealous use all of them and stay."""
    day, wrong = pd.Timestamp("2025-01-01"), []
    for _ in range(draws):
        zeal = rng.gamma(1.0, 6.0, 3 * customers)
        days = rng.poisson(zeal)
        zeal, days = zeal[days > 0], days[days > 0]
        last = day - pd.to_timedelta(np.ceil(90 * (1 - rng.random(len(days)) ** (1 / days))), unit="D")
        people = pd.DataFrame({"customer_id": np.arange(len(days)), "days": days, "last": last, "landmark_at": day})
        people = people.assign(stayed=rng.random(len(days)) < zeal / (zeal + 6))
        took = {
            name: pd.Series(rng.binomial(days, chance) > 0) for name, chance in zip("abcdefgh", SELDOM, strict=True)
        }
        wrong.append((compared(people, took, as_active(people), STEP)[ADJUSTED_P_VALUE] < BEYOND).any())
    return np.array(wrong)


def joins(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether joiners of a community are told to buy more or less: who orders is invited, more often who orders more."""
    wrong = []
    for _ in range(draws):
        rate = rng.gamma(1.2, 0.012, 5 * customers)
        orders = pd.DataFrame(np.argwhere(rng.random((len(rate), 500)) < rate[:, None]), columns=["who", "day"])
        rows = pd.DataFrame({"customer_id": orders["who"].astype(str), "order_id": orders.index,
                             "amount": rng.lognormal(3, 0.5, len(orders)), "days_ago": 499 - orders["day"]})  # fmt: skip
        invited = rows[rng.random(len(rows)) < 1 / 15].drop_duplicates("customer_id", keep="first")
        events = invited[["customer_id"]].assign(days_ago=invited["days_ago"] - 1, event="join", channel="community")
        found = joiners(shop(as_of=AS_OF, orders=rows, events=events[events["days_ago"] >= 0]))
        wrong.append(bool((found.table[ADJUSTED_P_VALUE] < BEYOND).any()))
    return np.array(wrong)


def converts(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether leads of a source are told to convert more or less often: all do alike, and one source is new."""
    wrong = []
    for _ in range(draws):
        source = pd.Series(np.repeat(list("abcd"), customers))
        open_days = np.where(source == "d", 60, 600) * rng.random(len(source))
        wait = np.where(rng.random(len(source)) < 0.25, rng.exponential(30, len(source)), np.inf)
        converted = pd.Series(wait <= open_days)
        once = pd.Series(1, source.index)
        found = sources.compared(source, pd.Series(np.minimum(wait, open_days)), converted, once)
        wrong.append((found.table[ADJUSTED_P_VALUE] < BEYOND).any())
    return np.array(wrong)


BEGINNING = "journey/beginning/"
CLAIMS = (
    Claim("newer customers take a step more or less often", f"{BEGINNING}early_steps", "all cohorts do alike, 5 steps",
          0.05, moved, costs=20),
    Claim("who takes a step early stays", f"{BEGINNING}later_stays",
          "newer cohorts take 5 steps more often and stay less; within a cohort neither tells of the other", 0.05, stays,
          costs=20),
    Claim("users of a feature stay", "journey/feature/users", "each visit uses 8 features by lot; the zealous stay",
          0.05, uses, costs=20),
    Claim("joiners of the community buy more or less", "journey/communities/joiners",
          "orders bring invitations, and joining changes nothing", 0.05, joins, (300,), 250),
    Claim("leads of a source convert more or less often", "journey/lead/sources", "4 sources alike, one of them new",
          0.05, converts, costs=20),
)  # fmt: skip
