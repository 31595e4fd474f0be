"""Every raw row is used or set aside with a reason, exactly."""

import zipfile

import pytest

from feeds import ORDERS, check, rows_of
from shops import workbook


def test_a_column_may_be_an_expression_over_the_file(tmp_path):
    toml = ORDERS + "[tables.orders.columns]\namount = { sql = 'number(qty) * number(price)' }\n"
    _, good = check(tmp_path, toml, orders="order_id,customer_id,ordered_at,Qty,Price\n1,a,2024-01-01,3,2.5\n")
    assert good["amount"].tolist() == [7.5]


def test_an_expression_that_cannot_be_read_is_named(tmp_path):
    toml = ORDERS + "[tables.orders.columns]\namount = { sql = 'qty *' }\n"
    with pytest.raises(ValueError, match=r"^tables\.orders\.columns\.amount\.sql = 'qty \*': not an SQL expression"):
        check(tmp_path, toml, orders="order_id,customer_id,ordered_at,qty\n1,a,2024-01-01,3\n")


def test_a_column_that_an_expression_asks_for_and_the_file_lacks_is_told_by_its_names(tmp_path):
    raw = "order_id,customer_id,ordered_at,total\n1,a,2024-01-01,3\n"
    toml = ORDERS + "[tables.orders.columns]\namount = { sql = 'number(totl) / 100' }\n"
    with pytest.raises(
        ValueError, match=r"^orders\.amount \(sql\): no column 'totl' in the file\. Did you mean 'total'"
    ):
        check(tmp_path, toml, orders=raw)
    rule = ORDERS + "[[tables.orders.rules]]\nrule = 'paid'\nkeep = 'number(totl) > 0'\n"
    with pytest.raises(ValueError, match=r"^rule 1 \(keep\): no column 'totl' in the file\."):
        check(tmp_path, rule, orders=raw)


def test_a_join_looks_values_up_and_never_multiplies_rows(tmp_path):
    toml = (
        ORDERS + "join = [{ file = 'people.csv', on = 'account' }]\n[tables.orders.columns]\ncustomer_id = 'person'\n"
    )
    outcome, good = check(
        tmp_path,
        toml,
        orders="order_id,account,ordered_at,amount\n1,x,2024-01-01,5\n2,y,2024-01-01,5\n",
        people="account,person\nx,a\nx,b\n",
    )
    assert good[["order_id", "customer_id"]].to_numpy().tolist() == [["1", "a"]]
    assert rows_of(outcome, "customer_id is missing") == 1


def test_missing_required_columns_are_one_error_that_shows_how_to_map_them(tmp_path):
    with pytest.raises(ValueError) as caught:
        check(tmp_path, ORDERS, orders="id,Kunde,amount\n1,a,5\n")
    assert str(caught.value) == (
        "orders: missing order_id, customer_id, ordered_at. Found id, kunde, amount; "
        'map one in dataset.toml, such as [tables.orders.columns] order_id = "id".'
    )


def test_a_file_that_is_not_there_is_an_error_that_lists_what_is(tmp_path):
    with pytest.raises(ValueError, match="tables.orders.file = orders.csv: no such file .* Found bestellungen.csv"):
        check(tmp_path, ORDERS, bestellungen="a\n1\n")


def test_parts_of_one_name_in_several_folders_are_all_read(tmp_path):
    for month in ("2024-01", "2024-02"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "part.csv").write_text(
            f"order_id,customer_id,ordered_at,amount\n{month},a,{month}-03,5\n9,,,\n"
        )
    outcome, good = check(tmp_path, "[tables.orders]\nfile = '*/part.csv'\n")
    assert sorted(good["order_id"]) == ["2024-01", "2024-02"]
    assert sorted(outcome.quarantine["file"]) == ["2024-01/part.csv", "2024-02/part.csv"]


def test_files_in_which_one_header_has_signs_of_two_currencies_are_an_error_that_names_them(tmp_path):
    head, toml = "order_id,customer_id,ordered_at,Amount", ORDERS.replace("orders.csv", "orders*.csv")
    files = {"orders": f"{head} (€)\n1,a,2024-01-01,5\n", "orders_us": f"{head} ($)\n2,a,2024-01-01,5\n"}
    with pytest.raises(ValueError, match=r"orders: amount is amount_\$, amount_€, of several currencies"):
        check(tmp_path, toml, **files)
    _, good = check(tmp_path, toml, **(files | {"orders_us": files["orders_us"].replace("$", "€")}))
    assert good["amount"].tolist() == [5, 5]


def test_a_source_without_customers_must_say_so(tmp_path):
    outcome, good = check(
        tmp_path, ORDERS + "anonymous = true\n", orders="order_id,ordered_at,amount\n1,2024-01-01,5\n"
    )
    assert len(good) == 1 and "customer_id" not in good


def test_files_with_other_headers_feed_one_table_together(tmp_path):
    toml = (
        "[[tables.customers]]\nfile = 'shop.csv'\nattributes = { size = 'Size' }\nrules = [{ rule = 'test', keep = \"id <> '9'\" }]\n"
        "[tables.customers.columns]\ncustomer_id = 'id'\n"
        "[[tables.customers]]\nfile = 'app.csv'\nattributes = { device = 'Device' }\n"
        "[tables.customers.columns]\ncustomer_id = 'user'\njoined_at = 'since'\n"
    )
    outcome, good = check(
        tmp_path,
        toml,
        shop="id,city,size\n1,Köln,M\n9,Bonn,L\n2,,S\n",
        app="user,since,device\n9,2024-01-05,tablet\n1,,phone\n",
    )
    found = good.astype({"joined_at": str}).sort_values("customer_id").fillna("")
    assert found[["customer_id", "joined_at", "size", "device"]].to_numpy().tolist() == [
        ["1", "NaT", "M", "phone"],  # what one file does not say the other does
        ["2", "NaT", "S", ""],
        ["9", "2024-01-05", "", "tablet"],
    ]
    assert outcome.accounting["rows"][0] == 5 and rows_of(outcome, "test") == 1
    assert set(outcome.quarantine["file"]) == {"shop.csv"}


def test_two_sheets_of_one_workbook_feed_one_table(tmp_path):
    head, rows = ["order_id", "customer_id", "ordered_at"], [["1", "a", "2023-05-01"], ["2", "", "2023-05-02"]]
    tmp_path.joinpath("book.xlsx").write_bytes(
        workbook({"2023": [head, *rows], "2024": [head, ["3", "b", "2024-05-01"]]})
    )
    feeds = "".join(f"[[tables.orders]]\nfile = 'book.xlsx'\nsheet = '{sheet}'\n" for sheet in (2023, 2024))
    outcome, good = check(tmp_path, feeds)
    assert sorted(good["order_id"]) == ["1", "3"]
    assert outcome.quarantine["file"].tolist() == ["book.xlsx/2023"]
    with pytest.raises(ValueError, match="tables.orders: two of its feeds read 'book.xlsx/2023'"):
        check(tmp_path, feeds.replace("2024", "2023"))


def test_wide_answers_are_read_as_one_row_an_answer(tmp_path):
    toml = (
        "[tables.surveys]\nfile = 'wide.csv'\nunpivot = { columns = 'q*', name = 'question', value = 'score' }\n"
        "[tables.surveys.columns]\ncustomer_id = 'who'\nanswered_at = 'day'\n"
    )
    outcome, good = check(tmp_path, toml, wide="who,day,q1,q2\na,2024-01-01,5,4\nb,2024-01-02,,x\n")
    assert good[["customer_id", "question", "score"]].to_numpy().tolist() == [["a", "q1", 5], ["a", "q2", 4]]
    assert outcome.accounting["rows"][0] == 3 and rows_of(outcome, "score is not a number") == 1


def test_members_of_an_archive_are_files_of_their_own(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for month, line in (("01", "1,a,2024-01-05"), ("02", "2,,2024-02-05")):
            archive.writestr(f"orders_{month}.csv", f"order_id,customer_id,ordered_at\n{line}\n")
        archive.writestr("people.csv", "x\n")
    outcome, good = check(tmp_path, "[tables.orders]\nfile = 'export.zip/orders_*.csv'\n")
    assert good["order_id"].tolist() == ["1"]
    assert outcome.quarantine["file"].tolist() == ["export.zip/orders_02.csv"]


def test_refunds_that_are_all_written_negative_are_money_given_back_all_the_same(tmp_path):
    head = "order_id,customer_id,ordered_at,amount,refund\n"
    _, good = check(
        tmp_path / "a", ORDERS, orders=head + "1,a,2024-01-01,10,-4\n2,b,2024-01-02,5,0\n3,c,2024-01-03,5,(1)\n"
    )
    assert good.sort_values("order_id")["refund"].tolist() == [4, 0, 1]
    outcome, good = check(tmp_path / "b", ORDERS, orders=head + "1,a,2024-01-01,10,-4\n2,b,2024-01-02,5,2\n")
    assert (
        good.sort_values("order_id")["refund"].fillna(-1).tolist() == [-1, 2]
        and rows_of(outcome, "refund is below 0") == 1
    )


def test_the_name_of_a_file_settles_days_that_two_orders_leave_open(tmp_path):
    rows = "".join(f"o{day},c{day},{day:02d}/03/2025,10\n" for day in range(1, 11))
    toml = ORDERS.replace("orders.csv", "orders_2025-03.csv")
    _, good = check(tmp_path, toml, **{"orders_2025-03": "order_id,customer_id,ordered_at,amount\n" + rows})
    assert str(good["ordered_at"].max()) == "2025-03-10 00:00:00"
