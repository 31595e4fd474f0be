"""Tables of cells are read as the CSV file with the same cells is."""

import pytest

from helpers.data import engine
from helpers.data.intake.files.cells import cell_rows


def read(tmp_path, rows):
    table = cell_rows(engine.connect(), "book.xlsx", iter(rows), tmp_path)
    frame = table.rows.execute().sort_values(engine.ROW)[list(table.headers)].astype(object)
    return list(table.headers), frame.where(frame.notnull(), "").to_numpy().tolist()


def test_marks_within_cells_are_kept(tmp_path):
    rows = [["a", "b"], ['x, "y"', "two\nlines"], ["'", ";\t|"]]
    assert read(tmp_path, rows) == (["a", "b"], rows[1:])


def test_empty_rows_and_columns_at_the_end_are_dropped_and_short_rows_are_whole(tmp_path):
    rows = [["", ""], ["a", "b", "", ""], ["1", "", "", ""], [], ["3", "4"], ["", "", ""]]
    assert read(tmp_path, rows) == (["a", "b"], [["1", ""], ["3", "4"]])


def test_a_column_without_a_header_is_kept_where_it_is_filled(tmp_path):
    assert read(tmp_path, [["a", "b", ""], ["1", "2", "3"]]) == (["a", "b", "column_3"], [["1", "2", "3"]])


@pytest.mark.parametrize("rows", [[], [[]], [["", ""], [""]]])
def test_a_table_without_a_filled_cell_is_told(tmp_path, rows):
    with pytest.raises(ValueError, match=r"book\.xlsx: no cell of it is filled"):
        read(tmp_path, rows)
