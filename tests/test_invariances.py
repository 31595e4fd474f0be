"""What must not change an answer does not: the unit of money, the order of rows, names, a week, more of the same, others.

A shop of 200 customers is asked before and after each change. `SEPARATE` says which answers rest on more than that, and why.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import churn, experiments, feedback, journey, profiling, segmentation, value
from helpers.analyses.churn.forecast import backtest
from helpers.analyses.segmentation.cluster.search import fitted_clusters
from helpers.analyses.segmentation.keeping import stability
from helpers.analyses.segmentation.scoring.rfm import scores, segments
from helpers.analyses.value.contract import running
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.findings import DeclaredTable
from helpers.statistics import survival
from helpers.statistics.clusters import search
from poor_shops import Tables, tables, times, write
from shops import covariate, feed, metric, shop, words

CUSTOMERS = 200
DAY = dt.date(2025, 6, 29)
WEEK = pd.Timedelta(days=7)
MONEY = {"amount", "refund", "price", "spend"}
CUT_OUT = "cut out of twice as many customers"
PROGRAMME = "with the tables of a programme"
EXPERIMENT = feed("experiments", metric("spend"), metric("bought", "proportion"), covariate("before"))


def few_draws(answer: Callable[[Dataset], DeclaredTable]) -> Callable[[Dataset], DeclaredTable]:
    """An answer that rests on draws, with fewer of them."""

    def cheap(data: Dataset) -> DeclaredTable:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "COUNTS", (2, 3))
            for part, draws in (
                (stability, "RESAMPLES"),
                (backtest, "DRAWS"),
                (running, "DRAWS"),
            ):
                patch.setattr(part, draws, 3)
            return answer(data)

    return cheap


ANSWERS: dict[str, Callable[[Dataset], DeclaredTable]] = {
    "key figures": lambda data: profiling.kpis(data, 90),
    "stickiness": lambda data: profiling.stickiness(data),
    "portrait": lambda data: profiling.portrait(data, ["demographics", "acquisition"]),
    "RFM scores": lambda data: scores(data),
    "segments": lambda data: segments(data, scores(data)),
    "clusters": few_draws(lambda data: fitted_clusters(data)),
    "steadiness": few_draws(lambda data: segmentation.steadiness(data)),
    "concentration": lambda data: segmentation.concentration(data),
    "curves of stays": lambda data: churn.staying(churn.stays(data), "plan"),
    "hazard ratios": lambda data: churn.hazard_ratios(churn.stays(data)),
    "single attributes": lambda data: churn.attribute_tests(churn.stays(data)),
    "risk of leaving": lambda data: churn.risk(churn.stays(data), data, 180),
    "effects": lambda data: experiments.effect_rows(experiments.read(data, "control")),
    "balance of arms": lambda data: experiments.balance(experiments.read(data, "control"), experiments.Rules()),
    "trial of the risk": few_draws(lambda data: churn.holdout(churn.stays(data), data, 90)),
    "value of contracts": few_draws(lambda data: value.contracts(data, 1.0, 0.1, 365)),
    "satisfaction": lambda data: feedback.satisfaction(data),
    "speed": lambda data: feedback.speed(data, "resolution", 3.0),
    "complaints": lambda data: feedback.complaint_pareto(data),
    "funnel": lambda data: journey.funnel(journey.touchpoints(data)),
    "transitions": lambda data: journey.transitions(journey.touchpoints(data)),
    "responses": lambda data: journey.responses(journey.messages(data), "campaign"),
}
SEPARATE = {
    ("money × 1e-4", "key figures"): "money is summed to the millionth, and so are its squares",
    ("a week later", "stickiness"): "it is of the last calendar months",
    ("a week later", "value of contracts"): "months ahead are calendar months",
}


def made() -> Tables:
    """The shop's tables; no two orders are of one moment, for their order would be that of the rows."""
    plain = tables(CUSTOMERS)
    apart = pd.to_timedelta(np.arange(len(plain["orders"])), unit="s")
    plain["orders"]["ordered_at"] += apart
    return plain | {"tickets": plain["tickets"].astype({"complaint": bool})}


def in_unit(plain: Tables, unit: float) -> Tables:
    return {
        name: frame.assign(**{each: frame[each] * unit for each in MONEY & {*frame}}) for name, frame in plain.items()
    }


def shuffled(plain: Tables) -> Tables:
    return {name: frame.sample(frac=1, random_state=5, ignore_index=True) for name, frame in plain.items()}


def later(plain: Tables) -> Tables:
    moved = {name: frame.copy() for name, frame in plain.items()}
    for name, column in times(plain):
        moved[name][column] += WEEK
    return moved


def renamed(plain: Tables) -> Tables:
    place = np.random.default_rng(3).permutation(CUSTOMERS)
    new = {f"c{old:03}": f"k{new:03}" for old, new in enumerate(place)}
    return {
        name: frame.assign(customer_id=frame["customer_id"].map(new)) if "customer_id" in frame else frame
        for name, frame in plain.items()
    }


def doubled(plain: Tables) -> Tables:
    """Every customer twice, with all that they did."""
    ids = ("customer_id", "order_id", "ticket_id")
    return {
        name: pd.concat([frame, frame.assign(**{each: frame[each] + "'" for each in ids if each in frame})])
        for name, frame in plain.items()
    }


def among_others(plain: Tables) -> Tables:
    """Every customer beside another, whose id ends in an apostrophe and who spends three times as much."""
    others = in_unit(doubled(plain), 3.0)
    return {
        name: pd.concat([frame, others[name].iloc[len(frame) :]]) if "customer_id" in frame else frame
        for name, frame in plain.items()
    }


def with_programme(plain: Tables) -> Tables:
    """The shop with all that only offers, plans and what buyers cost need: none of it tells of anything else."""
    people = plain["customers"].assign(owner="A1", born_on=pd.Timestamp("1900-05-01"), lunar_birthday=False)
    who, day = people["customer_id"], pd.Timestamp(DAY) - pd.Timedelta(days=100)
    key = "key " + who
    return plain | {
        "customers": people,
        "orders": plain["orders"].assign(discount=1.0),
        "products": pd.DataFrame({"product_id": ["p"], "category": "new", "price": [9.0], "cost": 3.0, "stock": 0.0}),
        "points": pd.DataFrame({"customer_id": who, "moved_at": day, "points": 5.0, "reason": "earn"}),
        "consents": pd.DataFrame({"customer_id": who, "channel": "SMS", "asked_at": day, "given": False}),
        "planned_actions": pd.DataFrame(
            {"action_key": key, "customer_id": who, "action": "save_call", "arm": "treat", "planned_at": day}
        ),
        "action_results": pd.DataFrame(
            {"action_key": key, "customer_id": who, "planned_at": day, "done_at": day, "status": "done"}
        ),
        "spending": pd.DataFrame({"channel": ["web"], "month": [day], "cost": [100.0]}),
        "leads": pd.DataFrame({"lead_id": who, "customer_id": who, "created_at": day, "converted_at": day}),
    }


@functools.cache
def opened(change: str = "") -> Dataset:
    """The shop after a change, in memory; without one as it is."""
    change_of: dict[str, Callable[[Tables], Tables]] = {
        "": lambda plain: plain,
        "money × 10,000": lambda plain: in_unit(plain, 1e4),
        "money × 1e-4": lambda plain: in_unit(plain, 1e-4),
        "new ids in another order of rows": lambda plain: shuffled(renamed(plain)),
        "a week later": later,
        "doubled": doubled,
        PROGRAMME: with_programme,
        CUT_OUT: among_others,
    }
    settings = words(feeds={"experiments": EXPERIMENT}, contractual=True)
    as_of = DAY + WEEK.to_pytimedelta() if change == "a week later" else DAY
    data = shop(as_of=as_of, settings=settings, **change_of[change](made()))
    return data.where(~data.customers["customer_id"].str.endswith("'")) if change == CUT_OUT else data


@functools.cache
def table(name: str, change: str = "") -> pd.DataFrame:
    """The table of an answer after a change; customers stand by their number, not their id, and times as they were."""
    answer = ANSWERS[name](opened(change))
    assert isinstance(answer, DeclaredTable), answer
    flat = answer.table.reset_index() if any(answer.table.index.names) else answer.table
    if change == "a week later":
        days = flat.select_dtypes("datetime").columns
        flat = flat.assign(**{day: flat[day] - WEEK for day in days})
    if "customer_id" in flat:
        flat = flat.drop(columns="customer_id").sort_values(sorted({*flat} - {"customer_id"}), ignore_index=True)
    return flat


def differences(before: pd.DataFrame, after: pd.DataFrame, unit: float = 1.0) -> dict[str, list]:
    """The columns that differ, each with its first two values that do; money may be in another unit."""
    assert list(before) == list(after) and len(before) == len(after)
    found = {}
    for name in before:
        old, new = before[name].reset_index(drop=True), after[name].reset_index(drop=True)
        if pd.api.types.is_numeric_dtype(old):
            was, now = old.astype(float), new.astype(float)
            alike = np.isclose(now, was, rtol=1e-6, atol=1e-9 * min(unit, 1), equal_nan=True)
            alike |= np.isclose(now, was * unit, rtol=1e-6, atol=1e-9 * unit, equal_nan=True)
        else:
            alike = (old.astype(object) == new.astype(object)) | (old.isna() & new.isna())
        if not alike.all():
            found[name] = [(old[row], new[row]) for row in np.flatnonzero(~alike)[:2]]
    return found


UNITS = {"money × 10,000": 1e4, "money × 1e-4": 1e-4}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("change", [*UNITS, "new ids in another order of rows", "a week later", PROGRAMME, CUT_OUT])
def test_an_answer_stays(change, name):
    if (change, name) in SEPARATE:
        assert differences(table(name), table(name, change))  # else the reason no longer holds
    else:
        assert differences(table(name), table(name, change), UNITS.get(change, 1.0)) == {}


def test_more_of_the_same_leaves_shares_and_makes_them_surer():
    """Doubled are customers, not rows: of them intervals are made. A curve goes on, for it may while 20 are at risk."""
    shares = {"curves of stays": "stay_rate", "satisfaction": "level", "speed": "survival"}
    for name, share in shares.items():
        before, after = table(name), table(name, "doubled")
        keys = [each for each in ("group", "days", "question", "time") if each in before]
        both = before.merge(after, on=keys, suffixes=("", "_doubled"))
        assert len(both) == len(before) > 0
        np.testing.assert_allclose(both[f"{share}_doubled"], both[share])
        width, less = both["upper"] - both["lower"], both["upper_doubled"] - both["lower_doubled"]
        assert (less[width > 0] < width[width > 0]).all(), name
    before, after = table("effects"), table("effects", "doubled")
    np.testing.assert_allclose(after["effect"], before["effect"])
    width, less = (each["upper"] - each["lower"] for each in (before, after))
    np.testing.assert_allclose(less, width / 2**0.5, rtol=0.02)
    assert (after["p_value"] < before["p_value"]).all()


def test_more_of_the_same_leaves_who_is_in_which_segment():
    before, after = (segments(data, scores(data)).labels for data in (opened(), opened("doubled")))
    assert (after[before.index] == before).all() and (after[before.index + "'"].to_numpy() == before.to_numpy()).all()


def test_effects_change_their_sign_when_arms_change_places():
    one, other = (experiments.effect_rows(experiments.read(opened(), arm)).table for arm in ("control", "a"))
    assert set(one["arm"]) == {"a"} and set(other["arm"]) == {"control"}
    np.testing.assert_allclose(other["effect"], -one["effect"])
    np.testing.assert_allclose(other[["lower", "upper"]], -one[["upper", "lower"]])
    np.testing.assert_allclose(other["p_value"], one["p_value"])


def test_one_early_stay_less_moves_no_curve_by_more_than_its_share():
    stays = churn.stays(opened())
    early = stays.table.sort_values("duration_days").index[0]
    fewer = replace(stays, table=stays.table.drop(early).reset_index(drop=True), attributes=())
    whole, less = (churn.staying(each).curve.set_index("time") for each in (replace(stays, attributes=()), fewer))
    both = whole.index.intersection(less.index)
    assert (whole.loc[both, "survival"] - less.loc[both, "survival"]).abs().max() <= 1 / (len(stays.table) - 1)
    medians = [survival.quantiles(each.reset_index(), 0.5)["time"].iloc[0] for each in (whole, less)]
    assert abs(medians[0] - medians[1]) <= 0.05 * medians[0]


def test_files_tell_the_same_in_any_order_and_cut_in_two(tmp_path):
    plain = {name: made()[name] for name in ("customers", "orders", "subscriptions")}
    whole = datasets.open(write(plain, tmp_path / "whole"), prepared=tmp_path / "prepared")
    cut = write(plain, tmp_path / "cut")
    rows = (cut / "orders.csv").read_text().splitlines(keepends=True)
    for part, lines in (("orders_2.csv", rows[1:300]), ("orders_1.csv", rows[300:])):
        (cut / part).write_text("".join([rows[0], *lines]))
    (cut / "orders.csv").unlink()
    settings = (cut / "dataset.toml").read_text()
    (cut / "dataset.toml").write_text(
        settings.replace("file = 'orders.csv'", "file = ['orders_2.csv', 'orders_1.csv']")
    )
    parted = datasets.open(cut, prepared=tmp_path / "prepared")
    assert parted.as_of == whole.as_of
    pd.testing.assert_frame_equal(parted.customers, whole.customers)
    for name, table in whole.tables.items():
        before, after = (each.execute().pipe(in_order) for each in (table, parted.tables[name]))
        pd.testing.assert_frame_equal(after, before)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in an order that comes from their values."""
    return rows.sort_values([*rows.columns], ignore_index=True)
