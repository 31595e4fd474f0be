"""What `kehu report` says at its beginning and at its end, `kehu erase` and `kehu prune` of what they changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from helpers.cli import log
from helpers.language import _

if TYPE_CHECKING:
    from helpers.data.datasets import Dataset
    from helpers.reports.erasure import Change
    from helpers.reports.order import Order
    from helpers.reports.production import Tell
    from helpers.reports.pruning import Pruning
    from helpers.reports.run import Run

MEGABYTE = 1 << 20


def announce(order: Order) -> None:
    """Says what will be read and run, and what stays of a report that is there."""
    size = sum(path.stat().st_size for path in order.data.inputs) / MEGABYTE
    runs = _("Reads {name} as of {day} (files: {files}, {size:,.1f} MB). Runs {pages}.")
    words = runs if order.wanted else _("Reads {name} as of {day} (files: {files}, {size:,.1f} MB). Nothing is to run.")
    pages = ", ".join(notebook.word for notebook in order.wanted)
    name, day = order.data.name, order.data.as_of
    log.say(words.format(files=len(order.data.inputs), name=name, size=size, day=day, pages=pages))
    if order.kept:
        log.say(_("Keeps {pages}.").format(pages=", ".join(order.kept)))


def told(word: str, state: str, seconds: float = 0.0) -> None:
    """Says how one thing among several gets on."""
    log.say(f"{word:<14} {state}")


def copied(dataset: str, preset: str, tell: Tell = told) -> None:
    """Reads what is new in the database of a data set, if it has one, and says how many rows that were."""
    from helpers.data import datasets

    for each in datasets.copied(dataset, preset, tell=lambda table, rows: tell(table, f"{rows:,}", 0.0)):
        tell(each.name, _("rows read: {read:,} of {rows:,}").format(read=each.read, rows=each.rows), 0.0)


def conclude(done: Run) -> list[str]:
    """Says what was set aside, what failed, what was written; yields what of it is a warning."""
    if done.skipped:
        words = _("{name} {day}: skipped, since nothing changed since the report made at {at}.")
        log.say(words.format(name=done.folder.parent.name, day=done.folder.name, at=done.replaced))
        return []
    books = done.data.accounting  # by table: of one file several may be made
    counts = books.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    told = [f"{line.quarantined:,.0f} of {line.read:,.0f} rows of {line.Index}" for line in counts.itertuples()
            if getattr(line, "quarantined", 0) > 0]  # fmt: skip
    warnings = [f"Warning: in quarantine, with reasons: {', '.join(told)}."] if told else []
    warnings += [done.problem] if done.problem else []
    problems = [f"{word} {each.status}: {each.problem}." for word, each in done.outcomes.items() if each.problem]
    for line in (*warnings, *problems, " ".join(_written(done))):
        log.say(line)
    return warnings


def _written(done: Run) -> Iterator[str]:
    """What was written, kept and replaced, a sentence each."""
    wrote = [word for word in done.outcomes if word not in done.kept]
    if wrote:
        yield _("Wrote {pages}.").format(pages=", ".join(wrote))
    for at in sorted(set(done.taken_over.values())):
        pages = ", ".join(word for word, made_at in done.taken_over.items() if made_at == at)
        yield _(
            "Taken over as made at {at}, since nothing that decides them changed (--fresh runs all): {pages}."
        ).format(at=at, pages=pages)
    if kept := [word for word in done.kept if word not in done.taken_over]:
        yield _("Kept {pages}.").format(pages=", ".join(kept))
    if done.replaced:
        yield _("Replaced the report made at {at}.").format(at=done.replaced)


def late_by(data: Dataset, within: int | None) -> list[str]:
    """What of the facts ends more than so many days before the report's day, which is said of each."""
    from helpers.data import spans

    late = spans.lags(data.spans.values(), data.as_of, within) if within is not None else []
    told = [_("older than {days} days: {lag}.").format(days=within, lag=lag) for lag in late]
    for sentence in told:
        typer.echo(f"kehu: {sentence}", err=True)
    return told


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


def pruned(prunings: Sequence[Pruning], dry_run: bool) -> None:
    """Says which reports went, or would go, and how many stay, by data set."""
    for each in prunings:
        for day, size in zip(each.removed, each.sizes, strict=True):
            typer.echo(f"{os.path.relpath(each.home / day)} {size / MEGABYTE:,.1f} MB")
        known = {
            "name": each.home.name, "kept": len(each.kept), "removed": len(each.removed),
            "size": sum(each.sizes) / MEGABYTE,
        }  # fmt: skip
        words = (
            _("{name}: reports to remove: {removed:,} ({size:,.1f} MB), to keep: {kept:,}. Nothing was removed yet.")
            if dry_run
            else _("{name}: reports removed: {removed:,} ({size:,.1f} MB), kept: {kept:,}.")
        )
        typer.echo(words.format(**known))
    if not prunings:
        typer.echo(_("There is no report."))
