"""Whether answers foretell who leaves, beside the number that takes answers given on leaving."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.health_score.answers import AnswerSigns, answer_signs
from helpers.analyses.churn.health_score.rankings import health_backtest
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop, words

AS_OF = dt.date(2025, 6, 30)
FIRST = pd.Timestamp("2024-02-01")


def club(seed: int, foretells: float = 0.0, asked: float = 1.0, exits: bool = False) -> Dataset:
    """Members whose unseen liking makes them stay; they say it every 60 days as far as `foretells`, else anything.

    With `exits` all who leave answer 0 on their last day.
    """
    rng = np.random.default_rng(seed)
    n = 500
    liking = rng.normal(size=n)
    ids = np.array([f"c{each:03}" for each in range(n)])
    came = FIRST + pd.to_timedelta(rng.integers(0, 200, n), unit="D")
    ended = came + pd.to_timedelta(150 + rng.exponential(250 * np.exp(0.7 * liking)).round(), unit="D")
    left = ended <= pd.Timestamp(AS_OF)
    contracts = pd.DataFrame({"customer_id": ids, "started_at": came, "ended_at": ended.where(left)})
    parts = []
    for place in range(8):
        at = came + pd.Timedelta(days=60 * place + 10)
        score = (5 + 2 * (foretells * liking + rng.normal(size=n))).round().clip(0, 10)
        parts.append(
            pd.DataFrame({"customer_id": ids, "answered_at": at, "score": score})[
                (at < ended) & (ids < f"c{round(asked * n):03}")
            ]
        )
    if exits:
        parts.append(pd.DataFrame({"customer_id": ids, "answered_at": ended, "score": 0.0})[left])
    answers = pd.concat(parts).assign(question="nps")
    orders = pd.DataFrame({"customer_id": np.repeat(ids, 6), "order_id": range(6 * n), "amount": 10.0})
    orders["ordered_at"] = np.repeat(came, 6) + pd.to_timedelta(rng.integers(0, 300, 6 * n), unit="D")
    known = pd.DataFrame({"customer_id": ids})
    return shop(
        as_of=AS_OF,
        known=known,
        settings=words(contractual=True),
        subscriptions=contracts,
        surveys=answers,
        orders=orders,
    )


def asked_of(data: Dataset) -> AnswerSigns | NotApplicable:
    return answer_signs(health_backtest(stays(data), data), data)


def test_answers_that_tell_nothing_are_no_evidence_though_those_given_on_leaving_are_low():
    data = club(1, exits=True)
    last = data.tables["surveys"].execute().sort_values("answered_at").groupby("customer_id")["score"].last()
    gone = data.tables["subscriptions"].execute().set_index("customer_id")["ended_at"].notna().reindex(last.index)
    assert last[gone].mean() < last[~gone].mean() - 3  # the naive comparison: their last answer of all
    found = asked_of(data)
    assert str(found.headline()) == "No evidence that answers to nps foretell who leaves."
    (row,) = found.own.to_dict("records")
    assert row["auc_lower"] < 0.5 < row["auc_upper"]


def test_answers_that_foretell_are_told_beside_the_time_since_the_last_order():
    found = asked_of(club(2, foretells=2.0))
    (row,) = found.own.to_dict("records")
    assert row["auc_lower"] > 0.5 and row["against_lower"] > 0
    assert str(found.headline()) == (
        "Low answers to “nps” foretell leaving, better than the time since the last order."
    )
    assert "50% is chance" in words_of(found) and "is right in" in words_of(found)
    assert found.plot().has_data()
    plt.close("all")
    upside = asked_of(club(2, foretells=-2.0))
    assert str(upside.headline()) == "Customers who leave had answered “nps” higher than those who stay, not lower."


def test_only_who_answered_in_the_year_before_is_compared():
    some = asked_of(club(3, asked=0.6))
    assert some.own["customers"].iloc[0] <= 300
    data = club(3)
    old = data.tables["surveys"].execute()
    old = old.assign(answered_at=old["answered_at"] - pd.Timedelta(days=800))
    late = shop(
        as_of=AS_OF,
        known=data.customers,
        settings=data.settings,
        surveys=old,
        orders=data.tables["orders"],
        subscriptions=data.tables["subscriptions"],
    )
    assert "of those who answered, fewer than 20 left" in words_of(asked_of(late))


def test_the_share_is_that_of_pairs_counted_one_by_one():
    data = club(4, foretells=0.5)
    tested = health_backtest(stays(data), data)
    answers = data.tables["surveys"].execute()
    rows = tested.own.rows.merge(answers, on="customer_id")
    rows = rows[rows["answered_at"] < rows["landmark_at"]].sort_values("answered_at")
    rows = rows.drop_duplicates(["customer_id", "landmark_at"], keep="last")
    left, stayed = (rows.loc[rows["left"] == each, "score"].to_numpy() for each in (True, False))
    pairs = (left[:, None] < stayed).mean() + (left[:, None] == stayed).mean() / 2
    assert answer_signs(tested, data).own["auc"].iloc[0] == pytest.approx(pairs)


def test_it_asks_for_surveys(tested, members):
    assert "export each answer" in words_of(answer_signs(tested, members))
