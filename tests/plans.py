"""Small plans whose outcome is known: who was to get an action, who got it, and what they did afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import shops
from helpers.analyses.plan import History
from helpers.analyses.plan.past.memory import typed
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.plans import Plan
from helpers.findings import save

PLAN_ON = "2025-03-03"


def plan(arms: list[str], **over: Any) -> pd.DataFrame:
    """The rows of a plan, one a customer c0, c1 …, in these arms."""
    n = len(arms)
    rows = {
        "action_key": [f"k{place}" for place in range(n)], "customer_id": [f"c{place}" for place in range(n)],
        "action": "replenish", "family": "offer", "arm": arms, "season": "2024-12-05",
        "holdout_share": arms.count("holdout") / n if n else 0.0, "planned_on": "2025-02-28", "plan_on": PLAN_ON,
        "due_on": "2025-03-05", "channel": "SMS", "owner": None, "cost": 1.0, "expected_gain": 3.0,
    }  # fmt: skip
    return typed(pd.DataFrame(rows | over))


def tried(
    n: int = 400, share: float = 0.5, reached: float = 0.6, base: float = 0.3, gain: float = 0.0, seed: int = 0,
    amount: float = 50.0, cost: float = 1.0, settings: dict | None = None, **over: Any,
) -> tuple[Dataset, History]:  # fmt: skip
    """A shop after a plan: of `n` customers a `share` is held out, of the others `reached` got the action.

    Whoever got it orders in the month after with the chance `base` + `gain`, others with `base`; the healthy, who order
    anyway, are reached more easily.
    """
    rng = np.random.default_rng(seed)
    healthy = rng.random(n)
    arms = np.where(rng.permutation(n) < share * n, "holdout", "treat")
    done = (arms == "treat") & (rng.random(n) < 2 * reached * healthy)
    buys = rng.random(n) < np.clip(2 * base * healthy, 0, 1) + gain * done
    rows = plan(list(arms), cost=cost, **over)
    customers = rows["customer_id"].to_numpy()
    orders = {
        "customer_id": customers[buys], "order_id": [f"o{place}" for place in range(buys.sum())], "amount": amount,
        "ordered_at": pd.Timestamp("2025-03-20 12:00"),
    }  # fmt: skip
    results = {
        "action_key": rows["action_key"][done], "customer_id": customers[done], "planned_at": pd.Timestamp(PLAN_ON),
        "done_at": pd.Timestamp("2025-03-06 09:00"), "status": "done", "cost": cost,
    }  # fmt: skip
    data = shops.shop(
        settings=shops.words(**(settings or {})), orders=orders, action_results=results,
        customers={"customer_id": customers, "joined_at": pd.Timestamp("2024-01-01")},
    )  # fmt: skip
    return data, History(rows)


def monday_shop(n: int = 60, settings: dict | None = None, **tables: Any) -> Dataset:
    """A shop of `n` customers, of whom those of even number ordered once three weeks ago, others twice."""
    customers = [f"c{place}" for place in range(n)]
    twice = [name for place, name in enumerate(customers) if place % 2]
    who = [*customers, *twice]
    orders = {
        "customer_id": who, "order_id": [f"o{place}" for place in range(len(who))], "amount": 100.0,
        "days_ago": [20] * n + [60] * len(twice),
    }  # fmt: skip
    known = {"customer_id": customers, "joined_at": pd.Timestamp("2024-06-30")}
    given = {"customers": known, "orders": orders} | tables
    return shops.shop(settings=shops.words(**(settings or {})), **given)


def actions(*given: dict[str, Any], **plan: Any) -> dict[str, Any]:
    """Settings whose plan has these actions alone; nobody is held out of everything unless `plan` says so."""
    off = [{"name": action.name, "use": False} for action in Plan().actions]
    return {"plan": {"actions": [*off, *given], "global_holdout": 0} | plan}


def saved(folder: Path, **tables: pd.DataFrame) -> Path:
    """The folder, with the tables saved there under their names."""
    for name, table in tables.items():
        save(table, folder, name)
    return folder
