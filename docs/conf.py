"""How `make docs` builds the guide: two editions of one folder, each with a search of its own that asks no host.

`-t zh` builds the Chinese edition, otherwise the English one is built. Methods and API pages are English in both.
"""

from __future__ import annotations

import importlib
import logging
import re
import textwrap
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

HERE = Path(__file__).parent
EDITIONS = {"en": "English", "zh": "中文"}
edition = "zh" if tags.has("zh") else "en"  # noqa: F821 - Sphinx puts `tags` here
other = "en" if edition == "zh" else "zh"

project = "Kehu 客户"
language = {"en": "en", "zh": "zh_CN"}[edition]
root_doc = f"{edition}/index"
exclude_patterns = [f"{other}/**", "_site"]
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["myst.header"]
smartquotes = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
default_role = "literal"

html_theme = "furo"
html_title = {"en": "Kehu guide", "zh": "客户 Kehu 指南"}[edition]
html_static_path = ["theme"]
html_css_files = ["guide.css"]
templates_path = ["theme"]
html_sidebars = {
    "**": ["sidebar/brand.html", "edition.html", "sidebar/search.html", "sidebar/scroll-start.html",
           "sidebar/navigation.html", "sidebar/scroll-end.html"]
}  # fmt: skip
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_show_search_summary = False  # it fetches pages, which a browser refuses to a page that is a file
pygments_style, pygments_dark_style = "friendly", "monokai"

WORDS = ["profiling", "segmentation", "churn", "experiments", "value", "feedback", "journey", "offers", "plan"]
ROOMS = sorted(door.parent.name for door in (HERE.parent / "src/helpers/statistics").glob("*/__init__.py"))
DOORS = [
    "data.datasets", "parameters", "findings", *(f"analyses.{word}" for word in WORDS),
    *(f"statistics.{room}" for room in ROOMS),
]  # fmt: skip


OUTSIDE = {"CONTRIBUTING.md": "contributing.md", "data/raw/README.md": "settings.md", "CHANGELOG.md": "changelog.md"}
THEME_WORDS = {  # of furo, which Sphinx' own Chinese lacks
    "Next": "下一页", "Previous": "上一页", "Home": "首页", "On this page": "本页", "Back to top": "回到顶部",
    "Made with ": "制作工具：",
}  # fmt: skip
API = """# API

What the doors of the package hand on, as their docstrings have it.

```{{toctree}}
{}
```
"""


class Search(SearchLanguage):
    """Words of letters as they stand; Chinese by pairs of characters, so that any two that stand together are found."""

    lang, language_name = "en", "English and Chinese"
    js_splitter_code = """
function splitQuery(query) {
  return (query.match(/[\\u3400-\\u9fff]+|[^\\s\\u3000-\\u9fff\\uff00-\\uffef.,;:!?()"'`/|]+/g) || []).flatMap((part) =>
    /[\\u3400-\\u9fff]/.test(part) && part.length > 2
      ? Array.from({ length: part.length - 1 }, (_, place) => part.slice(place, place + 2))
      : [part.toLowerCase()]);
}
"""

    def split(self, input: str) -> list[str]:
        pairs = (
            run[place : place + 2] for run in re.findall(r"[\u3400-\u9fff]+", input) for place in range(len(run) - 1)
        )
        return [*re.findall(r"[^\W\u3400-\u9fff]+", input.lower()), *pairs]

    def word_filter(self, word: str) -> bool:
        return len(word) > 1


class ChineseSearch(Search):
    lang = "zh"


def written_api(app: Sphinx) -> None:
    """Writes their list and a page for each door of the package, made of its docstrings; takes away old ones."""
    folder = HERE / "api"
    folder.mkdir(exist_ok=True)
    pages = {f"{door}.md": page_of(door) for door in DOORS} | {"index.md": API.format("\n".join(DOORS))}
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8")


def brought_in(app: Sphinx) -> None:
    """Copies pages that stand elsewhere in the repository, where forges show them, to where Sphinx finds them."""
    (HERE / "house").mkdir(exist_ok=True)
    for origin, name in OUTSIDE.items():
        text = (HERE.parent / origin).read_text(encoding="utf-8")
        if not (HERE / "house" / name).exists() or (HERE / "house" / name).read_text(encoding="utf-8") != text:
            (HERE / "house" / name).write_text(text, encoding="utf-8")


def turned_there(app: Sphinx, page: str, source: list[str]) -> None:
    """Turns the links of a page that lead to those to where they are copied."""
    for origin, name in OUTSIDE.items():
        source[0] = source[0].replace(f"](../../{origin}", f"](../house/{name}")
    if page.startswith("house/"):
        for origin, name in OUTSIDE.items():
            source[0] = source[0].replace(f"]({origin}", f"]({name}")
        source[0] = source[0].replace("](docs/en/", f"](../{edition}/").replace("](docs/", "](../")
        source[0] = re.sub(r"\[([^\]]+)\]\((?:tests|src)/[^)]*\)", r"`\1`", source[0])  # of the checkout alone


def page_of(door: str) -> str:
    """The page of a door: all that it hands on."""
    handed_on = "\n   :imported-members:" if hasattr(importlib.import_module(f"helpers.{door}"), "__all__") else ""
    return f"# {door}\n\n```{{eval-rst}}\n.. automodule:: helpers.{door}\n   :members:{handed_on}\n```\n"


def as_rst(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Rewrites a docstring, plain text with `code` in it, as what Sphinx reads: marks escaped, blocks literal."""
    paragraphs = textwrap.dedent("\n".join(lines)).split("\n\n")
    lines[:] = "\n\n".join(f"::\n\n{each}" if each.startswith("    ") else escaped(each) for each in paragraphs).split(
        "\n"
    )


def escaped(text: str) -> str:
    """The text with a backslash before all that is a mark to Sphinx and none to us, but for what stands as `code`."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"[*|\\]|_\b", r"\\\g<0>", part) for part in parts)


def in_chinese(app: Sphinx) -> None:
    """Teaches the Chinese edition the words of the theme."""
    if edition == "zh":
        app.translator._catalog.update(THEME_WORDS)  # type: ignore[attr-defined]


def with_other_edition(app: Sphinx, page: str, template: str, context: dict, tree: object) -> None:
    """Tells each page where it stands in the other edition."""
    name = re.sub(rf"^{edition}/", f"{other}/", page)
    shared = name == page or (HERE / f"{name}.md").exists()
    up = "../" * (page.count("/") + 1)
    context["other_edition"] = (EDITIONS[other], other, f"{up}{other}/{name if shared else f'{other}/index'}.html")


def setup(app: Sphinx) -> None:
    directives = logging.getLogger("sphinx.sphinx.directives.other")
    directives.addFilter(lambda record: "glob pattern" not in str(record.msg))  # a folder may have no page yet
    app.add_search_language(Search)
    app.add_search_language(ChineseSearch)
    app.connect("builder-inited", written_api)
    app.connect("builder-inited", brought_in)
    app.connect("builder-inited", in_chinese)
    app.connect("source-read", turned_there)
    app.connect("autodoc-process-docstring", as_rst)
    app.connect("html-page-context", with_other_edition)
