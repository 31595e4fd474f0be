"""Objects of JSON become rows, their keys headers."""

import json

import pytest

from helpers.data.intake.files import documents

OWNED = [{"id": "001", "owner": {"id": 7, "team": {"name": "A"}}}, {"id": "2", "owner": None, "tags": ["x", 1]}]
AS_ROWS = (
    ["id", "owner_id", "owner_team", "owner_team_name", "tags"],
    [["001", "7", '{"name":"A"}', "A", ""], ["2", "", "", "", '["x",1]']],
)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(OWNED),
        json.dumps(OWNED, indent=2),
        "\n".join(map(json.dumps, OWNED)),
        "\r\n\r\n".join(map(json.dumps, OWNED)) + "\r\n",
        "\n".join(json.dumps(each, indent=1) for each in OWNED),
        json.dumps({"data": OWNED, "total": 2}),
        json.dumps({"code": 0, "result": {"page": 1, "records": OWNED}, "message": "ok"}),
    ],
    ids=["list", "indented", "lines", "blank lines", "one after another", "within", "deeper within"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_of_objects_is_found_wherever_it_stands(read, content, encoding):
    assert read("orders.json", content.encode(encoding)) == AS_ROWS


def test_the_edges_of_an_answer_are_rows_of_their_nodes(read):
    nodes = [{"id": 1, "total": {"shop": {"amount": "5.0", "code": "EUR"}}}, {"id": 2, "total": None}]
    edges = [{"cursor": "x", "node": node} for node in nodes]
    rows = (
        ["id", "total_shop", "total_shop_amount", "total_shop_code"],
        [["1", '{"amount":"5.0","code":"EUR"}', "5.0", "EUR"], ["2", "", "", ""]],
    )
    answer = {"data": {"orders": {"edges": edges, "pageInfo": {"hasNextPage": False}}}}
    assert read("a.json", json.dumps(answer)) == read("b.json", json.dumps(edges)) == rows
    mixed = [{"node": 1, "id": 2}, {"node": 3, "id": 4}]
    assert read("c.json", json.dumps(mixed)) == (["node", "id"], [["1", "2"], ["3", "4"]])


def test_values_stand_as_they_are_written(read):
    content = '[{"long": 12345678901234567890123, "zero": "007", "yes": true, "none": null, "said": "\\u4e2d\\n\\"", "x": 1.5}]'
    assert read("a.json", content)[1] == [["12345678901234567890123", "007", "true", "", '中\n"', "1.5"]]


def test_keys_that_only_later_objects_have_are_headers_too(read):
    assert read("a.jsonl", '{"a": 1}\n{"b": 2}\n{"A": 3}\n') == (
        ["a", "b", "a_2"],
        [["1", "", ""], ["", "2", ""], ["", "", "3"]],
    )


def test_keys_with_marks_in_them_are_read(read):
    assert read("a.json", '[{"a.b": 1, "c/d": 2, "e~f": 3, "g\\"h": 4, "": 5, "属性": {"颜色": 6}}]') == (
        ["a_b", "c_d", "e_f", "g_h", "column_5", "属性_颜色"],
        [["1", "2", "3", "4", "5", "6"]],
    )


def test_a_key_that_is_an_object_in_some_rows_only_stays_as_it_is(read):
    assert read("a.json", '[{"m": {"z": 1}}, {"m": 3}]') == (["m"], [['{"z":1}'], ["3"]])


def test_one_object_is_a_row_and_so_is_one_line_that_holds_a_list(read):
    assert read("a.json", '{"a": 1, "b": "x"}') == (["a", "b"], [["1", "x"]])
    lines = '{"id": 1, "items": [{"sku": 1}]}\n{"id": 2, "items": []}\n'
    assert read("a.jsonl", lines) == (["id", "items"], [["1", '[{"sku":1}]'], ["2", "[]"]])
    assert read("a.jsonl", lines.splitlines()[0]) == (["id", "items"], [["1", '[{"sku":1}]']])


def test_of_several_lists_the_one_that_is_named_counts(read):
    content = '{"orders": [{"id": 1}], "data": {"returns": [{"no": 2}]}}'
    with pytest.raises(
        ValueError, match="several lists of objects. Write sheet = 'orders', or .* orders, data.returns"
    ):
        read("a.json", content)
    assert read("a.json", content, sheet="data.returns") == (["no"], [["2"]]) and read.told == "list data.returns"
    with pytest.raises(ValueError, match="no list 'customers' of objects. It has orders, data.returns"):
        read("a.json", content, sheet="customers")


def test_pages_of_an_answer_one_after_another_are_read_by_the_name_of_their_list(read):
    assert read("a.jsonl", '{"data": [{"id": 1}]}\n{"data": [{"id": 2}]}\n', sheet="data") == (["id"], [["1"], ["2"]])


def test_an_encoding_that_settings_name_is_read(read):
    assert read("a.json", '[{"名": "张三"}]'.encode("gb18030"), encoding="gb18030") == (["名"], [["张三"]])


@pytest.mark.parametrize(
    "content, said",
    [
        (b'{"a": 1}\n{"a": 2\n{"a": 3}\n', "line 3 is no JSON in UTF-8"),
        (b'{"a": 1}\n{"a": "\xff\xfe"}\n', "line 2 is no JSON in UTF-8"),
        (b'[\n{"a": 1},\n{"a": 2}', "line 3 is no JSON in UTF-8, or is cut off"),
        (b"oops", "line 1 is no JSON"),
        (b"[]", "its list is empty"),
        (b'{"data": []}', "its list is empty"),
        (b"[[1, 2], [3, 4]]", "not all of its rows are objects"),
        (b'[{"a": 1}, 5]', "not all of its rows are objects"),
        (b"[1, 2]", "not all of its rows are objects"),
        (b"{}", "not all of its rows are objects"),
        (b'{"a": [1, 2], "b": ["x", "y"]}', "it has a list for each column"),
        (b'{"columns": ["a"], "data": [[1], [2]]}', "it has a list for each column"),
        (b'{"1": {"a": 1}, "2": {"a": 2}}', "it is no list of objects, but one with a key for each"),
        (b'[{"a":' * 4_000 + b"1" + b"}]" * 4_000, "it is nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_list_of_objects_is_told_in_a_sentence(read, content, said):
    with pytest.raises(ValueError, match=rf"^a\.json: .*{said}.*\.$"):
        read("a.json", content)


def test_ids_for_keys_are_told_and_not_made_thousands_of_headers(read, monkeypatch):
    monkeypatch.setattr(documents, "WIDEST", 3)
    with pytest.raises(ValueError, match="its objects have more than 3 keys"):
        read("a.json", '[{"a": 1, "b": {"c": 1, "d": 2, "e": 3}}]')
