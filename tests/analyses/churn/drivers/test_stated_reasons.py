"""Reasons as competing ends: shares as drawn, that add up to all who left, from the entry on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.drivers.stated_reasons import reasons, stated_causes
from helpers.data.synthetic.truth import TRUTH
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from helpers.statistics import survival


def test_demo_reasons_are_shared_as_drawn_and_add_up_to_all_who_left(contracts):
    found = reasons(contracts)
    shares = found.counts / found.counts.sum()
    for reason, share in TRUTH.reason_shares.items():
        assert shares[reason] == pytest.approx(share, abs=0.035)
    everybody = survival.at(survival.kaplan_meier(contracts.table["duration_days"], contracts.table["left"]), [180])
    assert found.at(180)["left_share"].sum() == pytest.approx(1 - everybody["survival"].iloc[0], rel=1e-9)


def test_shares_count_from_the_entry(late, naive):
    shares = [reasons(each).at(365)["left_share"].sum() for each in (late, naive)]
    curve = survival.kaplan_meier(late.table["duration_days"], late.table["left"], entry=late.table["entry_days"])
    assert shares[0] == pytest.approx(1 - survival.at(curve, 365)["survival"].iloc[0])
    assert shares[1] < shares[0] - 0.05


def test_the_page_shows_each_reason_with_its_leavers_and_the_share_who_leave_for_it(contracts):
    found = reasons(contracts)
    table = found.summary()
    assert table["leavers_for_it"].sum() == contracts.table["left"].sum()
    assert table["leavers_share"].sum() == pytest.approx(1)
    assert set(table["by_tenure_days"]) == {365}
    assert words_of(found).startswith(f"“{found.counts.idxmax()}” is the most frequent reason: ")


def test_rare_reasons_are_one_and_missing_ones_another(contracts):
    left = contracts.table["left"]
    stated = contracts.table["reason"].where(left).astype(object)
    places = stated.index[left]
    stated[places[:3]], stated[places[3:6]], stated[places[6:12]] = "rare", "odd", np.nan
    causes = stated_causes(replace(contracts, table=contracts.table.assign(reason=stated)))
    assert causes[places[:6]].eq(SMALL_GROUPS).all()
    assert causes[places[6:12]].eq(UNKNOWN).all()
    assert causes[~left].eq(0).all()


def test_without_reasons_there_is_no_answer(contracts):
    answer = reasons(replace(contracts, table=contracts.table.assign(reason=None)))
    assert str(answer.reason) == "no reasons for leaving are recorded."


@pytest.mark.parametrize(
    ("reasons_of_leavers", "said"),
    [
        (
            ["price"] * 30 + ["moved"] * 30,
            "“price” (50.0% of leavers) and “moved” (50.0%) are stated about equally often.",
        ),
        (["price"] * 33 + ["moved"] * 27, "Which of them comes first may be chance."),
        (["price"] * 9 + ["moved"] * 6, "15 leavers stated a reason that others share: too few to rank."),
        (
            ["price"] * 40 + ["moved"] * 8 + [None] * 60,
            "“price” is the most frequent reason: 37.0% of leavers state it.",
        ),
    ],
)
def test_reasons_are_ranked_where_one_is_ahead_beyond_chance(contracts, reasons_of_leavers, said):
    table = contracts.table.reset_index(drop=True)
    leavers = table.index[table["left"]][: len(reasons_of_leavers)]
    stated = pd.Series(reasons_of_leavers, index=leavers, dtype=object)
    table = table[~table["left"] | table.index.isin(leavers)].assign(reason=stated)
    assert said in words_of(reasons(replace(contracts, table=table)))


def test_shares_end_where_fewer_than_20_are_at_risk(contracts):
    table = contracts.table.assign(reason="price")
    found = reasons(replace(contracts, table=table))
    assert found.table["tenure_days"].max() < table["duration_days"].max()
    late = reasons(replace(contracts, table=table[table["duration_days"] > 10].assign(entry_days=10.0)))
    assert late.table.empty and late.days == 0
    assert words_of(late) == (
        "“price” is the most frequent reason: 100% of leavers state it. "
        "How many leave for it within 30 days cannot be told."
    )
