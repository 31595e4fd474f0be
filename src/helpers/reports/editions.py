"""What a report has once a language: its folder, the first page, workbook, PDF and mail; and the record of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import language
from helpers.findings.drawing import typeface
from helpers.reports import exports, folder, manifest
from helpers.reports.kernels import Outcome
from helpers.reports.order import Order
from helpers.reports.pages import publish
from helpers.reports.pages.monday import Monday
from helpers.reports.past import shelf, yardsticks
from helpers.reports.past.comparison import Comparison


def tables(order: Order) -> list[str]:
    """The files of tables so far, as pages link them."""
    return [f"tables/{path.name}" for path in sorted((order.draft / "tables").glob("*"))]


def folder_of(order: Order, edition: str) -> Path:
    """The draft's folder of an edition."""
    return order.draft / publish.place(edition, order.editions)


def conclude(order: Order, outcomes: Mapping[str, Outcome], inputs: list[dict[str, Any]]) -> str:
    """Leaves index.html and what else is of each edition, and manifest.json, in the draft.

    Yields why there is no PDF that was asked for, in a sentence; empty where there is.
    """
    problem = ""
    compared = Comparison(order)
    made: dict[str, Any] = {"yardsticks": {}, shelf.FIRST_PAGE: {}}
    for edition in order.editions:
        with language.spoken(edition), language.calling(order.own_words):
            pages = order.pages(outcomes)
            first = compared.first_page(pages)
            if order.pdf:
                problem = exports.write_pdf(folder_of(order, edition) / exports.PDF, _sheets(order, pages, first))
            _open_with(order, folder_of(order, edition), pages, first)
            made["yardsticks"][edition], made[shelf.FIRST_PAGE][edition] = yardsticks.of_pages(pages), shelf.kept(first)
            made[shelf.NUMBER] = shelf.number(first)
            letter = _letter(order, pages, first)
        files = sorted(folder_of(order, edition).glob("*.html"))
        plain = [path.read_text(encoding="utf-8") for path in files]
        for path, html in zip(files, typeface.with_glyphs(plain), strict=True):
            path.write_text(html, encoding="utf-8")
        (folder_of(order, edition) / exports.MAIL).write_text(letter, encoding="utf-8")  # which carries no typeface
    record = manifest.record(order, outcomes, inputs, compared.made | made)
    for path in (order.draft / "tables").iterdir():
        path.chmod(0o600)  # they hold sums exactly, and name customers
    text = json.dumps(record, indent=2, ensure_ascii=False, default=str)
    (order.draft / folder.MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    return problem


def _open_with(order: Order, edition: Path, pages: Sequence[publish.Page], first: Monday) -> None:
    """Leaves the first page and the workbook of an edition in its folder, in the language that is spoken."""
    data = order.data
    exports.write_workbook(edition / exports.WORKBOOK, order.draft / "tables", first, data.title, data.as_of)
    index = publish.index(
        pages=pages,
        first=first,
        tables=tables(order),
        printed={path.name: path.read_text(encoding="utf-8") for path in edition.glob("*.html")},
        editions=order.editions,
        files=[name for name in (exports.WORKBOOK, exports.PDF) if (edition / name).exists()],
        **_known(order),
    )
    edition.joinpath("index.html").write_text(index, encoding="utf-8")


def _sheets(order: Order, pages: Sequence[publish.Page], first: Monday) -> str:
    """The HTML of an edition on paper, in the language that is spoken."""
    return typeface.with_glyphs([publish.sheets(pages=pages, first=first, **_known(order))])[0]


def _letter(order: Order, pages: Sequence[publish.Page], first: Monday) -> str:
    """The HTML of an edition for mail programs, in the language that is spoken."""
    draw: dict[str, Callable[..., str]] = {"lines": exports.of_lines, "paths": exports.of_paths}
    return publish.letter(pages=pages, first=first, draw=draw, **_known(order))


def _known(order: Order) -> dict[str, Any]:
    """What every form of a first page says of the data."""
    data = order.data
    return {
        "dataset": data.title, "as_of": data.as_of, "notes": order.notes, "accounting": data.accounting,
        "currency": data.settings.currency,
    }  # fmt: skip
