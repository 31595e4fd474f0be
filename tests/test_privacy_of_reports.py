"""The canaries are looked for in pages, notebooks as they ran, words drawn in figures, tables, workbooks and the manifest.

The demo's own customers, orders and tickets are looked for as well.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image, PngImagePlugin

from canaries import KINDS, TELLING, id_number, people
from helpers.data import contracts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.reports.exports import books
from helpers.reports.exports.workbook import SHEETS
from subtraction import across, attacked

INLINE_PNG = re.compile(r"iVBORw0KGgo[\w+/=]+")  # a PNG within a page or a notebook
TYPEFACE = re.compile(r"data:font/\w+;base64,[\w+/=]+")

# Columns of saved tables that name customers on purpose, or are the team's own records as they stand; all others are
# searched. Pages link these tables and show nothing of these columns.
OWN = {
    "segments": {"customer_id"},  # whom a campaign addresses
    "churn_risk": {"customer_id"},  # whom to call
    "value": {"customer_id"},  # whom to keep at some cost
    "underserved": {"customer_id"},  # whom to serve better
    "advocates": {"customer_id"},  # whom to invite
    "snapshot": {"customer_id"},  # what later work goes on from
    "health": {"customer_id"},  # whom to look after
    "offers": {"customer_id"},  # whom to offer what
    "due": {"customer_id"},  # whom to remind
    "plan_history": {"customer_id", "owner", "action_key", "action", "family", "season", "channel"},  # as planned elsewhere
}  # fmt: skip
# Which may hold some, by lot and by what customers bought: who is ready for dearer goods, who does what for whom, and
# the same list as a CRM takes it. Who is held out falls by the project's own key, another in every checkout.
MAY_HOLD = {
    "up_sell": {"customer_id"}, "actions": {"customer_id", "owner"}, "generic": {"customer_id", "owner"},
}  # fmt: skip


def words(path: Path) -> str:
    """All that a file of the report says to somebody who searches it: markup decoded, what inlined PNGs carry added."""
    if path.suffix == ".png":
        return carried(path.read_bytes())
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(html.unescape(book.read(name).decode()) for name in book.namelist())
    text = TYPEFACE.sub("", path.read_text(encoding="utf-8-sig"))  # in whose letters any word may stand by chance
    if path.suffix in (".json", ".ipynb"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    pictures = (carried(base64.b64decode(found)) for found in INLINE_PNG.findall(text))
    return "\n".join([html.unescape(text), *pictures])


def carried(png: bytes) -> str:
    """The metadata of a PNG."""
    with Image.open(io.BytesIO(png)) as image:
        return repr(image.info)


def searched(path: Path) -> str:
    """The words of a saved table without the columns that name customers on purpose."""
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig") if path.suffix == ".csv" else pd.read_parquet(path)
    kept = frame.drop(columns=list((OWN | MAY_HOLD).get(path.stem, ())))
    return "\n".join([*kept.columns, *(text for column in kept for text in map(str, kept[column].dropna()))])


def test_the_whole_report_is_there_to_be_searched(reported):
    problems = {word: outcome.problem for word, outcome in reported.run.outcomes.items()}
    assert not any(problems.values()), problems
    assert len(reported.files(".html")) >= len(problems) + 2


def test_every_text_column_that_an_analysis_can_read_holds_canaries_of_every_kind(reported):
    lacking = {}
    for name, table in reported.data.tables.items():
        for column in (column for column, type_ in table.schema().items() if type_.is_string()):
            values = table.select(column).distinct().execute()[column].dropna()
            text = "\n".join(values)
            placed = {
                place.partition(", ")[2]
                for value, place in reported.places.items()
                if value in text and place.startswith(f"{name}.{column},")
            }
            if values.size and placed != set(KINDS):
                lacking[f"{name}.{column}"] = set(KINDS) - placed
    chosen = {
        f"{each.name}.{column.name}" for each in contracts.TABLES.values() for column in each.columns if column.choices
    }
    assert lacking.pop("order_items.order_id") == set(KINDS)  # only lines of known orders are read
    nobodys = {each for each in lacking if each.startswith(("products.", "spending."))}
    assert set(lacking) - nobodys <= chosen  # nothing but a known word is read
    assert len(reported.places) > 30 * len(KINDS)


def test_a_canary_stands_for_fewer_customers_than_are_shown_by_themselves(reported):
    customers = reported.data.tables["tickets"].group_by("workgroup").agg(n=lambda rows: rows.customer_id.nunique())
    sizes = customers.execute().set_index("workgroup")["n"]
    planted = sizes[sizes.index.isin(reported.places)]
    assert sorted(planted) == [1, 1, 2, 3, 4] and planted.max() < SMALLEST_GROUP


def test_no_page_tells_of_a_canary_or_names_a_customer_an_order_or_a_ticket(reported):
    told = {path.name: found for path in reported.files(".html") if (found := reported.told(words(path)))}
    assert not told
    assert {"index.html", "mail.html", "sheets.html"} <= {path.name for path in reported.files(".html")}


def test_no_workbook_tells_of_them_and_all_sums_are_in_it(reported):
    workbooks = [path for path in reported.files(".xlsx") if path.stem not in MAY_HOLD]  # the list as a team marks it
    assert {path.parent for path in workbooks} == {path.parent for path in reported.files(".html")} - {reported.out}
    assert not {path.name: found for path in workbooks if (found := reported.told(words(path)))}
    summed = {path.stem for path in reported.files(".parquet")} - {"plan_history", *OWN, *MAY_HOLD, "quarantine"}
    assert summed <= set(SHEETS)


def test_no_table_of_a_page_or_of_the_workbook_tells_a_count_of_too_few_by_numerator_complement_or_subtraction(
    reported,
):
    told = attacked(reported.pages)
    assert told.shown == [] and told.tables > 150
    assert len(told.hidden) >= 15  # of the same tables, which the layer has not passed, the attack tells many


def test_tables_of_different_pages_tell_no_count_of_too_few_together(reported):
    everybody = len(reported.data.customers)
    assert across(reported.pages, everybody) == []
    assert across(
        reported.pages, everybody, passed=lambda frame, columns: frame
    )  # which there would be without the layer


def test_lists_of_customers_are_for_their_owner_alone(reported):
    lists = [path for path in reported.files(".csv", ".parquet", ".xlsx") if path.stem in OWN | MAY_HOLD]
    assert {path.stat().st_mode & 0o077 for path in lists} == {0}


def test_no_notebook_as_it_ran_nor_the_manifest_tells_of_them(reported):
    told = {path.name: found for path in reported.files(".ipynb", ".json") if (found := reported.told(words(path)))}
    assert not told


def test_no_figure_has_them_written_in_it_nor_does_a_png_carry_them(reported):
    assert len(reported.pages) == len(reported.run.outcomes) and all(page.drawn for page in reported.pages)
    drawn = "\n".join(words for page in reported.pages for words in page.drawn)
    assert not reported.told(drawn)
    assert not {path.name: found for path in reported.files(".png") if (found := reported.told(words(path)))}


def test_no_table_tells_of_them_but_where_it_names_customers_on_purpose(reported):
    tables = reported.files(".csv", ".parquet")
    told = {path.name: found for path in tables if (found := reported.told(searched(path)))}
    assert not told


@pytest.mark.parametrize("name", OWN)
def test_what_is_not_searched_is_there_and_does_hold_customers(reported, name):
    """So that an exemption which nothing needs any more is taken back."""
    (path,) = reported.run.folder.rglob(f"{name}.csv")
    table = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    assert {column for column in OWN[name] if reported.told("\n".join(table[column].dropna()))} == OWN[name]


def test_nothing_in_a_report_is_of_a_kind_that_is_not_searched(reported):
    kinds = {path.suffix for path in reported.out.rglob("*") if path.is_file()}
    assert kinds <= {".html", ".ipynb", ".json", ".csv", ".parquet", ".png", ".xlsx"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_is_found_wherever_it_hides(tmp_path, kind):
    value = people(7)[kind]
    note = PngImagePlugin.PngInfo()
    note.add_text("Title", value)
    Image.new("1", (1, 1)).save(tmp_path / "figure.png", pnginfo=note)
    png = base64.b64encode((tmp_path / "figure.png").read_bytes()).decode()
    (tmp_path / "page.html").write_text("".join(f"&#{ord(letter)};" for letter in value), encoding="utf-8")
    (tmp_path / "inline.html").write_text(f'<img src="data:image/png;base64,{png}">', encoding="utf-8")
    with books.book(tmp_path / "report.xlsx") as book:
        book.add_worksheet("a").write_string(0, 0, books.text(value))
    (tmp_path / "run.ipynb").write_text(json.dumps({"metadata": {"kehu": {"headline": value}}}), encoding="ascii")
    assert all(TELLING.search(words(path)) for path in tmp_path.iterdir())


def test_identity_numbers_check_as_the_standard_does():
    assert id_number("11010519491231002") == "11010519491231002X"  # the example of GB 11643-1999
    assert {id_number(f"11010119900307{n:03}")[-1] for n in range(40)} >= {"X", "0", "1"}
