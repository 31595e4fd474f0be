"""Canaries: made-up people put into every text column of the demo, who must not be found anywhere in its report.

In each column a name, a phone number, an e-mail address, a 身份证 number and a customer id stand for one to four
customers, fewer than are ever shown by themselves, and in several of their rows. Every notebook runs once on that
copy. Then pages, notebooks as they ran, words drawn in figures, tables and the manifest are searched for the
canaries, and for the demo's own customers, orders and tickets.
"""

from __future__ import annotations

import base64
import html
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image, PngImagePlugin

from helpers.data import contracts, datasets
from helpers.data.intake import files, settings
from helpers.data.intake.schema import Feed
from helpers.findings.folding import SMALLEST_GROUP
from helpers.reports import run
from helpers.reports.run import Run

ROWS_EACH = 8  # of a customer, where there are as many: counting rows must not be taken for counting customers
KINDS = ("name", "phone", "e-mail", "身份证 number", "customer id")
RARE = "龘靐齉爩鱻麤灪龗厵"  # the demo has none of these, so that a part of a name is known as well
ALONE = r"(?<![a-z\d]){}(?![a-z\d])"
NUMBERS = (
    r"1990731\d{4}",
    r"11010119900307\d{3}[\dX]?",
)  # a phone and a 身份证; digits within a longer number are none
PEOPLE = (f"[{RARE}]{{1,2}}", "kanari[a-z]{2}", *(rf"(?<!\d){each}(?!\d)" for each in NUMBERS), ALONE.format(r"C\d{4}"))
TELLING = re.compile("|".join([*PEOPLE, ALONE.format(r"[OT]\d{5}")]), re.IGNORECASE)  # orders and tickets, too
INLINE_PNG = re.compile(r"iVBORw0KGgo[\w+/=]+")  # a PNG within a page or a notebook

# Columns of saved tables that name customers on purpose, or are the team's own records as they stand; all others are
# searched. Pages link these tables and show nothing of these columns.
OWN = {
    "segments": {"customer_id"},  # whom a campaign addresses
    "churn_risk": {"customer_id"},  # whom to call
    "value": {"customer_id"},  # whom to keep at some cost
    "underserved": {"customer_id"},  # whom to serve better
    "advocates": {"customer_id"},  # whom to invite
    "snapshot": {"customer_id"},  # what later work goes on from
}  # fmt: skip
BESIDE = ("手机号", "Email", "出生年份")  # of customers: two that nothing maps, and one in which a text is set aside

# What every kernel runs first. A figure's letters are published as shapes, so its words are noted as they are drawn.
LISTENER = """
import os
from pathlib import Path
from matplotlib.backends.backend_svg import RendererSVG

def noted(self, gc, x, y, s, *rest, _draw=RendererSVG.draw_text, **options):
    with Path({notes!r}, str(os.getpid())).open("a", encoding="utf-8") as file:
        file.write(s + "\\n")
    return _draw(self, gc, x, y, s, *rest, **options)

RendererSVG.draw_text = noted
"""


@dataclass(frozen=True)
class Reported:
    """A finished report of planted data."""

    run: Run
    data: datasets.Dataset
    out: Path  # the folder of all reports
    notes: Path  # the folder of the words drawn, a file a kernel
    places: dict[str, str]  # for each canary its column and kind

    def files(self, *suffixes: str) -> list[Path]:
        """The report's files with these suffixes, the list of all reports among them."""
        return [path for path in sorted(self.out.rglob("*")) if path.is_file() and path.suffix in suffixes]

    def told(self, words: str) -> set[str]:
        """The canaries and identifiers found in `words`, each with the column that it comes from."""
        found = set(TELLING.findall(words))
        return {f"{mark} ({self._place(mark)})" for mark in found}

    def _place(self, mark: str) -> str:
        return next((place for value, place in self.places.items() if mark.lower() in value.lower()), "the demo")


def people(n: int) -> dict[str, str]:
    """The canaries of column number `n`, by kind."""
    word = f"kanari{chr(97 + n // 26)}{chr(97 + n % 26)}"
    name = "欧阳" + RARE[n // len(RARE)] + RARE[n % len(RARE)]
    values = (name, f"1990731{n:04}", f"{word}@{word}.example", id_number(f"11010119900307{n:03}"), f"C9{n:03}")
    return dict(zip(KINDS, values, strict=True))


def id_number(first: str) -> str:
    """The 身份证 number of 18 digits that begins with these 17 (GB 11643-1999, check digit of ISO 7064 MOD 11-2)."""
    total = sum(int(digit) << place for place, digit in zip(range(17, 0, -1), first, strict=True))
    return first + "10X98765432"[total % 11]


def sentence(value: str) -> str:
    """What somebody writes who wants to be reached."""
    return f"质量太差，要求退款，请联系{value} quickly"


def plant(folder: Path) -> dict[str, str]:
    """Puts canaries into the files of the data set in `folder`; for each the column that it stands in and its kind."""
    places: dict[str, str] = {}
    for feed in settings.read(folder).feeds.values():
        path, contract = files.find(folder, feed.file)[-1], contracts.TABLES[feed.table]
        frame, form = read(path)
        headers = text_columns(frame, feed)
        owner = frame["订单编号" if feed.table == "order_items" else headers["customer_id"]].copy()
        free = set(owner) - {""}
        for column, header in headers.items():
            values = frame[header] if header in frame else owner
            owners = iter(owner[(values != "") & owner.isin(free)].value_counts().index)
            known = contract.column(column)
            for n, (kind, value) in enumerate(people(len(places) // len(KINDS)).items()):
                few = [next(owners) for _ in range(1 + n % 4)]
                free -= set(few)
                rows = [row for one in few for row in owner.index[owner == one][:ROWS_EACH]]
                written = sentence(value) if known and known.type == contracts.PROSE else value
                frame.loc[rows[:1] if contract.key == (column,) else rows, header] = written
                places[value] = f"{feed.table}.{column}, {kind}"
        frame.fillna("").to_csv(path, index=False, **form)
    return places


def text_columns(frame: pd.DataFrame, feed: Feed) -> dict[str, str]:
    """The text columns that can be read from a file, and its header for each; a new one for those that it lacks."""
    headers = {files.fold(header): header for header in frame.columns}
    contract = contracts.TABLES[feed.table]
    words = [column.name for column in contract.columns if column.type in contracts.WORDS and not column.consumed]
    wanted = {name: (name,) for name in words}
    wanted |= {name: origin.headers for name, origin in feed.columns.items() if name in wanted}
    wanted |= {extra.name: extra.origin.headers for extra in feed.extras if extra.type == contracts.TEXT}
    wanted |= {header: (header,) for header in BESIDE if feed.table == "customers"}
    if feed.table == "order_items":  # its lines belong to orders, and through them to customers
        wanted = {name: names for name, names in wanted.items() if name not in ("order_id", "customer_id")}
    return {
        name: next((headers[found] for found in map(files.fold, names) if found in headers), name)
        for name, names in wanted.items()
    }


def read(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """A file of the demo as text, and the encoding and the separator that it is to be written with again."""
    encoding = files.detected_encoding(path).replace("utf-8", "utf-8-sig")
    first = path.read_text(encoding=encoding).splitlines()[0]
    form = {"encoding": encoding, "sep": max(files.DELIMITERS, key=first.count)}
    return pd.read_csv(path, dtype=str, keep_default_na=False, **form), form


def words(path: Path) -> str:
    """All that a file of the report says to somebody who searches it: markup decoded, what inlined PNGs carry added."""
    if path.suffix == ".png":
        return carried(path.read_bytes())
    text = path.read_text(encoding="utf-8-sig")
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
    kept = frame.drop(columns=list(OWN.get(path.stem, ())))
    return "\n".join([*kept.columns, *(text for column in kept for text in map(str, kept[column].dropna()))])


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Iterator[Reported]:
    """The report of a copy of the demo in which canaries are planted."""
    home = tmp_path_factory.mktemp("canaries")
    folder = home / f"shop{os.getpid()}"  # what is prepared of it is kept by this name
    shutil.copytree(datasets.RAW / "demo", folder)
    places = plant(folder)
    data = datasets.open(folder)
    notes, startup = home / "notes", home / "ipython" / "profile_default" / "startup"
    notes.mkdir()
    startup.mkdir(parents=True)
    (startup / "listener.py").write_text(LISTENER.format(notes=str(notes)), encoding="utf-8")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IPYTHONDIR", str(home / "ipython"))
            done = run.report(str(folder), out=home / "reports")
        yield Reported(done, data, home / "reports", notes, places)
    finally:
        shutil.rmtree(data.snapshot_path.parent)


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
    assert lacking == {"order_items.order_id": set(KINDS)}  # only lines of known orders are read
    assert len(reported.places) > 30 * len(KINDS)


def test_a_canary_stands_for_fewer_customers_than_are_shown_by_themselves(reported):
    customers = reported.data.tables["tickets"].group_by("workgroup").agg(n=lambda rows: rows.customer_id.nunique())
    sizes = customers.execute().set_index("workgroup")["n"]
    planted = sizes[sizes.index.isin(reported.places)]
    assert sorted(planted) == [1, 1, 2, 3, 4] and planted.max() < SMALLEST_GROUP


def test_no_page_tells_of_a_canary_or_names_a_customer_an_order_or_a_ticket(reported):
    told = {path.name: found for path in reported.files(".html") if (found := reported.told(words(path)))}
    assert not told


def test_no_notebook_as_it_ran_nor_the_manifest_tells_of_them(reported):
    told = {path.name: found for path in reported.files(".ipynb", ".json") if (found := reported.told(words(path)))}
    assert not told


def test_no_figure_has_them_written_in_it_nor_does_a_png_carry_them(reported):
    drawn = "\n".join(path.read_text(encoding="utf-8") for path in sorted(reported.notes.iterdir()))
    assert len(list(reported.notes.iterdir())) == len(reported.run.outcomes), "a kernel's figures were not noted"
    assert not reported.told(drawn)
    assert not {path.name: found for path in reported.files(".png") if (found := reported.told(words(path)))}


def test_no_table_tells_of_them_but_where_it_names_customers_on_purpose(reported):
    tables = reported.files(".csv", ".parquet")
    told = {path.name: found for path in tables if (found := reported.told(searched(path)))}
    assert not told


@pytest.mark.parametrize("name", OWN)
def test_what_is_not_searched_is_there_and_does_hold_customers(reported, name):
    """So that an exemption which nothing needs any more is taken back."""
    table = pd.read_csv(reported.run.folder / "tables" / f"{name}.csv", dtype=str, encoding="utf-8-sig")
    assert {column for column in OWN[name] if reported.told("\n".join(table[column].dropna()))} == OWN[name]


def test_nothing_in_a_report_is_of_a_kind_that_is_not_searched(reported):
    kinds = {path.suffix for path in reported.out.rglob("*") if path.is_file()}
    assert kinds <= {".html", ".ipynb", ".json", ".csv", ".parquet", ".png"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_is_found_wherever_it_hides(tmp_path, kind):
    value = people(7)[kind]
    note = PngImagePlugin.PngInfo()
    note.add_text("Title", value)
    Image.new("1", (1, 1)).save(tmp_path / "figure.png", pnginfo=note)
    png = base64.b64encode((tmp_path / "figure.png").read_bytes()).decode()
    (tmp_path / "page.html").write_text("".join(f"&#{ord(letter)};" for letter in value), encoding="utf-8")
    (tmp_path / "inline.html").write_text(f'<img src="data:image/png;base64,{png}">', encoding="utf-8")
    (tmp_path / "run.ipynb").write_text(json.dumps({"metadata": {"kehu": {"headline": value}}}), encoding="ascii")
    assert all(TELLING.search(words(path)) for path in tmp_path.iterdir())


def test_identity_numbers_check_as_the_standard_does():
    assert id_number("11010519491231002") == "11010519491231002X"  # the example of GB 11643-1999
    assert {id_number(f"11010119900307{n:03}")[-1] for n in range(40)} >= {"X", "0", "1"}
