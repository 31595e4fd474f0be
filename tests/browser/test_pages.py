"""A published page in a real browser: it fits a phone, follows the reader's colours and asks nothing of any host."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from browsing import CHROMIUM, QUIET, needs_a_browser
from helpers.findings import Column, Finding, Kind, Sentence
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS, SEGMENT
from helpers.reports.pages import publish
from helpers.reports.pages.publish import Page

pytestmark = needs_a_browser

PHONE, DESK = 390, 1280
DARK = "--blink-settings=preferredColorScheme=0"


RATE = Column("a_rather_long_heading_{}_rate", Kind.SHARE, "a share")


@dataclass(frozen=True)
class Wide(Finding):
    """A finding whose table is far wider than a phone."""

    table: pd.DataFrame
    columns = (SEGMENT, CUSTOMERS, RATE)

    def plot(self, ax=None):
        return charts.bars(self.table, value=CUSTOMERS, label=SEGMENT, ax=ax)

    def headline(self) -> Sentence:
        return Sentence("Two segments, one of them asleep.")


def wide() -> Wide:
    rows = pd.DataFrame({"segment": ["高价值客户", "沉睡客户"], "customers": [300, 50_001]})
    return Wide(rows.assign(**{f"a_rather_long_heading_{n}_rate": [0.5, 0.25] for n in range(12)}))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with a published page, and the hits on a server that the notebook would have the reader call."""
    hits: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = tmp_path_factory.mktemp("site")
    (folder / "churn.html").write_text(_page(f"http://127.0.0.1:{server.server_port}"), encoding="utf-8")
    yield folder, hits
    server.shutdown()
    server.server_close()


def _page(host: str) -> str:
    with mpl.rc_context():
        charts.style()
        shown, _ = wide()._repr_mimebundle_()
    plt.close("all")
    call = f'<img src="{host}/img"><script src="{host}/js"></script><link rel="stylesheet" href="{host}/css">'
    outputs = [new_output("display_data", shown), new_output("display_data", {"text/html": call})]
    long_line = new_output("stream", name="stdout", text="a_word_without_end" * 40)
    cells = [
        new_markdown_cell(f"# Who leaves?\n\n![remote]({host}/markdown)\n\n{'a_word_without_end' * 20}"),
        new_code_cell("limit: int = 5  # a setting", execution_count=1, metadata={"tags": ["parameters"]}),
        new_markdown_cell("## Who are they?\n\n|" + " heading |" * 20 + "\n|" + "---|" * 20 + "\n|" + " cell |" * 20),
        new_code_cell("show(" + "wide, " * 60 + ")", execution_count=2, outputs=[*outputs, long_line]),
    ]
    pages = [Page(f"page_{n}", f"Question {n}?", f"Page {n}") for n in range(9)] + [
        Page("churn", "Who leaves?", "Churn")
    ]
    return publish.page(new_notebook(cells=cells), title="Who leaves?", dataset="D", as_of="2025-06-30", pages=pages)


@pytest.fixture
def look(site, tmp_path) -> Callable[..., dict]:
    """What a script finds when it looks at the page in a frame of the width given."""
    folder, _ = site

    def look(script: str, width: int = DESK, *flags: str) -> dict:
        frame = folder / f"frame-{tmp_path.name}.html"
        frame.write_text(
            f'<iframe src="churn.html" style="width:{width}px;height:900px;border:0"></iframe><pre id="seen"></pre>'
            "<script>onload = () => { const page = frames[0].document, view = frames[0];"
            f"document.getElementById('seen').textContent = JSON.stringify({script}) }}</script>"
        )
        seen = re.search(r'<pre id="seen">(.*?)</pre>', _dom(frame, tmp_path, *flags))
        return json.loads(seen[1])

    return look


def _dom(page: Path, profile: Path, *flags: str) -> str:
    own = (f"--user-data-dir={profile}", "--window-size=1400,1000")
    command = [CHROMIUM, *QUIET, *own, *flags, "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, check=True).stdout


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("code", [False, True])
def test_the_page_never_scrolls_sideways_but_a_wide_table_does_within_its_box(look, width, code):
    seen = look(
        f"(page.getElementById('show-code').checked = {str(code).lower()}, {{"
        "page: page.documentElement.scrollWidth, view: view.innerWidth,"
        "box: page.querySelector('.kehu-table').clientWidth, table: page.querySelector('.kehu-table').scrollWidth,"
        "figure: page.querySelector('figure svg').clientWidth})",
        width,
    )
    assert seen["page"] <= seen["view"] == width
    assert seen["table"] > seen["box"]
    assert width * 0.35 < seen["figure"] <= width


def test_the_code_is_hidden_until_the_switch_is_pressed(look):
    display = "view.getComputedStyle(page.querySelector('.code')).display"
    seen = look(f"[{display}, page.querySelector('.code-switch').click(), {display}]")
    assert [seen[0], seen[2]] == ["none", "block"]


def test_the_switch_and_the_settings_are_reached_by_keyboard(look):
    focus = "(page.querySelector('{0}').focus(), page.activeElement.matches('{0}'))"
    assert look(f"[{focus.format('#show-code')}, {focus.format('.settings summary')}]") == [True, True]


def test_paper_and_the_ink_of_figures_follow_the_reader_s_colours(look):
    colours = (
        "({paper: view.getComputedStyle(page.body).backgroundColor, ink: view.getComputedStyle(page.body).color,"
        "drawn: [...page.querySelectorAll('figure svg text')].map(words => view.getComputedStyle(words).fill)})"
    )
    light, dark = look(colours), look(colours, DESK, DARK)
    assert light["paper"] == "rgb(253, 253, 252)"
    assert dark["paper"] == "rgb(22, 25, 31)"
    for seen in (light, dark):
        assert seen["ink"] in seen["drawn"]
    assert light["ink"] != dark["ink"]


def test_nothing_is_asked_of_any_host_even_when_a_cell_s_output_tries(site, tmp_path):
    folder, hits = site
    control = folder / "control.html"
    control.write_text((folder / "churn.html").read_text(encoding="utf-8").replace("Content-Security-Policy", "x"))
    _dom(folder / "churn.html", tmp_path / "page")
    assert hits == []
    _dom(control, tmp_path / "control")
    assert {"/img", "/js", "/css", "/markdown"} <= set(hits), "the listener hears a page without the policy"
