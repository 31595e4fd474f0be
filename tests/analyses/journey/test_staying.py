"""Who was there on a day of their own and stayed, and the comparison of those alike."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.staying import Staying, compared, meaning, stayed
from shops import shop, words

AS_OF = dt.date(2025, 6, 30)
DAY = pd.Timestamp("2025-03-01")
NOBODY = ibis.memtable(pd.DataFrame({"customer_id": ["x"], "at": [DAY]}))


def landmarks(*customers: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": list(customers), "landmark_at": DAY})


def test_whose_contract_had_ended_or_not_begun_is_not_there():
    ends = {"gone": -1, "on the day": 0, "within": 89, "just after": 90, "stays": None}
    periods = [
        (name, DAY - pd.Timedelta(days=50), None if end is None else DAY + pd.Timedelta(days=end))
        for name, end in ends.items()
    ]
    periods += [
        ("late", DAY, None),
        ("back", DAY - pd.Timedelta(days=90), DAY - pd.Timedelta(days=60)),
        ("back", DAY - pd.Timedelta(days=9), None),
    ]
    data = shop(as_of=AS_OF, subscriptions=pd.DataFrame(periods, columns=["customer_id", "started_at", "ended_at"]))
    found = stayed(data, NOBODY, landmarks(*ends, "late", "back")).set_index("customer_id")["stayed"].to_dict()
    assert found == {"on the day": False, "within": False, "just after": True, "stays": True, "back": True}
    assert meaning(data) is Staying.CONTRACT


def test_without_contracts_staying_is_doing_anything_in_90_days():
    days = {"before": -0.5, "at once": 0, "late": 89.5, "too late": 90}
    acts = pd.DataFrame({"customer_id": list(days), "at": [DAY + pd.Timedelta(days=day) for day in days.values()]})
    data = shop(as_of=AS_OF, events=acts.rename(columns={"at": "happened_at"}).assign(event="visit"))
    found = stayed(data, ibis.memtable(acts), landmarks(*days)).set_index("customer_id")["stayed"].to_dict()
    assert found == {"before": False, "at once": True, "late": True, "too late": False}
    assert meaning(data) is Staying.ACTIVITY
    free = shop(settings=words(contractual=False), subscriptions={"customer_id": ["a"], "days_ago": [3]})
    assert meaning(free) is Staying.ACTIVITY


def test_others_are_weighed_as_those_who_took_it_and_small_sides_are_left_out():
    people = pd.DataFrame({"customer_id": range(200), "stayed": np.arange(200) % 4 > 0})
    strata = pd.Series(np.arange(200) // 100)
    took = pd.Series(np.arange(200) % 100 < np.where(np.arange(200) < 100, 60, 20))
    found = compared(people, {"a": took, "few": pd.Series(np.arange(200) < 19)}, strata, "step")
    (row,) = found.to_dict("records")
    alike = (60 * people["stayed"][60:100].mean() + 20 * people["stayed"][120:].mean()) / 80
    assert (row["step"], row["takers"]) == ("a", 80)
    assert row["alike_stayed_share"] == pytest.approx(alike)
    assert row["difference_rate"] == pytest.approx(people["stayed"][took].mean() - alike)


def test_what_could_not_be_seen_counts_on_no_side():
    people = pd.DataFrame({"customer_id": range(120), "stayed": np.arange(120) % 3 > 0})
    took = pd.Series(np.arange(120) % 2 == 0).where(np.arange(120) < 80)
    found = compared(people, {"a": took}, pd.Series(0, range(120)), "step")
    assert found["takers"].tolist() == [40]


def test_many_things_are_corrected_for_their_number():
    rng = np.random.default_rng(2)
    people = pd.DataFrame({"customer_id": range(400), "stayed": rng.random(400) < 0.5})
    took = {f"f{n}": pd.Series(rng.random(400) < 0.5) for n in range(8)}
    found = compared(people, took, pd.Series(0, range(400)), "step")
    assert found["adjusted_p_value"].min() == pytest.approx(min(1, 8 * found["p_value"].min()))
