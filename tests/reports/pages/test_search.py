"""A search finds what pages show under their headings, and nobody by an id."""

import pandas as pd

from helpers.findings import Column, Kind
from helpers.findings.tables import folded
from helpers.findings.vocabulary import CUSTOMERS
from helpers.reports.pages import search
from helpers.reports.pages.search import Place

PAGE = """<head><title>no</title><style>no</style></head><body><header class="top"><h1>Who leaves?</h1><nav>no</nav></header>
<nav class="contents">no</nav><main id="main"><p>For <em>the</em> head.</p><h2 id="when">When &amp; why? <a class="at" href="#when">#</a></h2>
<p>谁会<strong>离开</strong>？</p><div class="code"><pre>no</pre></div>
<h3 class="kehu-headline" id="half">Half leave.</h3><figure><figcaption>Shown?</figcaption><svg><text>no</text></svg></figure><p>So sure.</p>
{table}<h3>Plain words</h3><script>no</script></main></body>"""


def found(table: str = "") -> list[Place]:
    return list(search.places("churn.html", PAGE.replace("{table}", table)))


def test_the_places_are_the_page_its_sections_and_its_answers_with_what_stands_below():
    assert found() == [
        Place("churn.html", "Who leaves?", "For the head."),
        Place("churn.html#when", "When & why?", "谁会离开？"),
        Place("churn.html#half", "Half leave.", "So sure. Plain words"),
    ]


def test_of_a_table_the_words_are_found_once_and_no_value_with_a_digit():
    level = Column("level", Kind.NAME, "level")
    rows = pd.DataFrame({"level": ["金卡", "C0042", "a &lt; b", "金卡"], "customers": [5, 6, 7, 8]})
    assert found(folded(rows, (level, CUSTOMERS)))[-1].words == "So sure. Level Customers 金卡 a &lt; b Plain words"


def test_what_a_page_says_again_is_found_where_it_says_it_first():
    again = '<h3 id="more">More</h3><p>So sure.</p><p>And more.</p>'
    assert [place.words for place in found(again)][-2:] == ["So sure.", "And more. Plain words"]
