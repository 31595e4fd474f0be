"""The first lines of a file tell how it is written."""

import pytest

from helpers.data.intake.files import forms


def form_of(tmp_path, text, delimiter="auto"):
    (tmp_path / "rows.csv").write_bytes(text.encode())
    return forms.found(tmp_path / "rows.csv", delimiter)


@pytest.mark.parametrize("text", ["sep=;\na;b\n1;2,5\n", "\ufeffsep=;\r\na;b\r\n1;2\r\n", '"sep=;"\na;b\n'])
def test_a_first_line_may_say_the_delimiter(tmp_path, text):
    form = form_of(tmp_path, text)
    assert (form.dialect.delimiter, form.header, form.first) == (";", ("a", "b"), 1)


def test_titles_and_blank_lines_stand_above_the_header(tmp_path):
    form = form_of(tmp_path, "销售报表\n\n导出时间：2024-01-01\n\n订单号,金额\n1,2\n")
    assert (form.header, form.first, form.after, form.titles) == (("订单号", "金额"), 4, 5, 2)


def test_a_header_may_have_line_breaks_in_quotes(tmp_path):
    form = form_of(tmp_path, '"order\nid","amount ""net"""\r\n1,2\r\n')
    assert (form.header, form.first, form.after, form.end) == (("order\nid", 'amount "net"'), 0, 2, b"\r\n")


def test_a_delimiter_of_the_settings_wins(tmp_path):
    assert form_of(tmp_path, "a,b;c\n1,2;3\n", ";").header == ("a,b", "c")
    assert form_of(tmp_path, "a:b\n1:2\n", ":").header == ("a", "b")


def test_one_column_has_no_delimiter_to_tell(tmp_path):
    form = form_of(tmp_path, "name\nBob\n")
    assert (form.header, forms.told(form.dialect)) == (("name",), "")


def test_lines_that_are_in_quotes_as_a_whole_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"^rows\.csv: each of its lines is in quotes as a whole\. Take these off"):
        form_of(tmp_path, '"id,day,amount"\n"1,2024-01-01,5"\n"2,2024-01-02,6"\n')
    assert form_of(tmp_path, '"said"\n"good, but slow"\n"quick"\n').header == ("said",)


@pytest.mark.parametrize("mark", ["::", "§", "¦"])
def test_a_mark_that_parts_the_fields_of_no_other_file_is_told(tmp_path, mark):
    (tmp_path / "a.csv").write_text(f"id{mark}day\n1{mark}2\n2{mark}3\n")
    with pytest.raises(ValueError, match=f"a.csv: '{mark}' seems to part its fields"):
        forms.found(tmp_path / "a.csv", "auto")
    (tmp_path / "b.csv").write_text("time:day\n8:30\n9\n")
    assert forms.found(tmp_path / "b.csv", "auto").header == ("time:day",)


def test_a_header_may_stand_alone_and_a_file_without_a_line_is_told(tmp_path):
    assert form_of(tmp_path, "a,b,c").header == ("a", "b", "c")
    for text in ("", "\n\r\n", "\ufeff"):
        with pytest.raises(ValueError, match="rows.csv: the file is empty. Export it again, with a header line."):
            form_of(tmp_path, text)


def test_backslashes_leave_the_rest_of_a_form_as_it_is(tmp_path):
    form = form_of(tmp_path, "a;b\n1;2\n")
    assert forms.with_backslashes(form).dialect.escape == "\\"
    assert forms.with_backslashes(form).header == form.header


def test_numbers_of_rows_that_r_writes_without_a_header_are_a_column_of_their_own(tmp_path):
    spaced = form_of(tmp_path, '"order_id" "amount"\n"1" "o1" 5\n"2" "o2" 7\n')
    assert (spaced.dialect.delimiter, spaced.header) == (" ", ("", "order_id", "amount"))
    assert form_of(tmp_path, "order_id\tamount\n1\to1\t5\n2\to2\t7\n").header == ("", "order_id", "amount")


@pytest.mark.parametrize("rows", ["1\to1\t5\n3\to2\t7\n", "1\to1\t5\n2\to2\n3\to2\t1\n", "1\to1\t5\n"])
def test_fields_beyond_the_header_that_do_not_count_rows_are_none_of_r(tmp_path, rows):
    assert form_of(tmp_path, "order_id\tamount\n" + rows).header[0] == "order_id"
