"""The demo's customers in the shop: sampled sessions, step by step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, minute_of_day
from helpers.data.synthetic.draws import pick, uniforms
from helpers.data.synthetic.purchases import CATEGORIES


def events(people: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """One row per step of a sampled session: customer, minute, step (0 visit … 3 checkout), category."""
    rng = uniforms("events")
    bought = placed[rng.random(len(placed)) < 0.12]
    customer = np.floor(rng.random(5_500) * len(people)).astype(int)
    first_day = people["joined"].to_numpy()[customer] // DAY + 1
    last_day = np.minimum(people["lost_day"].to_numpy()[customer] + 1, DAYS)  # browsing stops with buying
    day = first_day + np.floor(rng.random(len(customer)) * (last_day - first_day)).astype(int)
    looked = pd.DataFrame({"customer": customer, "minute": day * DAY + minute_of_day(rng, len(customer))})
    looked = looked[day < last_day]
    depth = np.concatenate([np.full(len(bought), 4), 1 + pick(rng.random(len(looked)), (55, 30, 15))])
    sessions = pd.concat([bought[["customer", "minute"]], looked], ignore_index=True)
    sessions["category"] = np.floor(rng.random(len(sessions)) * len(CATEGORIES)).astype(int)
    steps = sessions.loc[sessions.index.repeat(depth)].reset_index(drop=True)
    steps["step"] = np.concatenate([np.arange(each) for each in depth])
    start = steps["minute"] - 3 * np.repeat(depth, depth)  # a session ends just before its order
    steps["minute"] = np.maximum(start + 3 * steps["step"], 0)
    return steps.iloc[np.lexsort((steps["step"], steps["customer"], steps["minute"]))].reset_index(drop=True)
