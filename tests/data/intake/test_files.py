"""Files as a stranger's programs write them feed one table together: every record is read, and none twice."""

import gzip
import io
import json
import sqlite3
import zipfile

import duckdb
import pandas as pd
import pytest

from helpers.data import datasets
from shops import workbook

HEAD = "order_id,customer_id,ordered_at,amount"
ROWS = ["1,a,2024-03-05,10.50", "2,b,2024-03-06,20.00", "3,c,2024-03-07,30.25"]
CSV = "\n".join([HEAD, *ROWS]) + "\n"
CELLS = [line.split(",") for line in CSV.splitlines()]
RECORDS = [dict(zip(CELLS[0], line, strict=True)) for line in CELLS[1:]]


def zipped(**members):
    """An archive of these members, whose names end in .csv."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return file.getvalue()


def html(rows):
    """A page with one table, as programs write it under the name of a workbook."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table>{lines}</table></body></html>"


def sqlite(path):
    """A database of which one table has the orders, another something else."""
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (order_id INTEGER, customer_id TEXT, ordered_at TEXT, amount REAL)")
        base.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", CELLS[1:])
        base.execute("CREATE TABLE other (x INTEGER)")
    base.close()


def duck(path):
    """The same in DuckDB's own format, in its types."""
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE TABLE orders (order_id BIGINT, customer_id TEXT, ordered_at DATE, amount DECIMAL(9, 2))")
        base.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", CELLS[1:])
        base.execute("CREATE TABLE other (x INTEGER)")


def parquet(path):
    """The same in Parquet, with numbers for ids."""
    frame = pd.DataFrame(RECORDS).astype({"order_id": int, "amount": float, "ordered_at": "datetime64[us]"})
    frame.to_parquet(path)


# by name: the file, and more words about it where they are needed
FORMS = {
    "plain.csv": CSV,
    "gzipped.csv.gz": gzip.compress(CSV.encode()),
    "archive.zip": zipped(orders=CSV),
    "records.json": json.dumps(RECORDS),
    "nested.json": json.dumps({"meta": {"n": 3}, "orders": RECORDS}),
    "lines.jsonl": "".join(json.dumps(record) + "\n" for record in RECORDS),
    "lines.ndjson.gz": gzip.compress("".join(json.dumps(record) + "\n" for record in RECORDS).encode()),
    "base.sqlite": sqlite,
    "duck.duckdb": duck,
    "columns.parquet": parquet,
    "book.xlsx": workbook({"orders": CELLS}),
    "book_of_one.xlsx": workbook({"notes": [], "orders": CELLS, "chart": []}),
    "book_with_title.xlsx": workbook({"orders": [["Orders of March"], [], *CELLS]}),
    "page.xls": html(CELLS),
    "page_with_title.xls": html([["Orders"], *CELLS]),
    "text.xls": CSV.replace(",", "\t"),
    "semicolons.csv": CSV.replace(",", ";").replace(".", ","),
    "sep.csv": "sep=;\n" + CSV.replace(",", ";"),
    "sep_crlf.csv": ("sep=,\n" + CSV).replace("\n", "\r\n"),
    "pipes.txt": CSV.replace(",", "|"),
    "tabs.tsv": CSV.replace(",", "\t"),
    "title.csv": "Orders of March\n\n" + CSV,
    "titles.csv": "Orders of March,,,\nmade on 2024-04-01,,,\n,,,\n" + CSV,
    "total.csv": CSV + "合计,,,60.75\n",
    "total_behind.csv": CSV + ",,Total,60.75\n",
    "grand_total.csv": CSV + "\nGrand Total,,,60.75\n",
    "headers_inside.csv": CSV.replace(ROWS[2], HEAD + "\n" + ROWS[2]),
    "mixed_ends.csv": f"{HEAD}\r\n{ROWS[0]}\n{ROWS[1]}\r\n{ROWS[2]}\n",
    "old_mac.csv": CSV.replace("\n", "\r"),
    "no_end.csv": CSV.rstrip("\n"),
    "blank_lines.csv": CSV.replace("\n", "\n\n"),
    "blanks_around.csv": CSV.replace(",", " , "),
    "quoted.csv": "\n".join(",".join(f'"{cell}"' for cell in row) for row in CELLS),
    "trailing.csv": CSV.replace("\n", ",\n"),
    "short.csv": f"{HEAD},note,more\n" + "\n".join(ROWS) + "\n",
    "marked.csv": b"\xef\xbb\xbf" + CSV.encode(),
    "utf_16.csv": CSV.encode("utf-16"),
    "utf_16_le.csv": CSV.encode("utf-16-le"),
    "nuls.csv": CSV.replace("10.50", "10.50\0"),
    "late.csv": f"{HEAD},city\n" + "\n".join(f"{row},{'x' * 70_000}" for row in ROWS[:2]) + f"\n{ROWS[2]},Málaga\n",
    "latin.csv": f"{HEAD},city\n{ROWS[0]},Málaga\n{ROWS[1]},Köln\n{ROWS[2]},Besançon\n".encode("cp1252"),
    "chinese.csv": f"{HEAD},city\n{ROWS[0]},上海\n{ROWS[1]},北京\n{ROWS[2]},广州\n".encode("gb18030"),
    "taiwanese.csv": f"{HEAD},city\n{ROWS[0]},臺北市\n{ROWS[1]},高雄市\n{ROWS[2]},新竹縣\n".encode("big5"),
    "japanese.csv": f"{HEAD},city\n{ROWS[0]},東京都\n{ROWS[1]},大阪府\n{ROWS[2]},さいたま市\n".encode("cp932"),
    "upper.csv": CSV.replace(HEAD, HEAD.upper()),
    "spaced.csv": CSV.replace(HEAD, "Order ID,Customer ID,Ordered At,Amount"),
    "repeated_header.csv": f"{HEAD},amount\n" + "".join(f"{row},9\n" for row in ROWS),
    "newline_inside.csv": f'{HEAD},note\n{ROWS[0]},"two\nlines"\n{ROWS[1]},"a ""b"""\n{ROWS[2]},\n',
    "bang.csv": CSV.replace(",", "!"),
    "control.csv": CSV.replace(",", "\x01"),
}
WORDS = {
    "nested.json": "sheet = 'orders'",
    "bang.csv": "delimiter = '!'",
    "control.csv": 'delimiter = "\\u0001"',
    "base.sqlite": "table = 'orders'",
    "duck.duckdb": "query = 'SELECT * FROM orders WHERE amount > 0'",
}
NAMED = {
    "spaced.csv": "order_id = 'Order ID'\ncustomer_id = 'Customer ID'\nordered_at = 'Ordered At'\namount = 'Amount'"
}
ASIDE = {  # lines that are no records of the table, and why
    "total.csv": "row is a total",
    "total_behind.csv": "row is a total",
    "grand_total.csv": "row is a total",
    "headers_inside.csv": "row repeats the header",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """One data set that all forms feed, each row with the name of its file as category."""
    folder, words = tmp_path_factory.mktemp("forms"), []
    for name, content in FORMS.items():
        if callable(content):
            content(folder / name)
        else:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        words += [f"[[tables.order_items]]\nfile = '{name}'\n{WORDS.get(name, '')}", "[tables.order_items.columns]"]
        words += [f"category = {{ sql = \"'{name}'\" }}", NAMED.get(name, "")]
    (folder / "dataset.toml").write_text("\n".join(words))
    return datasets.open(folder, prepared=tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def lines(opened):
    """The lines of all files."""
    return opened.tables["order_items"].execute()


@pytest.mark.parametrize("name", FORMS)
def test_every_record_of_a_file_is_read_whatever_its_form(lines, name):
    found = lines[lines["category"] == name].sort_values("order_id")
    assert found[["order_id", "customer_id"]].to_numpy().tolist() == [["1", "a"], ["2", "b"], ["3", "c"]]
    assert found["ordered_at"].tolist() == list(pd.to_datetime(["2024-03-05", "2024-03-06", "2024-03-07"]))
    assert found["amount"].tolist() == [10.5, 20, 30.25]


def test_lines_that_are_no_records_are_named_and_all_are_accounted_for(opened):
    aside = pd.read_parquet(opened.quarantine_path)
    assert aside.set_index("file")["rule"].to_dict() == ASIDE
    rows = opened.accounting.groupby("outcome")["rows"].sum()
    assert rows["read"] == rows["used"] + rows["quarantined"] == 3 * len(FORMS) + len(ASIDE)
    money = opened.accounting.set_index("outcome")["money"]
    assert money["read"] == money["used"] == pytest.approx(60.75 * len(FORMS))
