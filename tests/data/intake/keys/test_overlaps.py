"""Exports that overlap count once, also where their table has no key; what is equal by chance or by right stays."""

import pandas as pd
import pytest

from helpers.data import datasets

DAYS = [f"2025-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 21)]


def opened(folder, table, *files):
    """The table as read of files, each a frame, and what became of the rows that a newer one has again."""
    folder.mkdir()
    for place, frame in enumerate(files, start=1):
        frame.to_csv(folder / f"{table}-{place}.csv", index=False)
    (folder / "dataset.toml").write_text(f"observed_on = 2025-12-31\n[tables.{table}]\nfile = '{table}-*.csv'\n")
    data = datasets.open(folder, prepared=folder.parent / "prepared")
    lines = data.accounting.set_index("rule")[["outcome", "rows"]]
    again = "row is in a newer export too"
    return data.tables[table].execute(), tuple(lines.loc[again]) if again in lines.index else None


def visits(days=DAYS):
    return pd.DataFrame(
        {"customer_id": [f"c{place % 7}" for place in range(len(days))], "event": "visit", "happened_at": days}
    )


def lines():
    orders = [f"o{place // 2}" for place in range(40)]
    whose = {"customer_id": "a", "ordered_at": DAYS[0]}
    return pd.DataFrame({"order_id": orders, "product_id": "tea", "amount": 5.0} | whose)


@pytest.mark.parametrize("name, rows", [("events", visits()), ("order_items", lines())])
def test_overlapping_exports_and_copies_of_a_file_count_once(tmp_path, name, rows):
    found, told = opened(tmp_path / "overlap", name, rows[:30], rows[20:])
    assert len(found) == len(rows) and told == ("merged", 10)
    found, told = opened(tmp_path / "copy", name, rows, rows)
    assert len(found) == len(rows) and told == ("merged", len(rows))


@pytest.mark.parametrize("name, rows", [("events", visits()), ("order_items", lines())])
@pytest.mark.parametrize("cut", [30, 31])
def test_a_file_cut_in_two_tells_the_same_also_within_an_order(tmp_path, name, rows, cut):
    found, told = opened(tmp_path / "cut", name, rows[:cut], rows[cut:])
    assert len(found) == len(rows) and told is None


def test_rows_that_are_equal_by_right_stay_however_they_are_shared_out(tmp_path):
    often = visits(sorted(DAYS * 3)).assign(customer_id="c1")  # thrice a day
    found, told = opened(tmp_path / "channels", "events", often[::3], visits())
    assert len(found) == 120 and told is None  # a seventh of the days is in both


def test_a_contract_that_ended_since_is_one_that_ended(tmp_path):
    running = pd.DataFrame({"customer_id": ["a", "b", "c"], "started_at": DAYS[:3], "ended_at": "", "plan": "plus"})
    ended = running.assign(ended_at=["2025-06-01", "", ""])
    new = pd.DataFrame([("d", DAYS[9], "", "plus")], columns=running.columns)
    found, told = opened(tmp_path / "later", "subscriptions", running, pd.concat([ended, new]))
    assert told == ("merged", 3) and len(found) == 4
    assert found.set_index("customer_id")["ended_at"].dropna().to_dict() == {"a": pd.Timestamp("2025-06-01")}


def test_another_plan_of_the_same_day_is_another_contract(tmp_path):
    basic = pd.DataFrame({"customer_id": ["a", "b"], "started_at": DAYS[0], "plan": "basic"})
    found, told = opened(tmp_path / "plans", "subscriptions", basic, basic.assign(plan="plus"))
    assert len(found) == 4 and told is None


def test_a_message_that_was_opened_since_is_one_message(tmp_path):
    sent = pd.DataFrame({"customer_id": ["a", "b"], "touched_at": DAYS[0], "campaign": "spring", "opened_at": ""})
    found, told = opened(tmp_path / "opened", "touches", sent, sent.assign(opened_at=DAYS[2]))
    assert len(found) == 2 and found["opened_at"].notna().all() and told == ("merged", 2)
