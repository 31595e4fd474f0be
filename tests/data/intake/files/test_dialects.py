"""Fields are told apart whatever their quotes are like."""

import pytest

from helpers.data.intake.files.dialects import NONE, Dialect, likeliest, records, width_of

COMMA = Dialect(",")


@pytest.mark.parametrize(
    ("record", "fields", "clean", "unclosed"),
    [
        ("1,a", ["1", "a"], True, False),
        ('1,"a, ""b"""', ["1", 'a, "b"'], True, False),
        ('"",""', ["", ""], True, False),
        ('1,5" nail', ["1", '5" nail'], False, False),
        ('1,"x"y', ["1", "xy"], False, False),
        ('1,"5 inch', ["1", '"5 inch'], False, True),
        ('1,"5 inch,3', ["1", '"5 inch', "3"], False, True),
        ('"a\nb",2', ["a\nb", "2"], True, False),
    ],
)
def test_a_record_is_split_at_marks_outside_quotes(record, fields, clean, unclosed):
    assert COMMA.split(record)[:3] == (fields, clean, unclosed)


def test_quotes_after_a_blank_count_where_asked():
    assert COMMA.split('1, "a, b" ,2', after_blanks=True).fields == ["1", "a, b", "2"]


def test_a_backslash_escapes_quotes_and_leaves_other_letters_alone():
    split = Dialect(",", "\\").split(r'"say \"hi\", \\ ok",\N,"C:\dir"')
    assert split.fields == ['say "hi", \\ ok', "\\N", "C:\\dir"]


def test_text_after_a_quote_that_closes_on_a_later_line_tears_the_field():
    assert COMMA.split('1,"5 inch\n2,"ok"').torn
    assert not COMMA.split('1,"5\ninch"').torn


@pytest.mark.parametrize("fields", [["a", 'b"c'], ["a,b", ""], ["x\r\ny", "z"]])
def test_joined_fields_split_into_the_same(fields):
    assert COMMA.split(COMMA.joined(fields))[:3] == (fields, True, False)


def test_records_go_on_over_lines_and_blank_lines_are_none():
    lines = ["a,b", "", '1,"x', 'y"', '2,"never']
    assert list(records(lines, COMMA)) == [(0, 1, ["a", "b"]), (2, 4, ["1", "x\ny"]), (4, 5, ["2", '"never'])]


@pytest.mark.parametrize(
    ("lines", "mark", "width"),
    [
        (["Report, January, 2024", "id;who;n", "1;a;2,5", "2;b;3,5"], ";", 3),
        (["a\tb", "1,5\t2", "3,5\t4"], "\t", 2),
        (["id|tags", "1|x,y", "2|x,y"], "|", 2),
        (["name", "Bob", "Ann"], NONE, 1),
        (["name", "Smith, John", "Doe, Jane"], NONE, 1),
        (["name", "Bob", "Smith,John", "Ann", "Eve"], NONE, 1),
        (["title", "a,b", "1,2", "3", "4,5", "6,7"], ",", 2),
    ],
)
def test_the_delimiter_is_the_mark_that_parts_most_records_alike(lines, mark, width):
    assert likeliest(lines) == (Dialect(mark), width)


def test_a_delimiter_that_is_known_has_a_width():
    assert width_of(["a:b", "1:2", "3:4:5"], Dialect(":")) == 2


@pytest.mark.parametrize("mark", ["^", "~", "\x01"])
def test_marks_of_warehouses_part_fields_too(mark):
    lines = [mark.join(("id", "name", "amount")), mark.join(("1", "a, b", "2.5")), mark.join(("2", "c", "3.5"))]
    assert likeliest(lines) == (Dialect(mark), 3)


def test_remarks_around_a_table_do_not_tell_how_it_is_delimited():
    remarks = ["#a bill", "#of an account", "#from here"]
    assert likeliest([*remarks, "id,name,amount", "1,a,2", *remarks, "#the end"]) == (COMMA, 3)
    assert likeliest(["#id,name", "#1,a"]) == (COMMA, 2)
