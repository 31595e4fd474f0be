"""What comes first in a group, beside pandas' sort."""

import ibis
import numpy as np
import pandas as pd

from helpers.data import engine


def seeded(n: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = {"who": rng.integers(0, 60, n), "day": rng.integers(0, 8, n), "plan": rng.choice(["a", "b", "c"], n)}
    frame = pd.DataFrame(rows).astype({"who": str})
    return frame.assign(plan=frame["plan"].where(rng.random(n) < 0.6, None))


def test_the_first_value_in_the_given_order_is_that_of_a_stable_sort():
    frame = seeded()
    rows = ibis.memtable(frame)
    placed = engine.with_firsts(rows, ["who"], plan=[rows.day.desc(), rows.plan])
    found = placed.group_by("who").agg(plan=engine.first(placed, "plan")).execute().set_index("who")["plan"]
    known = frame.dropna().sort_values(["day", "plan"], ascending=[False, True])
    assert found.dropna().to_dict() == known.groupby("who")["plan"].first().to_dict()


def test_a_group_without_values_has_none_and_columns_have_orders_of_their_own():
    rows = ibis.memtable(pd.DataFrame({"who": ["x", "x", "y"], "a": [1, 2, None], "b": [5, 3, 4]}))
    placed = engine.with_firsts(rows, ["who"], a=[rows.a.desc()], b=[rows.b])
    found = placed.group_by("who").agg(a=engine.first(placed, "a"), b=engine.first(placed, "b")).execute()
    assert found.set_index("who")["b"].to_dict() == {"x": 3, "y": 4}
    assert found.set_index("who")["a"].dropna().to_dict() == {"x": 2}
