"""What a page can be used for, by keyboard, in a real browser, from a file, in both editions; and without a script."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from browsing import Browser, needs_a_browser
from helpers import language
from helpers.findings import Column, Finding, Kind, Sentence
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS, REVENUE, SEGMENT
from helpers.reports.pages import publish
from helpers.reports.pages.monday import gathered
from helpers.reports.pages.publish import Page

pytestmark = needs_a_browser
ROWS = 25
COLUMNS = (SEGMENT, CUSTOMERS, REVENUE, Column("text_{}", Kind.NAME, "a text"))
PAGES = [Page("churn", "Who leaves?", "Churn"), Page("value", "What are they worth?", "Value")]

# As pages write them, from the least to the most; blanks stand last either way round.
RISING = {
    "amounts": ["-$3.00", "$950", "$1.23 M", "$2.00 bn", "–"],
    "yuan": ["−5.0 万元", "9,055 元", "93.3 万元", "1.20 亿元", ""],
    "shares": ["-2.50%", "< 0.01%", "9.99%", "12.3%", "> 99.9%"],
    "chances": ["< 0.001", "0.001", "0.050", "1.23e-01", "–"],
    "days": ["2024-12-31", "2025-01-02", "2025-01-02 09:30", "2025-01-10", "–"],
    "spans": ["1 day", "9 days", "10 days", "1,000 days", "∞"],
    "steps": ["1 to 3", "4 to 9", "10 to 12", "fewer than 5", "–"],
    "words": ["安徽", "北京", "上海", "深圳", "–"],
    "codes": ["C2", "C10", "D1", "d2", ""],
}


@dataclass(frozen=True)
class Levels(Finding):
    """Customers by segment, more of them than a page shows at once."""

    table: pd.DataFrame
    columns = COLUMNS

    def plot(self, ax=None):
        return charts.bars(pd.DataFrame({"segment": ["a"], "customers": [1]}), value=CUSTOMERS, label=SEGMENT, ax=ax)

    def headline(self) -> Sentence:
        return Sentence("Gold leads.")


def levels() -> Levels:
    names = ["=1+1", "金卡 <b>客户</b>", *(f"level {chr(97 + n)}" for n in range(ROWS - 2))]
    money = [None, -5.0, *((n * 7919) % 1_000 * 1.5 for n in range(ROWS - 2))]
    return Levels(pd.DataFrame({"segment": names, "customers": range(1_100, 1_100 + ROWS), "revenue": money}))


def texts() -> Levels:
    """One row of each rank, shuffled."""
    rows = pd.DataFrame({f"text_{name}": [values[n] for n in (3, 0, 4, 2, 1)] for name, values in RISING.items()})
    return Levels(rows.assign(customers=range(5)))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report of two pages, an index and two editions."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        charts.style()
        patch.setenv(language.EDITIONS, "en,zh")
        bundles = [answer._repr_mimebundle_() for answer in (levels(), texts())]
    outputs = [new_output("display_data", data, metadata=metadata) for data, metadata in bundles]
    attack = new_output(
        "display_data", {"text/html": "<script>window.ran = true</script><img src=x onerror='ran = 1'>"}
    )
    cells = [
        new_markdown_cell("## Who may leave next?\n\nRead *this* first."),
        new_code_cell('save(all, save_to, "levels")\nall', execution_count=1, outputs=outputs[:1]),
        new_markdown_cell("## How far to trust this"),
        new_code_cell("texts", execution_count=2, outputs=[outputs[1], attack]),
    ]
    for edition in ("en", "zh"):
        with language.spoken(edition):
            place = folder / publish.place(edition, ("en", "zh"))
            place.mkdir(exist_ok=True)
            common = {"dataset": "D", "as_of": "2025-06-30", "pages": PAGES, "editions": ("en", "zh")}
            churn = publish.page(new_notebook(cells=cells), title="Who leaves?", tables=["tables/levels.csv"], **common)
            index = publish.index(**common, first=gathered([], []), printed={"churn.html": churn})
            (place / "churn.html").write_text(churn, encoding="utf-8")
            (place / "index.html").write_text(index, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def column(browser: Browser, number: int, table: int = 0) -> list[str]:
    rows = f"document.querySelectorAll('.kehu')[{table}].tBodies[0].rows"
    return browser.see(f"[...{rows}].map(row => row.cells[{number}].textContent)")


def visible(browser: Browser) -> int:
    return browser.see("[...document.querySelector('.kehu').tBodies[0].rows].filter(row => row.offsetHeight).length")


@pytest.mark.parametrize("edition", ["", "zh"])
def test_a_table_is_sorted_by_the_keys_up_down_and_back_with_blanks_last(report, browser, edition):
    browser.open(report / edition / "churn.html")
    as_printed = column(browser, 2)
    assert as_printed[0] == "–"
    browser.reach(".kehu th:nth-child(3) button")
    numbers = sorted(float(shown.replace(",", "").replace("−", "-")) for shown in as_printed[1:])
    sort = "document.querySelector('.kehu th:nth-child(3)').getAttribute('aria-sort')"
    for key, way, wanted in (("Enter", "ascending", numbers), (" ", "descending", numbers[::-1])):
        browser.press(key)
        assert browser.see(sort) == way
        shown = column(browser, 2)
        assert [float(each.replace(",", "").replace("−", "-")) for each in shown[:-1]] == wanted and shown[-1] == "–"
    browser.press("Enter")
    assert browser.see(sort) is None and column(browser, 2) == as_printed


@pytest.mark.parametrize("edition", ["", "zh"])
def test_numbers_days_and_words_are_sorted_as_they_are_written(report, browser, edition):
    browser.open(report / edition / "churn.html")
    for at, (kind, rising) in enumerate(RISING.items()):
        button = f"document.querySelectorAll('.kehu')[1].tHead.rows[0].cells[{at}].querySelector('button').click()"
        browser.see(button)
        assert column(browser, at, table=1) == rising
        last = [shown for shown in rising if shown in ("", "–")]
        words = ["fewer than 5"] if kind == "steps" else []  # behind the numbers, either way round
        rest = [shown for shown in rising if shown not in last + words]
        browser.see(button)
        assert column(browser, at, table=1) == [*rest[::-1], *words, *last]


def test_the_rows_that_wait_come_by_a_key_and_need_no_script(report, browser):
    for disabled in (False, True):
        browser.do("Emulation.setScriptExecutionDisabled", value=disabled)
        browser.open(report / "churn.html")
        assert visible(browser) == 20
        browser.reach(".kehu-cut input")
        browser.press(" ")
        assert visible(browser) == ROWS
    browser.do("Emulation.setScriptExecutionDisabled", value=False)


def test_a_filter_shows_the_rows_that_hold_all_words_and_says_how_many(report, browser):
    browser.open(report / "churn.html")
    browser.reach(".filter input")
    browser.type("客户 ＜B")
    assert visible(browser) == 1 and browser.see("document.querySelector('.kehu-rows [role=status]').textContent") == (
        "1 of the 25 rows on this page"
    )
    browser.see("document.activeElement.select()")
    browser.type("w LEVEL")
    assert visible(browser) == 1, "the last but one, which stood behind the fold"
    assert browser.see("document.querySelectorAll('.filter').length") == 1, "short tables have none"


def test_a_table_is_copied_as_a_spreadsheet_takes_it_and_no_cell_of_it_is_run(report, browser):
    browser.open(report / "zh" / "churn.html")
    browser.see("navigator.clipboard.writeText = async words => { window.copied = words; }")
    browser.reach(".kehu-tools button")
    browser.press("Enter")
    browser.until("window.copied && document.activeElement.matches('.kehu-tools button')")
    lines = [line.split("\t") for line in browser.see("copied").split("\n")]
    assert lines[:3] == [["分群", "客户数", "营收"], ["'=1+1", "1,100", ""], ["金卡 <b>客户</b>", "1,101", "-5"]]
    assert len(lines) == 1 + ROWS
    assert browser.see("document.querySelector('.kehu-rows [role=status]').textContent") == "已复制 25 行"


def test_a_table_that_is_saved_is_offered_as_a_file_of_the_folder(report, browser):
    for edition, way in (("", "tables"), ("zh", "../tables")):
        browser.open(report / edition / "churn.html")
        links = browser.see("[...document.querySelectorAll('.kehu-tools a')].map(each => each.getAttribute('href'))")
        assert links == [f"{way}/levels.csv"]


@pytest.mark.parametrize(
    ("edition", "words", "address"),
    [("", "gold", "churn.html#levels"), ("", "may LEAVE", "churn.html#who-may-leave-next"),
     ("zh", "可信", "churn.html#how-far-to-trust-this"), ("zh", "卡 客户", "churn.html#levels")],
)  # fmt: skip
def test_a_report_is_searched_by_keys_and_leads_to_the_place(report, browser, edition, words, address):
    browser.open(report / edition / "index.html")
    browser.reach("#search input")
    browser.type(words)
    assert address in browser.see(
        "[...document.querySelectorAll('#search ol a')].map(each => each.getAttribute('href'))"
    )
    browser.press("ArrowDown")
    assert browser.see("document.activeElement === document.querySelector('#search ol a')")
    browser.press("ArrowUp", "Enter")
    browser.until("location.pathname.endsWith('churn.html') && document.readyState === 'complete'")
    assert browser.see("document.querySelector(location.hash || 'h1') !== null")


def test_a_search_says_how_much_it_finds_and_nothing_of_what_is_not_asked(report, browser):
    browser.open(report / "index.html")
    browser.see("document.querySelector('#search input').focus()")
    browser.type("no such word")
    said = "document.querySelector('#search [role=status]').textContent"
    assert browser.see(said) == "0 places, 0 shown"
    browser.see("document.activeElement.select()")
    browser.press("Escape")
    browser.type(" ")
    assert browser.see(said) == "" and browser.see("document.querySelectorAll('#search ol li').length") == 0


def test_the_other_edition_opens_by_keys_at_the_same_place(report, browser):
    browser.open(report / "churn.html", "#levels")
    browser.see("document.querySelector('a.edition').focus()")
    browser.press("Enter")
    browser.until("location.pathname.endsWith('/zh/churn.html') && document.readyState === 'complete'")
    assert browser.see("location.hash") == "#levels" and browser.see("document.getElementById('levels') !== null")


def test_a_script_among_the_data_or_in_an_output_never_runs(report, browser):
    browser.open(report / "churn.html")
    assert browser.see("document.querySelectorAll('script').length") == 2, "ours, and the one of an output"
    assert browser.see("window.ran === undefined && document.querySelectorAll('th button').length > 0")


def test_the_first_column_stays_when_a_table_is_scrolled(report, browser):
    browser.do("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
    browser.open(report / "churn.html")
    places = browser.see(
        "(() => { const box = document.querySelectorAll('.kehu-table')[1]; box.scrollLeft = 300; const cells ="
        "box.querySelector('tbody tr').cells, left = box.getBoundingClientRect().left; return [box.scrollLeft,"
        "cells[0].getBoundingClientRect().left - left, cells[1].getBoundingClientRect().left - left] })()"
    )
    assert places[0] > 200 and abs(places[1]) < 2 and places[2] < 0
    browser.do("Emulation.clearDeviceMetricsOverride")
