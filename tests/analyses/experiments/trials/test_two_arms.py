"""Who is in two arms of one experiment is marked once, and left out; two experiments are no two arms."""

from __future__ import annotations

import ibis
import pandas as pd

from helpers.analyses.experiments.trials.two_arms import in_one_arm, with_other_arms

ROWS = ibis.memtable(pd.DataFrame({
    "experiment": ["x", "x", "x", "y"], "customer_id": ["both", "both", "one", "one"], "variant": ["A", "B", "A", "B"],
}))  # fmt: skip


def test_a_customer_in_two_arms_is_marked_and_leads_once():
    rows = with_other_arms(ROWS).execute().sort_values(["experiment", "customer_id", "variant"])
    assert rows["in_two_arms"].tolist() == [True, True, False, False]
    assert rows["leads"].tolist() == [1, 0, 0, 0]


def test_who_is_in_one_arm_alone_is_kept():
    kept = in_one_arm(ROWS, in_two_arms=1).execute()
    assert sorted(zip(kept["experiment"], kept["customer_id"], strict=True)) == [("x", "one"), ("y", "one")]
    assert in_one_arm(ROWS, in_two_arms=0) is ROWS
