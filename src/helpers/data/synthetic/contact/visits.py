"""The demo's customers in the shop: who comes less often for a while, and sampled sessions, step by step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, minute_of_day
from helpers.data.synthetic.draws import exponential, pick, uniforms
from helpers.data.synthetic.trade.goods import CATEGORIES

MEMBERS, OTHERS = 0.07, 0.008  # visits a day
LULLS, BEFORE = 12, 1_500  # lulls that fit into these days and the log


def lulls(people: pd.DataFrame) -> np.ndarray:
    """Whether a customer (row) visits half as often on a day: for 180 days and more, after as many without.

    That went on long before anybody joined, so that half of the customers do whenever one looks. It lasts for the time
    in which the visits of 90 days are seen to be fewer than those of the 90 before.
    """
    rng = uniforms("lulls")
    n = len(people)
    calm, lull = 180 + np.floor(60 * exponential(rng.random((2, n, LULLS)))).astype(int)
    begin = people["joined"].to_numpy()[:, None] // DAY - BEFORE + np.cumsum(calm + lull, axis=1) - lull
    edges = np.zeros((n, DAYS + 1), int)
    rows = np.arange(n)[:, None]
    np.add.at(edges, (rows, np.clip(begin, 0, DAYS)), 1)
    np.add.at(edges, (rows, np.clip(begin + lull, 0, DAYS)), -1)
    return edges.cumsum(axis=1)[:, :DAYS] > 0


def sessions(people: pd.DataFrame, placed: pd.DataFrame, members: pd.DataFrame, lulled: np.ndarray) -> pd.DataFrame:
    """One row per session if no membership ended: customer, minute of its end, depth (steps taken).

    Members come more often than others and regularly, and after they are lost as buyers too; some orders end a session.
    """
    rng = uniforms("events")
    joins = np.isin(np.arange(len(people)), members["customer"])[:, None]
    day, joined = np.arange(DAYS), people["joined"].to_numpy()[:, None] // DAY
    comes = (day > joined) & (joins | (day <= people["lost_day"].to_numpy()[:, None]))
    chance = np.where(joins, MEMBERS, OTHERS) * np.where(lulled, 0.5, 1) * comes
    customer, day = np.nonzero(_regularly(chance, rng))
    bought = placed[rng.random(len(placed)) < 0.12]
    return pd.DataFrame(
        {
            "customer": np.concatenate([bought["customer"], customer]),
            "minute": np.concatenate([bought["minute"], day * DAY + minute_of_day(rng, len(day))]),
            "depth": np.concatenate([np.full(len(bought), 4), 1 + pick(rng.random(len(day)), (74, 18, 8))]),
        }
    )


def _regularly(chance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whether something happens on a day, with these chances by customer and day: once in each 1 of their sum."""
    after = np.cumsum(chance, axis=1)
    before = after - chance
    place = np.arange(int(after.max()) + 2) + rng.random((len(chance), int(after.max()) + 2))
    rows = np.arange(len(chance))[:, None]
    first, second = place[rows, before.astype(int)], place[rows, after.astype(int)]
    return ((before < first) & (first <= after)) | ((before < second) & (second <= after))


def events(came: pd.DataFrame, people: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """One row per step of a session: customer, minute, step (0 visit … 3 checkout), category.

    Those whose membership has ended come like others; nobody comes who is neither member nor buyer.
    """
    rng = uniforms("steps")
    ended = np.zeros(len(people), int)
    ended[members["customer"]] = np.where(members["ended"] == NEVER, DAYS, members["ended"])
    never_joined = ~np.isin(np.arange(len(people)), members["customer"])
    day, customer = came["minute"].to_numpy() // DAY, came["customer"].to_numpy()
    rarely = never_joined[customer] | (came["depth"] == 4) | (rng.random(len(came)) < OTHERS / MEMBERS)
    kept = (day < ended[customer]) | (rarely & (day <= people["lost_day"].to_numpy()[customer] + 1))
    came = came[kept].reset_index(drop=True)
    came["category"] = np.floor(rng.random(len(came)) * len(CATEGORIES)).astype(int)
    depth = came["depth"].to_numpy()
    steps = came.loc[came.index.repeat(depth)].reset_index(drop=True)
    steps["step"] = np.concatenate([np.arange(each) for each in depth])
    start = steps["minute"] - 3 * np.repeat(depth, depth)  # a session ends just before its order
    steps["minute"] = np.maximum(start + 3 * steps["step"], 0)
    steps = steps.iloc[np.lexsort((steps["step"], steps["customer"], steps["minute"]))]
    return steps.drop(columns="depth").reset_index(drop=True)
