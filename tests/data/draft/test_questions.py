"""What the values of guessed columns leave open."""

from __future__ import annotations

import pytest

from helpers import language
from helpers.data import datasets, draft, inspection

OPEN = "order_id,customer_id,order_date,amount\n" + "".join(
    f"o{n},c{n % 3},0{n % 9 + 1}/04/2025,{n}.250\n" for n in range(1, 20)
)
HOLES = "order_id,customer_id,order_date,amount\n" + "".join(
    f"o{n},c{n % 3},2025-04-03,{'n.v.' if n > 57 else n}\n" for n in range(60)
)


def test_a_column_that_can_be_read_in_two_ways_asks_with_an_example_and_both_settings(guessed):
    dates, money = guessed(orders__csv=OPEN)["orders"].questions
    assert (dates.column, money.column) == ("ordered_at", "amount")
    assert dates.told.startswith("'01/04/2025' may be 1 April 2025 or 4 January 2025.")
    assert dates.settings == ('time_layouts = "%d/%m/%Y"', 'time_layouts = "%m/%d/%Y"')
    assert money.settings == ('decimal = ","', 'decimal = "."')


def test_texts_that_may_stand_for_nothing_are_proposed_and_of_words_none(guessed):
    found = guessed(orders__csv=HOLES)["orders"]
    assert (found.questions, found.nulls) == ([], ["n.v."])


def test_a_number_far_from_all_others_on_several_rows_is_proposed_and_told_until_it_is_written_down(folder, tmp_path):
    home = folder(orders__csv=HOLES.replace("n.v.", "-999"))
    text = draft.as_toml(draft.drafted(home))
    assert '# nulls = ["-999"]  # texts that cannot be read, or numbers far from all others' in text
    asked = "orders: amount is -999 on several rows, far from all others"
    for settings, told in ((text, True), (text.replace("# nulls", "nulls"), False)):
        (home / "dataset.toml").write_text(settings)
        looked = inspection.inspected(datasets.open(home, prepared=tmp_path / "prepared"))
        assert any(line.startswith(asked) for line in looked.warnings()) == told


def test_one_of_the_settings_that_are_commented_out_answers_it(folder, tmp_path):
    home = folder(orders__csv=OPEN)
    text = draft.as_toml(draft.drafted(home))
    (home / "dataset.toml").write_text(text)
    with pytest.raises(ValueError, match="orders.ordered_at: '01/04/2025' may be"):
        datasets.open(home, prepared=tmp_path / "prepared")
    for setting in ('time_layouts = "%d/%m/%Y"', 'decimal = "."'):
        assert f"\n# {setting}" in text
        text = text.replace(f"# {setting}", setting)
    (home / "dataset.toml").write_text(text)
    assert str(datasets.open(home, prepared=tmp_path / "prepared").as_of) == "2025-04-09"


def test_questions_and_texts_are_told_in_both_languages(drafted):
    assert "orders.amount: '19.250' may be 19250 or 19.25." in "\n".join(draft.as_lines(drafted(orders__csv=OPEN)))
    with language.spoken("zh"):
        made = drafted(orders__csv=OPEN)
        assert "orders.amount：'19.250' 可能是 19250" in "\n".join(draft.as_lines(made))
    assert '# nulls = ["n.v."]  # texts that cannot be read' in draft.as_toml(drafted(orders__csv=HOLES))


def test_a_customer_who_is_nobody_is_written_down_as_a_guest_and_guests_are_no_customers(folder, tmp_path):
    lines = "".join(f"o{n},{0 if n % 2 else n},2025-04-03,{n}\n" for n in range(2, 42))
    home = folder(orders__csv=f"order_id,customer_id,order_date,amount\n{lines}")
    found = draft.drafted(home)
    assert found.guests == ("0",) and "0: has far more rows than anybody" in "\n".join(draft.as_lines(found))
    (home / "dataset.toml").write_text(draft.as_toml(found))
    data = datasets.open(home, prepared=tmp_path / "prepared")
    guests = data.accounting.query("outcome == 'guest'")
    assert guests["rows"].tolist() == [20] and data.tables["orders"].customer_id.nunique().execute() == 20


@pytest.mark.parametrize("word", ["至今", "present", "unbefristet", "使用中", "継続中", "진행중", "бессрочно"])
def test_an_end_that_says_that_something_runs_on_is_an_end_and_nothing_is_proposed_for_it(guessed, word):
    lines = "".join(f"c{n},2024-01-02,{word if n % 2 else '2024-05-03'}\n" for n in range(20))
    found = guessed(contracts__csv=f"customer_id,start_date,end_date\n{lines}")["subscriptions"]
    assert found.columns["ended_at"] == "end_date" and (found.questions, found.nulls) == ([], [])


def test_orders_whose_days_nobody_can_read_are_orders_all_the_same_and_that_is_told(folder, tmp_path):
    lines = "".join(f"o{n},c{n % 3},{n + 1} days ago,{n}.50\n" for n in range(9))
    home = folder(orders__csv=f"order_id,customer_id,order_date,amount\n{lines}")
    found = draft.drafted(home)
    (orders,) = [guess for guess in found.guesses if guess.table == "orders"]
    assert orders.columns["ordered_at"] == "order_date"
    assert found.observed_on is None
    assert [each.column for each in orders.questions] == ["ordered_at"] and "cannot be read" in orders.questions[0].told
    (home / "dataset.toml").write_text(draft.as_toml(found))
    with pytest.raises(ValueError, match="none of its 9 rows can be used.*ordered_at is not a time"):
        datasets.open(home, prepared=tmp_path / "prepared")


def clocked(*names):
    """Orders of the evening, with names of clocks beside their times."""
    rows = (f"o{n},c{n % 3},2025-04-{n % 9 + 1:02} 22:00:00 {names[n % len(names)]},{n}\n" for n in range(1, 20))
    return "order_id,customer_id,order_date,amount\n" + "".join(rows)


def test_names_beside_times_say_on_whose_clocks_they_are(folder, tmp_path):
    home = folder(orders__csv=clocked("PST", "PDT"))
    text = draft.as_toml(draft.drafted(home))
    assert '\ntime_zone = "America/Los_Angeles"  # the names beside the times' in text
    (home / "dataset.toml").write_text(text)
    times = datasets.open(home, prepared=tmp_path / "prepared").tables["orders"].ordered_at.execute()
    assert {str(time)[11:] for time in times} == {"22:00:00"} and str(times.max())[:10] == "2025-04-09"


def test_a_name_of_clocks_in_two_countries_is_asked_for_with_the_zones_to_choose_from(folder):
    home = folder(orders__csv=clocked("CST"))
    found = draft.drafted(home)
    (question,) = found.guesses[0].questions
    assert question.told.startswith("'2025-04-09 22:00:00 CST' is on clocks called CST.") and question.settings == ()
    text = draft.as_toml(found)
    assert '# time_zone = "America/Chicago"' in text and '# time_zone = "Asia/Shanghai"' in text
