"""Time from assignment to an event: dated as a slow loop would, censored, and right where plain shares mislead."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from answers import words_of
from helpers.analyses.experiments.effect.awaited_events import EVENTS, waits
from helpers.analyses.experiments.effect.waiting_times import TimeToEvent, time_to_event
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Cells
from helpers.data.intake.wording.schema import Policy
from helpers.findings import NotApplicable
from helpers.statistics import survival
from helpers.statistics.inference.corrections import adjust
from shops import AS_OF, shop, words

FIRST = pd.Timestamp("2025-01-01")
SPAN = (pd.Timestamp(AS_OF) - FIRST).days
ORDERS, SUBSCRIPTIONS = EVENTS


def dataset(assigned, orders=None, subscriptions=None, cancellations="net"):
    if subscriptions is not None:
        subscriptions = subscriptions.assign(plan="a", price=1.0, reason="moved")
    orders = orders if orders is None else orders.assign(amount=1.0)
    tables = {"experiments": assigned, "orders": orders, "subscriptions": subscriptions}
    settings = words(policy=Policy(cancellations=cancellations))
    given = {name: rows for name, rows in tables.items() if rows is not None}
    return shop(settings=settings, as_given=True, **given)


def trial(name="test", arms=("control", "new"), weights=None):
    """An experiment of these arms, which are as large as planned unless `weights` say otherwise."""
    table = pd.DataFrame({"arm": arms, "customers": 1000, "in_two_arms": 0, "weight": weights or 1.0})
    return Trial(
        name,
        table,
        "settings",
        0,
        "",
        {},
        {},
        {},
        {},
        Cells(pd.DataFrame(columns=["variant", "day", "rows"]), {}, (), {}),
    )


def assigned(variants, on, experiment="test"):
    """Customers c0, c1, … in their arms from days after the first, or from times."""
    times = FIRST + pd.to_timedelta(on, unit="D") if np.issubdtype(np.asarray(on).dtype, np.number) else on
    names = [f"c{i}" for i in range(len(variants))]
    return pd.DataFrame({"experiment": experiment, "customer_id": names, "variant": variants, "assigned_at": times})


def bought(customers, after, cancelled=False):
    """The first order of each of `customers`, `after` days after the assignment, in so far as it came by AS_OF."""
    times = customers["assigned_at"] + pd.to_timedelta(after, unit="D")
    orders = pd.DataFrame({"customer_id": customers["customer_id"], "ordered_at": times, "cancelled": cancelled})
    return orders[times < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)]


def ramped(rng, n, mean_days):
    """The control began first and the new arm grew later; whole days to an order of the given means by arm."""
    new = rng.random(n) < 0.5
    on = np.where(new, SPAN * np.sqrt(rng.random(n)), SPAN * (1 - np.sqrt(rng.random(n)))).astype(int)
    customers = assigned(np.where(new, "new", "control"), on)
    return customers, bought(customers, np.floor(rng.exponential(np.where(new, *mean_days[::-1]))))


def mean_within(mean_days, horizon):
    """Mean days without an event within a horizon: exponential times rounded down to whole days."""
    return sum(np.exp(-(day + 1) / mean_days) for day in range(horizon))


# Who is waited for, and how long


def as_frame(data, event):
    rows = waits(data, event).execute().sort_values("customer_id", ignore_index=True)
    return rows.set_index("customer_id")[["followed_days", "days", "happened"]].astype(int)


def test_an_order_counts_from_the_moment_of_assignment_unless_it_was_cancelled():
    noon = pd.Timestamp("2025-06-20 12:00")
    customers = assigned(["new"] * 5, [noon] * 5)
    orders = pd.DataFrame(
        [
            ("c0", "2025-06-20 11:59", False),
            ("c1", "2025-06-20 12:00", False),
            ("c2", "2025-06-19", False),
            ("c2", "2025-06-25 01:00", True),
            ("c2", "2025-06-27 23:00", None),
            ("c3", "2025-06-21", False),
            ("c3", "2025-06-24", False),
            ("elsewhere", "2025-06-24", False),
        ],
        columns=["customer_id", "ordered_at", "cancelled"],
    ).astype({"ordered_at": "datetime64[us]", "cancelled": object})
    net, kept = (dataset(customers, orders, cancellations=policy) for policy in ("net", "keep"))
    assert as_frame(net, ORDERS).to_dict("index") == {
        "c0": {"followed_days": 10, "days": 10, "happened": 0},
        "c1": {"followed_days": 10, "days": 0, "happened": 1},
        "c2": {"followed_days": 10, "days": 7, "happened": 1},
        "c3": {"followed_days": 10, "days": 1, "happened": 1},
        "c4": {"followed_days": 10, "days": 10, "happened": 0},
    }
    assert as_frame(kept, ORDERS).loc["c2", "days"] == 5


def test_customers_in_two_arms_or_without_a_day_are_not_waited_for():
    customers = assigned(["control", "new", "new", "control"], [0, 0, 0, 0])
    customers.loc[3, ["customer_id", "variant"]] = ["c1", "control"]  # c1 in both arms
    customers.loc[2, "assigned_at"] = pd.NaT
    again = assigned(["control"] * 3, [5] * 3, experiment="other")  # another experiment does not count
    both = pd.concat([customers, again])
    rows = waits(dataset(both, bought(both, 1)), ORDERS).execute()
    assert sorted(zip(rows["experiment"], rows["customer_id"], strict=True)) == [
        ("other", "c0"),
        ("other", "c1"),
        ("other", "c2"),
        ("test", "c0"),
    ]


def slow_end(periods, day):
    """When the stay that runs on `day` ends: extended by every period that touches it, until none does; or None."""
    running = [until for started, until in periods if started <= day <= until]
    if not running:
        return None
    end = max(running)
    while longer := [until for started, until in periods if started <= end + 1 and until > end]:
        end = max(longer)
    return end


def test_leaving_is_the_end_of_the_stay_that_ran_when_assigned_as_a_slow_loop_finds_it():
    rng = np.random.default_rng(1)
    n, never = 400, 10_000
    customers = assigned(["new"] * n, rng.integers(20, 120, n))
    lines, expected = [], {}
    for place, name in enumerate(customers["customer_id"]):
        starts = rng.integers(0, 150, rng.integers(0, 5))
        ends = np.where(
            rng.random(len(starts)) < 0.1, never, np.minimum(starts + rng.integers(0, 40, len(starts)), SPAN)
        )
        lines += [(name, start, end) for start, end in zip(starts, ends, strict=True)]
        day = (customers["assigned_at"][place] - FIRST).days
        if (end := slow_end(list(zip(starts, ends, strict=True)), day)) is not None:
            expected[name] = (min(end, SPAN) - day, int(end <= SPAN))
    periods = pd.DataFrame(lines, columns=["customer_id", "start", "end"])
    table = pd.DataFrame(
        {
            "customer_id": periods["customer_id"],
            "started_at": FIRST + pd.to_timedelta(periods["start"], unit="D"),
            "ended_at": FIRST + pd.to_timedelta(periods["end"].where(periods["end"] < never), unit="D"),
        }
    )
    found = as_frame(dataset(customers, subscriptions=table), SUBSCRIPTIONS)
    assert dict(zip(found.index, zip(found["days"], found["happened"], strict=True), strict=True)) == expected
    assert {happened for _, happened in expected.values()} == {0, 1} and len(expected) < n


# What is said of the arms


def test_plain_shares_mislead_where_arms_came_at_different_times_and_times_to_the_event_do_not():
    """Truth: no difference; the new arm came later and had less time."""
    rng = np.random.default_rng(2)
    (found,) = time_to_event(dataset(*ramped(rng, 4000, (90, 90))), [trial()])
    control, new = found.table.itertuples()
    assert new.so_far_share < control.so_far_share - 0.15 and new.so_far_p_value < 1e-10
    assert new.log_rank_p_value > 0.05 and new.lower < 0 < new.upper
    assert new.within_share == pytest.approx(control.within_share, abs=0.05)
    assert "no evidence that the first order comes sooner or later." in words_of(found)
    assert "The plain share so far misleads for new, followed for other times" in words_of(found)


def test_a_better_arm_that_came_later_is_found_better_although_fewer_ordered_so_far():
    """Truth: mean 90 against 60 days; the difference of means within the horizon is known and covered."""
    rng = np.random.default_rng(3)
    (found,) = time_to_event(dataset(*ramped(rng, 4000, (90, 60))), [trial()])
    control, new = found.table.itertuples()
    assert new.so_far_share < control.so_far_share
    truth = mean_within(60, found.horizon_days) - mean_within(90, found.horizon_days)
    assert truth < -10 and new.lower < truth < new.upper < 0
    assert control.mean_days == pytest.approx(mean_within(90, found.horizon_days), abs=5)
    assert control.within_share == pytest.approx(1 - np.exp(-(found.horizon_days + 1) / 90), abs=0.05)
    assert "the first order comes" in str(found.headline()) and "days sooner than in" in str(found.headline())


@pytest.mark.long
def test_without_an_effect_log_rank_and_means_reject_at_their_level_and_plain_shares_nearly_always():
    rng = np.random.default_rng(4)
    runs = 60
    parts = [ramped(rng, 400, (90, 90)) for _ in range(runs)]
    named = [(f"e{run}", part) for run, part in enumerate(parts)]
    customers = pd.concat(
        [rows.assign(experiment=name, customer_id=name + rows["customer_id"]) for name, (rows, _) in named]
    )
    orders = pd.concat([rows.assign(customer_id=name + rows["customer_id"]) for name, (_, rows) in named])
    found = time_to_event(dataset(customers, orders), [trial(name) for name, _ in named])
    rows = pd.concat([each.table.iloc[1:] for each in found])
    most = binom.ppf(0.999, runs, 0.05)
    assert (rows["log_rank_p_value"] < 0.05).sum() <= most
    assert (rows["mean_days_p_value"] < 0.05).sum() <= most
    assert rows[["log_rank_p_value", "mean_days_p_value"]].median().between(0.3, 0.7).all()
    assert (rows["so_far_p_value"] < 0.05).mean() > 0.9


def test_the_numbers_are_those_of_the_estimators_on_one_row_a_customer():
    rng = np.random.default_rng(5)
    data = dataset(*ramped(rng, 600, (80, 50)))
    (found,) = time_to_event(data, [trial()], Rules(alpha=0.1))
    rows = waits(data, ORDERS).execute()
    by_hand = rows["days"], rows["happened"]
    curve = survival.kaplan_meier(*by_hand, groups=rows["variant"], level=0.9)
    pd.testing.assert_frame_equal(found.curve.astype({"group": object}), curve.astype({"group": object}))
    means = survival.restricted_mean(curve, found.horizon_days, level=0.9)
    (against,) = survival.restricted_mean_difference(means, "control", level=0.9).itertuples()
    new = found.table.iloc[1]
    assert new["log_rank_p_value"] == pytest.approx(survival.log_rank(*by_hand, rows["variant"]).p_value)
    assert new[["difference_days", "lower", "upper", "mean_days_p_value"]].tolist() == pytest.approx(
        [against.difference, against.lower, against.upper, against.p_value]
    )
    assert new["followed_days"] == pytest.approx(rows.loc[rows["variant"] == "new", "followed_days"].mean())


def test_the_control_need_not_come_first_by_name_and_swapping_arms_flips_the_sign():
    data = dataset(*ramped(np.random.default_rng(10), 600, (80, 50)))
    forward, back = (time_to_event(data, [trial(arms=arms)])[0] for arms in (("control", "new"), ("new", "control")))
    assert back.table["arm"].tolist() == ["new", "control"]
    levels = ["arm", "customers", "events", "within_share", "mean_days", "so_far_share"]
    pd.testing.assert_frame_equal(back.table[levels][::-1].reset_index(drop=True), forward.table[levels])
    assert back.table.loc[1, "difference_days"] == pytest.approx(-forward.table.loc[1, "difference_days"])
    assert back.table.loc[1, "log_rank_p_value"] == pytest.approx(forward.table.loc[1, "log_rank_p_value"])


def test_the_horizon_is_how_long_enough_customers_of_each_arm_were_followed_whatever_they_did():
    customers = assigned(["control"] * 100 + ["new"] * 100, [SPAN - 90] * 100 + [SPAN - 60] * 40 + [SPAN - 20] * 60)
    for after in (5, np.tile([5, 500], 100)):
        (found,) = time_to_event(dataset(customers, bought(customers, after)), [trial()])
        assert found.horizon_days == 60
    (found,) = time_to_event(dataset(customers, bought(customers, 5)), [trial()], Rules(smallest_arm=41))
    assert found.horizon_days == 20


def test_the_horizon_ends_where_a_curve_is_not_known_beyond():
    """Of the new arm all who were followed long ordered early, so that nobody is left after the others' last day."""
    customers = assigned(["control"] * 100 + ["new"] * 100, [SPAN - 90] * 150 + [SPAN - 20] * 50)
    after = np.r_[np.tile([5, 500], 50), np.full(50, 3), np.full(50, 500)]
    (found,) = time_to_event(dataset(customers, bought(customers, after)), [trial()])
    assert found.horizon_days == 20


def test_p_values_are_corrected_over_all_arms_and_events_of_an_experiment():
    rng = np.random.default_rng(6)
    n = 900
    customers = assigned(rng.choice(["control", "a", "b"], n), rng.integers(0, 60, n))
    since = bought(customers, rng.exponential(60, n).astype(int))
    days = pd.to_timedelta(rng.exponential(80, n).astype(int), unit="D")
    ended = (customers["assigned_at"] + days).where(customers["assigned_at"] + days <= pd.Timestamp(AS_OF))
    periods = pd.DataFrame({"customer_id": customers["customer_id"], "started_at": FIRST, "ended_at": ended})
    found = time_to_event(dataset(customers, since, periods), [trial(arms=("control", "a", "b"))])
    assert [each.event.table for each in found] == ["orders", "subscriptions"]
    raw = []
    for event in EVENTS:
        rows = waits(dataset(customers, since, periods), event).execute()
        for arm in ("a", "b"):
            pair = rows[rows["variant"].isin(["control", arm])]
            raw.append(survival.log_rank(pair["days"], pair["happened"], pair["variant"]).p_value)
    corrected = [p for each in found for p in each.table["log_rank_p_value"].iloc[1:]]
    assert corrected == pytest.approx(list(adjust(raw, "holm")))


def test_the_figure_has_a_curve_an_arm_from_1_and_the_numbers_at_risk():
    (found,) = time_to_event(dataset(*ramped(np.random.default_rng(7), 1000, (90, 60))), [trial()])
    axes = found.plot()
    lines = axes.get_lines()
    assert [line.get_label() for line in lines] == ["control", "new"]
    assert all((line.get_xdata()[0], line.get_ydata()[0]) == (0, 1) for line in lines)
    assert max(line.get_xdata().max() for line in lines) <= found.horizon_days
    texts = {text.get_text() for text in axes.texts}
    assert {f"{count:,}" for count in found.table["customers"]} <= texts
    assert axes.get_xlabel() == "Days since assignment" and axes.get_ylabel() == "No order yet share"
    plt.close(axes.figure)


def test_the_table_names_what_happened_and_the_horizon():
    (found,) = time_to_event(dataset(*ramped(np.random.default_rng(8), 1000, (90, 60))), [trial()])
    assert found.summary().columns.tolist() == [
        "arm",
        "customers",
        "ordered_so_far_share",
        f"ordered_within_{found.horizon_days}d_share",
        "difference_days",
        "lower",
        "upper",
        "log_rank_p_value",
    ]


def test_arms_that_are_not_as_planned_are_not_read():
    data = dataset(*ramped(np.random.default_rng(9), 500, (90, 60)))
    (found,) = time_to_event(data, [trial(weights=(1.0, 2.0))])
    assert words_of(found).startswith(
        "test: trust none of this until its assignment is repaired. The arms are not as large as planned (p"
    )


def test_where_nothing_can_be_followed_it_is_not_applicable():
    customers = assigned(["control", "new"] * 50, [0] * 100)
    orders = bought(customers, 3)

    def reason(data, **words):
        (found,) = time_to_event(data, [trial()], Rules(**words))
        return words_of(found)

    assert "no orders and no subscriptions" in reason(dataset(customers))
    assert "test: no first order is dated since the assignment." in reason(
        dataset(customers, orders.assign(customer_id="x"))
    )
    undated = customers.assign(assigned_at=pd.Series(pd.NaT, customers.index, dtype="datetime64[us]"))
    assert "test has no customer who can have the first order" in reason(dataset(undated, orders))
    assert "fewer than 51 customers" in reason(dataset(customers, orders), smallest_arm=51)
    today = assigned(["control", "new"] * 50, [SPAN] * 100)
    assert "were not followed for a day" in reason(dataset(today, bought(today, 0)))
    (found,) = time_to_event(dataset(customers, orders), [])
    assert words_of(found) == "Cannot be told: there is no experiment to read: export who was assigned to which arm."


def test_hillstrom_has_no_dated_facts_to_follow(opened, hillstrom):
    (found,) = time_to_event(opened("hillstrom"), hillstrom)
    assert isinstance(found, NotApplicable) and "no orders and no subscriptions" in str(found.reason)


def test_the_demos_customers_are_followed_to_orders_and_leaving_as_pandas_counts_them(demo, demo_trials):
    found = time_to_event(demo, demo_trials)
    assert [each.experiment for each in found] == [each.name for each in demo_trials for _ in EVENTS]
    assert all(isinstance(each, TimeToEvent) for each in found)
    coupon = found[0].table.set_index("arm")
    rows = demo.tables["experiments"].execute().query("experiment == 'spring_coupon'")
    rows = rows[rows.groupby("customer_id")["variant"].transform("nunique") == 1]
    orders = demo.tables["orders"].execute().query("cancelled != True")
    both = rows.merge(orders, on="customer_id")
    ordered = both[both["ordered_at"] >= both["assigned_at"]].groupby("variant")["customer_id"].nunique()
    assert coupon["customers"].to_dict() == rows["variant"].value_counts().to_dict()
    assert coupon["events"].to_dict() == ordered.to_dict()


def test_events_of_all_on_one_day_cannot_be_tested_and_do_not_fail():
    customers = assigned(["control", "new"] * 50, [0] * 100)
    (found,) = time_to_event(dataset(customers, bought(customers, 5)), [trial()])
    assert np.isnan(found.table.loc[1, "log_rank_p_value"]) and "which cannot be tested" in words_of(found)


def test_an_arm_beside_a_pair_without_events_does_not_fail():
    customers = assigned(["control", "a", "b"] * 40, [0] * 120)
    orders = bought(customers, np.tile([3, 4, 5, 6], 30))
    in_b = orders["customer_id"].isin(customers.loc[customers["variant"] == "b", "customer_id"])
    (found,) = time_to_event(dataset(customers, orders[in_b]), [trial(arms=("control", "a", "b"))])
    p_values = found.table.set_index("arm")["log_rank_p_value"]
    assert np.isnan(p_values["a"]) and p_values["b"] < 1e-6
