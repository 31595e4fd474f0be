"""The guide is so: links and anchors lead somewhere, what it prints runs, and what is made is made of the code as it is."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from nbformat import read

import gallery
import glossary
from catalogue import kept
from helpers import language
from helpers.data.intake.wording import settings
from helpers.language import _
from helpers.reports.exports import workbook

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
GUIDE = [page for folder in ("en", "zh") for page in sorted((DOCS / folder).glob("*.md"))]
PAGES = [
    *(
        PROJECT / name
        for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/raw/README.md", "reports/README.md")
    ),
    *(page for page in sorted(DOCS.rglob("*.md")) if not {"_site", "api", "house"} & set(page.relative_to(DOCS).parts)),
]


def prose(page: Path) -> str:
    """A page without its blocks of code, in which nothing is a heading or a link."""
    return re.sub(r"^( *)(```|:::).*?^\1\2$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and the guide make them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading).strip().lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def blocks(page: Path, kind: str) -> list[str]:
    """The blocks of code of a kind on a page."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(code) for _indent, code in found]


def called(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_leads_to_a_page_and_to_a_heading_of_it(page):
    astray = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _hash, anchor = unquote(target).partition("#")
        there = (page.parent / path).resolve() if path else page
        if re.match(r"\w+://", target) or not there.exists():
            astray.append(target)
        elif anchor and anchor not in anchors(there):
            astray.append(target)
    assert astray == []


def test_what_is_no_heading_of_a_page_is_no_anchor(tmp_path):
    (tmp_path / "page.md").write_text(
        "# A `word`: first\n\n```sh\n# a comment\n```\n\n## 一、先看示例\n", encoding="utf-8"
    )
    assert anchors(tmp_path / "page.md") == {"a-word-first", "一先看示例"}


def test_every_page_of_the_guide_stands_in_the_other_language_too():
    assert [page.name for page in sorted((DOCS / "en").glob("*.md"))] == [
        page.name for page in sorted((DOCS / "zh").glob("*.md"))
    ]


@pytest.mark.parametrize("page", [page for page in GUIDE if page.parent.name in language.LANGUAGES], ids=called)
def test_every_page_is_on_the_list_of_its_edition(page):
    listed = (page.parent / "index.md").read_text(encoding="utf-8")
    assert page.stem == "index" or re.search(rf"^{page.stem}$", listed, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "page", [page for page in GUIDE if blocks(page, "python") and page.name != "next_questions.md"], ids=called
)
def test_the_python_of_a_page_runs_from_top_to_bottom(page, tmp_path, monkeypatch):
    """Those of the next questions are run by test_guide.py, which looks at their answers too."""
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "a_page_of_the_guide"}
    for code in blocks(page, "python"):
        exec(compile(code, called(page), "exec"), names)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "toml")], ids=called)
def test_the_settings_of_a_page_are_such_as_are_taken(page, tmp_path):
    for text in blocks(page, "toml"):
        assert tomllib.loads(text)
        (tmp_path / "dataset.toml").write_text(text, encoding="utf-8")
        settings.read(tmp_path)


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_the_glossary_is_made_of_its_source(name):
    """To renew it: `make glossary`."""
    assert glossary.path_of(name).read_text(encoding="utf-8") == glossary.page(name)


def test_the_words_of_the_glossary_are_messages_of_the_pages():
    messages = kept(language.CHINESE)
    terms = [term for section in glossary.sections() for term in section["terms"]]
    assert [term["says"] for term in terms if "says" in term and not messages.get(term["says"])] == []
    assert [term["en"] for term in terms if "says" in term and "zh" in term] == []


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_the_sheets_that_the_guide_names_are_those_of_the_workbook(name):
    with language.spoken(name):
        sheets = {_(sheet) for sheet in workbook.SHEETS.values()}
    text = (DOCS / name / "excel.md").read_text(encoding="utf-8")
    table = re.search(r"\| (?:sheet|工作表) \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", text)[1]
    named = [cell for line in table.splitlines() for cell in re.split(", |、", line.split("|")[2].strip())]
    assert len(named) > 6 and set(named) <= sheets


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_every_page_of_a_report_is_read_in_their_order(name):
    words = [path.stem.partition("_")[2] for path in sorted((PROJECT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
    headings = re.findall(r"^## (.+)$", (DOCS / name / "reading.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [re.search(r"[a-z]{4,}", heading)[0] for heading in headings] == words
    with language.spoken(language.CHINESE):
        named = [
            _(read(path, as_version=4).metadata.kehu.name)
            for path in sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))
        ]
    assert name == language.ENGLISH or [heading.partition("（")[0] for heading in headings] == named
    assert {f"{word}.md" for word in words} <= {page.name for page in (DOCS / "methods").glob("*.md")}


def test_every_picture_of_the_gallery_is_made_by_its_command():
    made = {f"{scene}_{name}.png" for scene in gallery.SCENES for name in language.LANGUAGES}
    assert {picture.name for picture in (DOCS / "pictures").iterdir()} == made


@pytest.mark.parametrize(("name", "quoted"), [("en", "`(.+?)`"), ("zh", "“(.+?)”")])
def test_the_errors_that_the_guide_quotes_are_spoken_so(name, quoted):
    """Or else whoever searches for the words on the screen finds nothing."""
    messages = [message for message in kept(language.CHINESE) if isinstance(message.string, str)]
    spoken = " ".join(message.string if name == language.CHINESE else message.id for message in messages)
    spoken += (PROJECT / "Makefile").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| {quoted}", (DOCS / name / "trouble.md").read_text(encoding="utf-8"), re.MULTILINE)
    parts = [part.strip() for row in rows for part in re.findall(r"[\u4e00-\u9fff，]{4,}|\b[a-z, ]{12,}\b", row)]
    assert len(parts) > 10
    assert [part for part in parts if part not in spoken] == []
