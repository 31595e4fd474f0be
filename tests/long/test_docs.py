"""The guide as it is built: whole, without a word of warning, asking no host, and searched from the file itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from browsing import Browser, needs_a_browser

PROJECT = Path(__file__).resolve().parents[2]
SITE = PROJECT / "docs" / "_site"


@pytest.fixture(scope="module")
def site():
    """The guide, built as `make docs` builds it: any warning fails it."""
    done = subprocess.run(["make", "docs"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return SITE


@pytest.fixture
def browser(tmp_path):
    opened = Browser(tmp_path)
    yield opened
    opened.close()


def test_no_page_of_the_guide_loads_anything_from_a_host(site):
    loads = re.compile(
        r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^\"]*|url\(['\"]?(?:https?:)?//|@import"
    )
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert len(files) > 100
    assert [path.name for path in files if loads.search(path.read_text(encoding="utf-8"))] == []


@needs_a_browser
@pytest.mark.parametrize(
    ("edition", "words", "page"),
    [("zh", "留白组", "怎样读报告"), ("zh", "日期有两种顺序", "出了问题怎么办"), ("en", "hazard ratio", "Glossary")],
)
def test_a_word_is_found_from_the_file_itself(site, browser, edition, words, page):
    browser.open(site / edition / "search.html", f"?q={words}")
    browser.until("document.querySelectorAll('#search-results li').length > 0")
    browser.until(f"document.querySelector('#search-results').innerText.includes('{page}')")


@needs_a_browser
def test_each_page_leads_to_itself_in_the_other_language(site, browser):
    browser.open(site / "en" / "en" / "zoho.html")
    assert browser.see("document.querySelector('.edition a').href").endswith("/zh/zh/zoho.html")
    browser.see("document.querySelector('.edition a').click()")
    browser.until("document.documentElement.lang.startsWith('zh') && document.title.includes('Zoho')")
