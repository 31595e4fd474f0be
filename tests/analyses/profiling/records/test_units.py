"""Changes of unit and scale, and stray dates: each planted case is found with the rows it concerns."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.profiling.records.suspicions import Pattern


def surveys(before: int = 5, after: int = 5) -> pd.DataFrame:
    """100 answers a month, on 1 to `before` in the first half of 2025 and on 1 to `after` in the second."""
    months = [pd.Timestamp(2025, month, 15) for month in range(1, 13) for _ in range(100)]
    scores = [float(1 + place % (before if month.month <= 6 else after)) for place, month in enumerate(months)]
    ids = [f"c{place % 400}" for place in range(len(months))]
    return pd.DataFrame({"customer_id": ids, "answered_at": months, "question": "csat", "score": scores})


def test_answers_on_one_scale_show_no_pattern_but_the_single_question(suspicious, looked_through):
    data = {"surveys": surveys()}
    assert suspicious(**data) == {}
    assert looked_through(**data).table[["column", "pattern"]].to_numpy().tolist() == [["question", Pattern.CONSTANT]]


def test_a_few_dates_far_away_are_stray_and_a_shop_that_paused_is_not(clean_orders, suspicious, looked_through):
    table = clean_orders.copy()
    table.loc[:2, "ordered_at"] = pd.Timestamp("1970-01-01")
    table.loc[3:6, "ordered_at"] = pd.Timestamp("2099-12-31")
    lines = looked_through(orders=table).table
    assert lines["pattern"].to_list() == [Pattern.STRAY_TIME] * 2 and lines["rows_concerned"].to_list() == [3, 4]
    paused = clean_orders.copy()
    paused.loc[:599, "ordered_at"] -= pd.Timedelta(days=1500)
    assert suspicious(orders=paused) == {}


def test_amounts_in_cents_from_a_month_on_are_a_change_of_unit(clean_orders, suspicious, looked_through):
    table = clean_orders.copy()
    late = table["ordered_at"] >= "2025-03-01"
    table["amount"] = table["amount"].where(~late, table["amount"] * 100)
    data = {"orders": table}
    assert suspicious(**data) == {("orders", "amount", Pattern.NEW_UNIT): int((~late).sum())}
    assert "from 2025-03 on" in looked_through(**data).table["evidence"].astype(str).iloc[0]


def test_amounts_that_shrink_are_a_change_of_unit_and_one_high_month_is_not(clean_orders, suspicious):
    table = clean_orders.copy()
    late, once = table["ordered_at"] >= "2025-03-01", table["ordered_at"].dt.strftime("%Y-%m") == "2024-11"
    shrunk = table.assign(amount=table["amount"].where(~late, table["amount"] / 50))
    assert suspicious(orders=shrunk) == {("orders", "amount", Pattern.NEW_UNIT): int((~late).sum())}
    assert suspicious(orders=table.assign(amount=table["amount"].where(~once, table["amount"] * 8))) == {}


def test_a_question_that_moves_from_five_to_ten_points_is_a_change_of_scale(suspicious, looked_through):
    data = {"surveys": surveys(5, 10)}
    assert suspicious(**data) == {("surveys", "score", Pattern.NEW_SCALE): 600}
    evidence = looked_through(**data).table.set_index("pattern")["evidence"].astype(str)
    assert evidence[Pattern.NEW_SCALE] == "csat: highest answer 5 before 2025-07, 10 from then on"


def test_two_questions_on_scales_of_their_own_are_no_change(suspicious):
    both = pd.concat([surveys(5, 5), surveys(10, 10).assign(question="nps")], ignore_index=True)
    assert suspicious(surveys=both) == {}
