"""What `kehu report` says at its beginning and at its end, and `kehu erase` of what it changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from helpers.cli.endings import NOTEBOOK_FAILED, WARNED
from helpers.language import _

if TYPE_CHECKING:
    from helpers.data.datasets import Dataset
    from helpers.reports.erasure import Change
    from helpers.reports.order import Order
    from helpers.reports.run import Run

MEGABYTE = 1 << 20


def announce(order: Order) -> None:
    """Says what will be read and run, and what stays of a report that is there."""
    size = sum(path.stat().st_size for path in order.data.inputs) / MEGABYTE
    words = _("Reads {name} as of {day} (files: {files}, {size:,.1f} MB). Runs {pages}.")
    pages = ", ".join(notebook.word for notebook in order.wanted)
    name, day = order.data.name, order.data.as_of
    typer.echo(words.format(files=len(order.data.inputs), name=name, size=size, day=day, pages=pages), err=True)
    if order.kept:
        typer.echo(_("Keeps {pages}.").format(pages=", ".join(order.kept)), err=True)


def conclude(done: Run, late: bool) -> None:
    """Says what was set aside, what failed, what was written; exits with 1 for a failure, with 3 if `late`."""
    books = done.data.accounting
    counts = books.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    told = [f"{line.quarantined:,.0f} of {line.read:,.0f} rows of {line.Index}" for line in counts.itertuples()
            if getattr(line, "quarantined", 0) > 0]  # fmt: skip
    if told:  # by table: of one file several may be made
        typer.echo(f"Warning: in quarantine, with reasons: {', '.join(told)}.", err=True)
    for word, outcome in done.outcomes.items():
        if outcome.problem:
            typer.echo(f"{word} {outcome.status}: {outcome.problem}.", err=True)
    typer.echo(" ".join(_written(done)), err=True)
    typer.echo(os.path.relpath(done.folder / "index.html"))
    if not done.completed:
        raise typer.Exit(NOTEBOOK_FAILED)
    if late:
        raise typer.Exit(WARNED)


def _written(done: Run) -> Iterator[str]:
    """What was written, kept and replaced, a sentence each."""
    wrote = [word for word in done.outcomes if word not in done.kept]
    if wrote:
        yield _("Wrote {pages}.").format(pages=", ".join(wrote))
    if done.kept:
        yield _("Kept {pages}.").format(pages=", ".join(done.kept))
    if done.replaced:
        yield _("Replaced the report made at {at}.").format(at=done.replaced)


def late_by(data: Dataset, within: int | None) -> bool:
    """Whether facts end more than so many days before the report's day, which is said of each."""
    from helpers.data import spans

    late = spans.lags(data.spans.values(), data.as_of, within) if within is not None else []
    for lag in late:
        typer.echo("kehu: " + _("older than {days} days: {lag}.").format(days=within, lag=lag), err=True)
    return bool(late)


def erased(customers: int, changes: Sequence[Change]) -> None:
    """Says what became of each file that told of them."""
    for change in changes:
        if change.rows:
            told = _("rows removed: {rows:,}").format(rows=change.rows)
        elif change.places:
            told = _("places blanked: {places:,}").format(places=change.places)
        else:
            told = _("made anew") if change.path.is_file() else _("emptied; the next run makes it anew")
        typer.echo(f"{os.path.relpath(change.path)}: {told}")
    if not changes:
        typer.echo(_("Nothing that was made of this data set told of them."))
    typer.echo(
        _("Customers kept out of later runs: {customers:,}. Raw files stay as they are.").format(customers=customers)
    )
