"""What the engine says in its own words: files as text, times, and SQL of the data set's own."""

import gc

import duckdb
import ibis
import pandas as pd
import pytest

from helpers.data import engine


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def test_the_default_engine_runs_in_this_process_and_draws_no_progress(connection):
    assert connection.name == "duckdb"
    assert connection.raw_sql("SELECT current_setting('enable_progress_bar')").fetchone() == (False,)


def test_a_csv_file_is_read_as_text_by_the_names_given_with_its_rows_numbered(connection, tmp_path):
    path = tmp_path / "it's.csv"
    path.write_text('id,amount\n001,"1,5"\n2, x \n', encoding="utf-8")
    table, _ = engine.csv_text(connection, path, ["key", "a b"], ",")
    rows = table.order_by(engine.ROW).execute()
    assert rows.to_dict("list") == {"key": ["001", "2"], "a b": ["1,5", " x "], engine.ROW: [1, 2]}


def test_lines_that_do_not_split_are_told_once_the_table_was_read(connection, tmp_path):
    path = tmp_path / "torn.csv"
    path.write_text("a;b\n1;2\n1;2;3\n4;5\n", encoding="utf-8")
    table, rejects = engine.csv_text(connection, path, ["a", "b"], ";")
    assert engine.rejected_lines(connection, rejects) == []
    assert sorted(table.execute()["a"]) == ["1", "4"]
    assert engine.rejected_lines(connection, rejects) == [(3, "1;2;3")]


def test_fixed_places_are_cut_from_lines_whatever_signs_are_in_them(connection, tmp_path):
    path = tmp_path / "fixed.txt"
    path.write_text('head\n00001 "a, 7\n00002  b;12\n', encoding="utf-8")
    fields = (("key", 1, 5), ("word", 7, 3), ("number", 10, 2))
    rows = engine.fixed_width_text(connection, path, fields, skip=1).order_by(engine.ROW).execute()
    expected = {"key": ["00001", "00002"], "word": ['"a,', "b;"], "number": ["7", "12"], engine.ROW: [1, 2]}
    assert rows.to_dict("list") == expected


def test_parquet_keeps_its_types_and_numbers_its_rows(connection, tmp_path):
    path = tmp_path / "part.parquet"
    pd.DataFrame({"n": [3, 1], "at": pd.to_datetime(["2025-01-01 00:00", "2025-01-02 03:04"])}).to_parquet(path)
    rows = engine.parquet(connection, path)
    assert rows.schema()["n"].is_integer() and rows.schema()["at"].is_timestamp()
    assert rows.order_by(engine.ROW).execute()["n"].tolist() == [3, 1]


def test_files_that_the_engine_wrote_are_read_in_turn_with_the_types_that_they_have(connection, tmp_path):
    paths = [tmp_path / "it's.parquet", tmp_path / "more.parquet"]
    frame = pd.DataFrame({"id": ["a"], "n": [1], "x": [0.5], "at": [pd.Timestamp("2025-01-01 10:00")], "is": [True]})
    for path in paths:
        engine.from_frame(connection, frame.assign(id=path.stem)).to_parquet(path)
    rows = engine.prepared(connection, paths)
    assert rows.schema() == connection.read_parquet(paths).schema()
    assert rows.select("id", "n").execute().to_numpy().tolist() == [["it's", 1], ["more", 1]]


@pytest.mark.parametrize("name", ["O'Brien", "a'b\"c", "a\nb", "\u202ex\x1b", "x' (FORMAT csv); SELECT 1; --"])
def test_a_table_is_written_into_a_folder_of_whatever_name(connection, tmp_path, name):
    path = tmp_path / name / "rows.parquet"
    path.parent.mkdir()
    engine.from_frame(connection, pd.DataFrame({"n": [3, 1]})).to_parquet(path)
    assert pd.read_parquet(path)["n"].tolist() == [3, 1]
    assert connection.read_parquet(path).count().execute() == 2


def test_a_frame_becomes_a_table_of_its_own_each_time(connection):
    one, two = (engine.from_frame(connection, pd.DataFrame({"n": [n]})) for n in (1, 2))
    assert (one.execute()["n"].tolist(), two.execute()["n"].tolist()) == ([1], [2])


def test_what_is_held_has_the_types_of_the_expression(connection):
    rows = engine.from_frame(connection, pd.DataFrame({"a": ["x"]})).mutate(bits=ibis.literal(0, "int64"))
    assert engine.held(connection, rows).schema() == rows.schema()


def test_a_question_is_answered_for_each_table_that_it_is_asked_of(connection):
    cells = ibis.table({"cell": "int64"}, name="cells")
    question = cells.agg(total=cells.cell.sum())
    for numbers in ([1, 2], [3, 4]):
        table = engine.from_frame(connection, pd.DataFrame({"cell": numbers, "other": 0}))
        answer = engine.answer(connection, question, cells=table.select("cell"))
        assert answer["total"].tolist() == [sum(numbers)]


def test_times_without_a_zone_are_local_already(connection):
    instant = ibis.timestamp("2025-01-01 00:00:00", timezone="UTC")
    local = engine.local_time(instant, "Asia/Shanghai").execute()
    assert pd.Timestamp(local).tz_localize(None) == pd.Timestamp("2025-01-01 08:00")
    assert engine.local_time(ibis.timestamp("2025-01-01 00:00:00"), "Asia/Shanghai").execute() == pd.Timestamp(
        "2025-01-01"
    )


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "America/Sao_Paulo", "America/St_Johns"]
)
def test_times_of_utc_are_on_the_clocks_of_a_zone_also_while_these_were_changed(connection, zone):
    days = ["1900-12-31", "1986-07-01", "1994-12-31", "1995-01-01", "2010-07-01", "2036-12-31", "2100-07-01"]
    moments = [f"{day} {clock}" for day in days for clock in ("00:00:00", "15:59:59.999999", "23:30:00")]
    rows = engine.from_frame(connection, pd.DataFrame({"at": [*moments, None]}))
    utc = rows["at"].cast("timestamp")
    known = engine.local_time(utc.cast("timestamp('UTC')"), zone)
    found = rows.select(found=engine.on_clocks(utc, zone), known=known).execute()
    assert found["found"].equals(found["known"]) and found["found"].notna().sum() == len(moments)


@pytest.mark.parametrize(
    ("said", "full"),
    [("IO Error: Could not write file x: File too large", True), ("Out of Memory Error: failed", True), ("no such column", False)],
)  # fmt: skip
def test_an_error_of_room_is_told_from_one_of_a_file(said, full):
    assert engine.found_no_room(Exception(said)) == full


def settings_of(connection):
    return connection.raw_sql("SELECT current_setting('memory_limit'), current_setting('threads')").fetchone()


def test_the_engine_takes_half_of_the_memory_and_the_threads_that_the_environment_allows(monkeypatch, tmp_path):
    free = settings_of(engine.connect())
    monkeypatch.setenv(engine.MEMORY, "4")
    monkeypatch.setenv(engine.THREADS, "1")
    assert settings_of(engine.connect()) == settings_of(engine.connect(home=tmp_path)) == ("1.8 GiB", 1)
    monkeypatch.setenv(engine.MEMORY, "0.2")
    assert settings_of(engine.connect())[0] == "476.8 MiB"
    assert free[0] not in ("1.8 GiB", "476.8 MiB")


def test_a_connection_for_a_while_is_closed_at_its_end_also_by_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), engine.connected([], tmp_path) as known:
        1 / known.raw_sql("SELECT 0").fetchone()[0]
    with pytest.raises(duckdb.ConnectionException):
        known.raw_sql("SELECT 0")


def test_one_thread_reads_small_files_unless_the_environment_says_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv(engine.THREADS, raising=False)
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text("a\n1\n")
    with large.open("wb") as file:
        file.truncate(200_000_000)
    usual = settings_of(engine.connect())[1]
    reads = [(small,), (small, large), (), (tmp_path / "gone.csv",)]
    assert [settings_of(engine.connect(each, tmp_path))[1] for each in reads] == [1, usual, usual, usual]
    monkeypatch.setenv(engine.THREADS, "3")
    assert settings_of(engine.connect((small,), tmp_path))[1] == 3


@pytest.mark.parametrize("said", ["much", "0", "-1", "inf", "nan"])
def test_memory_that_is_no_number_of_gigabytes_is_refused(monkeypatch, said):
    monkeypatch.setenv(engine.MEMORY, said)
    with pytest.raises(ValueError, match=f"KEHU_MEMORY = '{said}': a number of GB above 0. Write 4 for 4 GB."):
        engine.connect()


def test_python_seldom_stops_for_rubbish_while_expressions_are_made(connection):
    assert gc.get_threshold()[0] >= 10_000
