"""Whether users of a feature stay, beside others as active, and the number that forgets how active they were."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.journey.feature.adoption import feature_use
from helpers.analyses.journey.feature.users import FeatureStays, as_active, feature_stays
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop

AS_OF = dt.date(2025, 6, 30)
LANDMARK = pd.Timestamp("2025-04-02")  # 90 days before the night of that day


def visitors(n: int, seed: int, lift: float = 1.0) -> tuple[Dataset, pd.DataFrame]:
    """Visitors of very different zeal: each visit uses a feature by lot, one in five; the zealous come back more.

    `lift` times as high are the odds to come back of those who used the feature before the landmark.
    """
    rng = np.random.default_rng(seed)
    zeal = rng.gamma(1.0, 6.0, n)
    visits = rng.poisson(zeal)
    who = np.repeat(np.arange(n), visits)
    at = LANDMARK - pd.to_timedelta(rng.integers(0, 90 * 86_400, len(who)) + 1, unit="s")
    uses = rng.random(len(who)) < 0.2
    used = np.bincount(who, uses, n) > 0
    odds = 0.12 * zeal * np.where(used, lift, 1)
    back = rng.random(n) < odds / (1 + odds)
    visit = pd.DataFrame({"customer_id": [f"c{each}" for each in who], "event": "visit", "happened_at": at})
    later = pd.DataFrame({"customer_id": [f"c{each}" for each in np.flatnonzero(back)], "event": "visit"})
    later["happened_at"] = LANDMARK + pd.to_timedelta(rng.integers(0, 90, len(later)), unit="D")
    events = pd.concat([visit, visit[uses].assign(event="wishlist"), later])
    people = pd.DataFrame({"customer_id": [f"c{each}" for each in range(n)], "used": used, "back": back})
    return shop(as_of=AS_OF, events=events), people[visits > 0]


def asked(data: Dataset) -> FeatureStays | NotApplicable:
    return feature_stays(feature_use(data), data, touchpoints(data))


def test_a_feature_without_effect_is_no_evidence_though_its_users_come_back_more():
    data, people = visitors(2500, 1)
    naive = people["back"][people["used"]].mean() - people["back"][~people["used"]].mean()
    found = asked(data)
    (line,) = found.table[found.table["feature"] == "wishlist"].to_dict("records")
    assert naive > 0.15
    assert abs(line["difference_rate"]) < naive / 4 and line["adjusted_p_value"] > 0.05
    assert str(found.headline()) == (
        "No evidence that users of a feature stay more or less often than others as active."
    )


def test_a_feature_that_keeps_customers_is_told_as_an_association():
    data, _ = visitors(2500, 2, lift=3)
    assert str(asked(data).headline()).startswith("Who uses “wishlist” stays more often: ")
    assert "This is an association, not an effect." in words_of(asked(data))
    worse, _ = visitors(2500, 2, lift=1 / 3)
    assert str(asked(worse).headline()).startswith("Who uses “wishlist” stays less often: ")


def test_all_are_looked_at_from_one_day_and_what_is_used_later_counts_for_nobody():
    data, people = visitors(800, 3)
    found = asked(data)
    assert found.landmark_on == LANDMARK.date() and found.customers == len(people)
    later = data.tables["events"].execute().head(300).assign(event="wishlist", happened_at=LANDMARK)
    both = shop(as_of=AS_OF, events=pd.concat([data.tables["events"].execute(), later]))
    takers = [answer.table.set_index("feature")["takers"]["wishlist"] for answer in (found, asked(both))]
    assert takers[0] == takers[1]


def test_others_as_active_came_as_often_and_as_lately():
    day = pd.Timestamp("2025-04-02")
    rows = pd.DataFrame({"days": [1, 2, 24, 26, 24, 24], "last": day - pd.to_timedelta([1, 1, 1, 2, 3, 40], unit="D")})
    one, two, many, more, late, long = as_active(rows.assign(landmark_at=day))
    assert one != two and many == more and len({many, late, long}) == 3


def test_it_says_what_is_too_few():
    few, _ = visitors(15, 4)
    assert isinstance(asked(few), NotApplicable)
    data, _ = visitors(300, 5)
    visits = data.tables["events"].filter(data.tables["events"].event == "visit")
    assert "no feature is used by 20 customers" in words_of(asked(shop(as_of=AS_OF, events=visits.execute())))
