from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import language
from helpers.findings import finding, say
from helpers.reports.pages import publish
from helpers.reports.pages.monday import gathered
from helpers.reports.pages.publish import Entry, Page

PAGES = [Page("profiling", "Who are they?", "Profiling"), Page("churn", "Who leaves & why?", "Churn")]


def index_of(pages, apart=(), **more):
    """The first page made of what these pages have for it."""
    first = gathered([brief for page in pages for brief in page.briefs], [], apart)
    return publish.index(dataset="Demo", as_of="2025-06-30", pages=pages, first=first, **more)


def shown(headline: str, applicable: bool = True):
    note = {"kehu": {"headline": headline, "applicable": applicable}}
    return new_output("display_data", {"text/html": f"<p>{headline}</p>", "text/plain": headline}, metadata=note)


@pytest.fixture
def notebook():
    return new_notebook(
        cells=[
            new_markdown_cell("# Who leaves & why?\n\nFor the head of service."),
            new_code_cell("after_days: int = 180  # <quiet> days", metadata={"tags": ["parameters"]}),
            new_markdown_cell("## Who *leaves*?\n\nSee [the law](https://example.org)."),
            new_code_cell('show("<i>")', execution_count=2, outputs=[shown("Half leave."), shown("Half leave.")]),
            new_markdown_cell("## 为什么？"),
            new_code_cell("g()", execution_count=3, outputs=[shown("Cannot be told: no tickets.", applicable=False)]),
            new_code_cell("h()", execution_count=4, outputs=[shown("Price drives it.")]),
        ]
    )


def printed(notebook, **changes) -> str:
    words = {"title": "Who leaves & why?", "dataset": "Demo <shop>", "as_of": "2025-06-30", "pages": PAGES, **changes}
    return publish.page(notebook, **words)


class Page_(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_a_page_names_its_question_data_set_and_day(notebook):
    html = printed(notebook)
    assert "<title>Who leaves &amp; why? · Demo &lt;shop&gt; · 2025-06-30</title>" in html
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Who leaves &amp; why?"]
    assert "For the head of service." in html


def test_a_page_links_the_others_and_marks_itself(notebook):
    links = {link["href"]: link for link in Page_(printed(notebook)).of("a")}
    assert {"index.html", "profiling.html", "churn.html"} <= set(links)
    assert [href for href, link in links.items() if link.get("aria-current") == "page"] == ["churn.html"]


def test_a_page_leads_to_itself_in_the_other_editions_wherever_it_stands(notebook):
    assert 'href="zh/churn.html" lang="zh"' in printed(notebook, editions=["en", "zh"])
    with language.spoken("zh"):
        chinese = printed(notebook, editions=["en", "zh"])
        assert '<html lang="zh">' in chinese and 'href="../churn.html" lang="en"' in chinese
        index = index_of(PAGES, tables=["tables/a.csv"], editions=["en", "zh"])
    assert 'href="../tables/a.csv"' in index and 'href="../../../index.html"' in index
    assert "lang=" not in printed(notebook).partition("<body>")[2]


def test_a_page_shows_what_its_outputs_say_in_its_own_language(notebook):
    chinese = {"language": "zh", "headline": "一半离开。", "html": "<p>一半离开。</p>"}
    notebook.cells[3].outputs[0].data[finding.EDITIONS] = {"zh": chinese}
    assert "Half leave." in printed(notebook) and "一半离开。" not in printed(notebook)
    with language.spoken("zh"):
        assert "一半离开。" in printed(notebook) and publish.headlines(notebook)[0] == "一半离开。"


def test_the_contents_lead_to_the_sections_which_go_by_the_words_of_their_headings(notebook):
    html = printed(notebook)
    contents = re.findall(r'<li><a href="#([^"]+)">(.*?)</a></li>', html)
    assert contents == [("who-leaves", "Who leaves?"), ("为什么", "为什么？")]
    assert re.findall(r'<h2 id="([^"]+)">', html) == ["who-leaves", "为什么"]


def test_a_page_asks_for_no_other_file(notebook):
    page = Page_(printed(notebook))
    assert not page.of("link") + page.of("iframe")
    assert not [attributes for _, attributes in page.elements if "src" in attributes]
    policy = next(meta for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'")
    assert "@import" not in printed(notebook)
    assert set(re.findall(r"url\((.{5})", printed(notebook))) <= {"data:"}  # the Chinese glyphs that the page carries


def test_every_script_of_a_page_is_allowed_by_its_hash_and_none_stands_in_an_attribute(notebook):
    every = [
        printed(notebook),
        index_of(PAGES, printed={"churn.html": printed(notebook)}),
        publish.reports_index([Entry("demo", ["2025-06-30"])]),
    ]
    for html in every:
        (allowed,) = re.findall(r"script-src ([^;]*);", html)
        hashes = [
            base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            for script in re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
        ]
        assert allowed == f"'sha256-{hashes[0]}'" and len(hashes) == 1
        assert not [name for _, attributes in Page_(html).elements for name in attributes if name.startswith("on")]


def test_a_page_offers_the_tables_that_its_notebook_saved_and_that_there_are(notebook):
    tools = '<div class="kehu-rows"><p class="kehu-tools"></p></div>'
    cell = notebook.cells[3]
    cell.source, cell.outputs = 'save(curves, save_to, "stay_rates")\ncurves', [shown("Half leave.")]
    cell.outputs[0].data["text/html"] = tools
    links = [
        link["href"]
        for link in Page_(printed(notebook, tables=["tables/stay_rates.csv"])).of("a")
        if "download" in link
    ]
    assert links == ["tables/stay_rates.csv"]
    assert (
        "download" not in printed(notebook, tables=["tables/kpis.csv"]).partition("<body>")[2].partition("<script")[0]
    )


def test_the_index_finds_what_the_printed_pages_show_with_everything_escaped(notebook):
    notebook.cells[2].source = "## Who &lt;b&gt; leaves?"
    page = printed(notebook)
    html = index_of(PAGES, printed={"churn.html": page})
    assert '<a href="churn.html#who-lt-b-gt-leaves">Who &lt;b&gt; leaves?</a>' in html
    assert "profiling.html#" not in html and "Price drives it." in html


def test_settings_replace_the_parameters_cell(notebook):
    html = printed(notebook)
    assert "<dt>after_days</dt><dd><strong>180</strong> &lt;quiet&gt; days</dd>" in html
    assert "after_days: int" not in re.sub("<[^>]+>", "", html)


def test_the_code_is_there_behind_a_labelled_switch(notebook):
    html = printed(notebook)
    assert re.search(r'<label[^>]*><input type="checkbox" id="show-code"> Show the code</label>', html)
    assert html.count('<div class="code">') == 3
    assert "&lt;i&gt;" in html


def test_the_same_notebook_makes_the_same_page_from_memory_and_from_a_file(notebook, tmp_path):
    nbformat.write(notebook, tmp_path / "churn.ipynb")
    assert printed(notebook) == printed(notebook) == printed(tmp_path / "churn.ipynb")


def test_headlines_are_told_once_each_and_only_where_they_apply(notebook):
    assert publish.headlines(notebook) == ("Half leave.", "Price drives it.")


def test_where_cells_are_tagged_key_only_their_headlines_are_told(notebook):
    told = [cell for cell in notebook.cells if any("kehu" in output.metadata for output in cell.get("outputs", ()))]
    told[-1].metadata["tags"] = ["key"]
    assert publish.headlines(notebook) == publish.headlines(notebook)[-1:] == ("Price drives it.",)


def test_of_a_cell_tagged_key_the_first_headline_that_applies_is_told(notebook):
    told = [cell for cell in notebook.cells if any("kehu" in output.metadata for output in cell.get("outputs", ()))]
    told[0].outputs += told[-1].outputs
    told[0].metadata["tags"] = ["key"]
    assert publish.headlines(notebook) == ("Half leave.",)


def test_where_the_main_questions_have_no_answer_nothing_else_stands_for_them(notebook):
    notebook.cells[0].metadata["tags"] = ["key"]
    assert publish.headlines(notebook) == () and publish.answer(notebook) == ""


def test_a_page_is_listed_with_what_the_first_page_does_not_say_already():
    told = {"said": "Sales fell.", "weight": 0.0, "topic": "change", "subject": "sales"}
    first = gathered([{"news": [told], "tiles": []}], [])
    page = Page("churn", "?", headlines=("Sales fell.", "Half leave."), answer="Sales fell.", sketch=("M0", ""))
    (listed,) = publish.lines([page], first)
    assert (listed.answer, listed.sketch) == ("Half leave.", ("", ""))
    alone = Page("churn", "?", headlines=("Sales fell.",), answer="Sales fell.")
    assert publish.lines([alone], first) == [alone] and publish.lines([page], gathered([], [])) == [page]


def test_what_only_nbval_compares_is_not_printed(notebook):
    cell = new_code_cell("print(1)", metadata={"tags": ["nbval-check-output"]}, execution_count=9)
    cell.outputs = [new_output("stream", name="stdout", text="0.1234567")]
    notebook.cells.append(cell)
    assert "0.1234567" not in printed(notebook)


NEWS = {"direction": "worse", "sign": "▼", "basis": "So sure.", "owner": "", "due_on": "", "table": "", "weight": 1.0}


def test_the_index_tells_the_verdict_each_page_s_answer_and_its_state():
    verdict = NEWS | {"topic": "verdict", "subject": "sales", "said": "Sales fell & fell."}
    pages = [
        Page("profiling", "Who are they?", "Profiling", headlines=("5,000 customers.",), answer="5,000 customers.",
             briefs=({"news": [verdict], "tiles": []},)),
        Page("churn", "Who leaves?", "Churn", "failed", "in 'When?', cell 3: KeyError"),
        Page("value", "What are they worth?", "Value", lacking="Cannot be told: no orders."),
    ]  # fmt: skip
    html = index_of(pages)
    assert '<h1 class="verdict">Sales fell &amp; fell.</h1>' in html and "<p>So sure.</p>" in html
    assert "5,000 customers." in html and "Cannot be told: no orders." in html
    assert re.findall(r'<span class="stopped">(.*?)</span>', html) == ["Failed: in &#39;When?&#39;, cell 3: KeyError."]
    assert [link["href"] for link in Page_(html).of("a")].count("churn.html") == 2


def test_the_index_tells_changes_actions_and_tiles_with_words_beside_colours():
    change = NEWS | {"topic": "change", "subject": "a", "said": "New ones <stopped>."}
    action = NEWS | {"topic": "action", "subject": "b", "said": "Call them.", "owner": "Head", "due_on": "May 5",
                     "table": "risk"}  # fmt: skip
    standing = {"said": "−3% on last year", "direction": "level", "sign": "◆"}
    tile = {"name": "Sales", "value": "¥5", "standings": [standing], "periods": [1.0, 2.0], "drawn": "1 to 2"}
    page = Page("churn", "Who leaves?", "Churn", briefs=({"news": [change, action], "tiles": [tile]},))
    html, without = (index_of([page], tables=tables) for tables in (["tables/risk.csv"], []))
    assert ">the list<" in html and ">the list<" not in without
    assert "New ones &lt;stopped&gt;." in html and ">worse</span>" in html and "within chance" in html
    assert "Head · by May 5" in html and 'href="tables/risk.csv"' in html
    assert "<polyline" in html and 'aria-label="1 to 2"' in html


def test_the_index_names_apart_what_is_no_news():
    apart = [say("Another model: {what}.", what="a < b").resting_on(say("So it is."))]
    assert "<li>Another model: a &lt; b. So it is.</li>" in index_of([], apart)
    assert "Not news" in index_of([], apart) and "Not news" not in index_of([])


def test_the_index_accounts_for_rows_in_a_line_and_links_tables():
    rows = pd.DataFrame({"table": ["orders"], "outcome": ["read"], "rule": [""], "rows": [23456], "money": [1.0]})
    html = index_of([], accounting=rows, tables=["tables/分群 1.csv"])
    assert "23,456 rows in all tables, 0 of them not used." in html
    assert 'href="tables/%E5%88%86%E7%BE%A4%201.csv">tables/分群 1.csv</a>' in html
    assert "rows read" not in index_of([])


def test_the_answer_s_figure_stands_in_small_on_its_line(notebook):
    def drawn(headline, filled, applicable=True):
        output = shown(headline, applicable)
        output.data["text/html"] = f'<figure class="kehu-figure" data-filled="{filled}" data-lines="M0 1" style="">'
        return output

    cells = [new_code_cell(), new_code_cell(metadata={"tags": ["answer"]})]
    cells[0].outputs = [drawn("First.", "M1 1Z")]
    cells[1].outputs = [drawn("None.", "M2 2Z", applicable=False), drawn("The answer.", "M3 3Z")]
    made = new_notebook(cells=cells)
    assert publish.answer(made) == "The answer." and publish.sketch(made) == ("M3 3Z", "M0 1")
    assert publish.sketch(new_notebook(cells=cells[:1])) == ("M1 1Z", "M0 1")
    assert publish.sketch(notebook) == publish.sketch(new_notebook()) == ("", "")
    page = Page("churn", "Who?", "Churn", answer="The answer.", sketch=publish.sketch(made))
    assert '<path d="M3 3Z"/>' in index_of([page]) and "sketch" not in index_of(PAGES).partition("<body>")[2]


def test_all_reports_are_listed_by_data_set_with_the_latest_first():
    told = Entry("demo", ["2025-06-30", "2025-05-31"], "A <shop>", "Sales fell.", "sales", "¥5", [1.0, 2.0],
                 say("2 reports"), say("1 of 2 pages complete."), False)  # fmt: skip
    html = publish.reports_index([told, Entry("olist", ["2018-08-31"])])
    assert [link["href"] for link in Page_(html).of("a")][1:] == [
        "demo/2025-06-30/index.html", "demo/2025-06-30/index.html", "demo/2025-05-31/index.html",
        "olist/2018-08-31/index.html", "olist/2018-08-31/index.html",
    ]  # fmt: skip
    for said in ("A &lt;shop&gt;", "Sales fell.", "¥5", 'aria-label="2 reports"', 'stopped">1 of 2 pages complete.'):
        assert said in html
    assert html.count("latest") == 2 and html.count("<polyline") == 1
    assert "No report has been made yet." in publish.reports_index([])
