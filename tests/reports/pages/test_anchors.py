"""Links lead to places that are named for what stands there, alike in every edition."""

import re

from helpers.reports.pages import anchors

LINK = ' <a class="at" href="#who-leaves">#</a>'


def test_a_section_goes_by_its_heading_as_it_is_written_in_whatever_language_it_is_read():
    written = "## Who *leaves*?\n\nWords.\n\n### Not this\n\n## When?"
    assert anchors.of_sections(written, written).startswith(
        f"## Who *leaves*?{LINK}\n\nWords.\n\n### Not this\n\n## When?"
    )
    assert anchors.of_sections("## 谁会*离开*？\n\n## 何时？", written).splitlines()[0] == f"## 谁会*离开*？{LINK}"


def test_an_answer_goes_by_its_name_and_what_has_none_stays():
    markup = '<div><h3 class="kehu-headline">Half leave.</h3></div>'
    assert anchors.of_answer(markup, "who-leaves") == f'<div><h3 class="kehu-headline">Half leave.{LINK}</h3></div>'
    assert anchors.of_answer(markup, "") == markup


def test_each_heading_is_what_its_link_leads_to_and_sections_are_listed():
    body, sections = anchors.settled(f'<h2 id="x">Who <em>leaves</em> &amp; why?{LINK}</h2><h3>Other</h3>')
    assert body == f'<h2 id="who-leaves">Who <em>leaves</em> &amp; why?{LINK}</h2><h3>Other</h3>'
    assert sections == [("who-leaves", "Who leaves & why?")]


def test_of_several_places_of_one_name_the_later_ones_are_numbered_and_linked_as_such():
    body, sections = anchors.settled(f"<h2>A{LINK}</h2>" + f'<h3 class="kehu-headline">B{LINK}</h3>' * 2)
    ids = ["who-leaves", "who-leaves-2", "who-leaves-3"]
    assert [part.partition('"')[0] for part in body.split(' id="')[1:]] == ids
    assert [part.partition('"')[0] for part in body.split('href="#')[1:]] == ids
    assert sections == [("who-leaves", "A")]


def test_what_opens_an_answer_is_a_place_and_holds_no_link():
    body, _ = anchors.settled(f'<summary><h3 class="kehu-headline">B{LINK}</h3></summary>'.replace("who-leaves", "b"))
    assert body == '<summary><h2 class="kehu-headline" id="b">B</h2></summary>'


def test_an_answer_before_the_first_section_leaves_no_level_of_headings_out():
    body, sections = anchors.settled(f"<h3>First{LINK}</h3><h2>A{LINK}</h2><h3>B{LINK}</h3>")
    assert re.findall(r"<(h.) id", body) == re.findall(r"</(h.)>", body) == ["h2", "h2", "h3"]
    assert [heading for _, heading in sections] == ["A"]
