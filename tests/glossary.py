"""The glossary of the guide in both languages, made of docs/glossary.toml and the catalogue: `make glossary`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from helpers import language
from helpers.language import _

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEADS = {
    language.ENGLISH: ("Glossary", "English", "中文", "what it means", ""),
    language.CHINESE: ("词汇表", "中文", "英文", "意思", "不要理解为"),
}
MADE = {
    language.ENGLISH: "The words of a report, as its pages say them. Made of docs/glossary.toml by `make glossary`.",
    language.CHINESE: "报告里的词，与页面上的说法一致。由 docs/glossary.toml 生成（`make glossary`）。",
}


def sections() -> list[dict]:
    """The sections of the glossary, each with its terms, as they are written."""
    return tomllib.loads((DOCS / "glossary.toml").read_text(encoding="utf-8"))["words"]


def in_chinese(term: dict) -> str:
    """The word as Chinese pages say it: the catalogue's, or for one that no page says by itself its own."""
    if "says" not in term:
        return term["zh"]
    with language.spoken(language.CHINESE):
        return _(term["says"])


def page(name: str) -> str:
    """The glossary in a language, as Markdown."""
    title, *heads = HEADS[name]
    lines = [f"# {title}", "", MADE[name]]
    for section in sections():
        lines += ["", f"## {section['section'][list(HEADS).index(name)]}", ""]
        lines += [row(*filter(None, heads)), row(*["---"] * len([*filter(None, heads)]))]
        for term in section["terms"]:
            if name == language.ENGLISH:
                lines.append(row(term["en"], in_chinese(term), term["means"]))
            else:
                lines.append(row(in_chinese(term), term["en"], term["zh_means"], term.get("avoid", "")))
    return "\n".join(lines) + "\n"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def path_of(name: str) -> Path:
    """Where the guide has the glossary in a language."""
    return DOCS / name / "glossary.md"


def main() -> None:
    """Writes both pages anew."""
    for name in language.LANGUAGES:
        path_of(name).write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
