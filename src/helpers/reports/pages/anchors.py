"""Places of a page that links lead to: named for what stands there, so that they outlive a change of the page."""

from __future__ import annotations

import html
import re

from helpers.findings import formats

HEADING = re.compile(r"^##[ ]+(\S.*?)[ ]*$", flags=re.MULTILINE)
LINK = re.compile(r'\s*<a class="at" href="#([^"]+)">#</a>')
LINKED = re.compile(rf"(<summary>)?<(h[23])\b([^>]*)>(((?:(?!</h[23]>).)*){LINK.pattern})</h[23]>", flags=re.DOTALL)
IDS = re.compile(r'\s*\bid="[^"]*"')


def link(name: str) -> str:
    """What stands behind a heading: a link to itself."""
    return f' <a class="at" href="#{html.escape(name)}">#</a>'


def of_sections(spoken: str, written: str) -> str:
    """Markdown in any language with a link at each section, named by its heading as it is `written` in the notebook."""
    names = iter([formats.address(heading) for heading in HEADING.findall(written)])
    return HEADING.sub(lambda found: found[0].rstrip() + link(next(names)), spoken)


def of_answer(markup: str, name: str) -> str:
    """A finding's markup with a link at its headline."""
    return markup.replace("</h3>", f"{link(name)}</h3>", 1) if name else markup


def settled(body: str) -> tuple[str, list[tuple[str, str]]]:
    """A page on which every heading with a link is what the link leads to, and the sections with their headings.

    Of several of one name the later ones are numbered. What opens an answer holds no link: a tap is for one thing.
    """
    sections: list[tuple[str, str]] = []
    taken: set[str] = set()

    def placed(found: re.Match[str]) -> str:
        opener, level, attributes, _, words, name = found.groups(default="")
        own = next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)
        taken.add(own)
        if level == "h2":
            sections.append((own, html.unescape(re.sub(r"<[^>]+>", "", words)).strip()))
        level = level if sections else "h2"  # no level is left out where an answer stands before the first section
        shown = words.rstrip() + ("" if opener else link(own))
        return f'{opener}<{level}{IDS.sub("", attributes)} id="{own}">{shown}</{level}>'

    return LINKED.sub(placed, body), sections
