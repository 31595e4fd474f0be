"""The command that makes reports: what it is asked, and what becomes of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpers import language
from helpers.cli import accounts, backfill, log, results
from helpers.cli.endings import spoken_errors
from helpers.cli.options import DATASET, ENGINE, FRESH, OUT, OUTSIDE, PRESET
from helpers.cli.progress import progress
from helpers.cli.results import Result
from helpers.language import _

if TYPE_CHECKING:
    from helpers.reports.exports.post import Post


def report(
    dataset: DATASET = "demo",
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DAY|FIRST..LAST",
            help="The report's day, YYYY-MM-DD; by default the last in the data. Or a range of past ones.",
        ),
    ] = "",
    every: Annotated[
        str, typer.Option(metavar="day|week|month|quarter", help="The step from report to report of a range.")
    ] = "",
    preset: PRESET = "",
    notebooks: Annotated[
        str, typer.Option(help="Only these and those they need, comma-separated: 01_profiling,churn.")
    ] = "",
    out: OUT = Path("reports"),
    parameter: Annotated[
        list[str] | None, typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="A notebook parameter.")
    ] = None,
    cell_timeout: Annotated[
        int | None, typer.Option(min=1, metavar="SECONDS", help="End a notebook when one cell runs longer.")
    ] = None,
    languages: Annotated[
        str,
        typer.Option(
            "--language", metavar="en|zh|zh,en", help="Of the pages; by default dataset.toml's, or the data's."
        ),
    ] = "",
    fresh_within: FRESH = None,
    engine: ENGINE = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print each edition to report.pdf, where this machine has Chromium.")
    ] = False,
    mail_to: Annotated[
        str, typer.Option(metavar="ADDRESSES", help="Send the Monday page there, by the server that KEHU_SMTP names.")
    ] = "",
    attach: Annotated[str, typer.Option(metavar="pdf|xlsx|pdf,xlsx", help="What is attached to the mail.")] = "",
    if_changed: Annotated[
        bool,
        typer.Option("--if-changed", help="Skip it where data, parameters, code and settings are as they were."),
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run what is asked, also where nothing that decides a page changed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON rather than the path.")] = False,
    on_success: Annotated[
        str,
        typer.Option(metavar="COMMAND", help="Run in your shell where the exit code is 0; KEHU_… variables tell it."),
    ] = "",
    on_failure: Annotated[str, typer.Option(metavar="COMMAND", help="The same for any other exit code.")] = "",
    allow_outside: OUTSIDE = False,
) -> None:
    """Run the notebooks and publish OUT/DATASET/AS_OF/index.html.

    The folder replaces an earlier report of the same data set and day; it appears whole or not at all. Pages of that
    report are taken over where nothing that decides them changed: data, parameters, code, settings, what they read of
    other pages and earlier reports. --fresh runs them all. A run of some notebooks renews their pages, and those that
    need them; all others stay, and say so where they were made from other files. A page whose notebook fails stays as
    it was.

    **Examples**

    - `kehu report` – the demo, all notebooks
    - `kehu report --dataset ../exports/march --preset zoho --as-of 2025-03-31`
    - `kehu report --fresh` – all anew, whatever stands
    - `kehu report --notebooks churn` – renews one page, and what hangs on it
    - `kehu report --notebooks churn -p horizon_days=365 --out reports/trial`
    - `kehu report --dataset my_shop --language zh,en` – pages in Chinese, and beside them in English
    - `kehu report --dataset my_shop --as-of 2025-03-31 --fresh-within 31` – in a schedule of months
    - `kehu report --dataset my_shop --as-of 2025-01-31..2025-12-31 --every month` – past reports, the oldest first
    - `kehu report --dataset my_shop --if-changed --json` – in a schedule of days

    - `kehu report --dataset my_shop --on-failure 'sh tell.sh'` – whom to tell

    - `kehu report --dataset my_shop --mail-to ann@example.org --attach pdf` – from the environment: KEHU_SMTP …

    **COMMAND** finds KEHU_STATUS, KEHU_EXIT_CODE, KEHU_DATASET, KEHU_AS_OF, KEHU_REPORT (the folder) and KEHU_MESSAGE
    in its environment: see docs/operations.md.

    **JSON**: dataset · as_of · status (completed, unchanged, late, failed, refused, interrupted) · message · report
    (its folder) · skipped · pages (by word: status, seconds, problem) · kept · taken_over (by word: when it was made) ·
    warnings · exit_code; of a range these for each in reports

    **Exit codes**: 0 all notebooks completed, or nothing had changed · 1 a notebook failed, or the mail was not taken ·
    2 something to mend in the command or the data · 3 completed, but data are older than --fresh-within.
    """
    ledger = results.Ledger(dataset)

    def make(day: str) -> None:
        with spoken_errors(told=partial(ledger.refused, day)):
            from helpers.reports import run

            with progress() as tell:
                done = run.report(
                    dataset,
                    day,
                    preset=preset,
                    names=_listed("notebooks", notebooks),
                    parameters=given,
                    languages=language.listed(languages),
                    out=out,
                    cell_timeout=cell_timeout,
                    if_changed=if_changed,
                    fresh=fresh,
                    pdf=pdf or "pdf" in post.attached,
                    tell=tell,
                    begin=accounts.announce,
                    renew=lambda: accounts.copied(dataset, preset, tell),
                )
            late = accounts.late_by(done.data, fresh_within)
            result = results.of_run(done, accounts.conclude(done), late)
            ledger.add(_mailed(result, post) if post.to and not done.skipped else result)

    with ledger.closing(as_json, on_success, on_failure):
        with spoken_errors(told=partial(ledger.refused, as_of)):
            given = dict(map(_named, parameter or []))
            days = backfill.days(as_of, every)
            post = _post(mail_to, attach, days)
            if fresh and if_changed:
                raise ValueError(_("--fresh: it runs what --if-changed skips. Leave out one of them."))
            allow(allow_outside)
            _compute_in(engine)
            if len(days) > 1:
                _check(dataset, preset, notebooks, given, languages)
        backfill.each(days, make)


def _listed(option: str, given: str) -> list[str]:
    """The names that an option lists; ValueError where it is given and names none."""
    names = [each.strip() for each in given.split(",") if each.strip()]
    if given and not names:
        raise ValueError(
            _("{option} = {given!r}: it names nothing. Leave it out, or name some.").format(option=option, given=given)
        )
    return names


def _check(dataset: str, preset: str, notebooks: str, parameters: Mapping[str, str], languages: str) -> None:
    """ValueError for what would fail on every day, so that it is told once."""
    from helpers.data import datasets
    from helpers.reports import run

    language.listed(languages)
    run.checked(run.NOTEBOOKS, _listed("notebooks", notebooks), parameters)
    datasets.open(dataset, preset=preset)


def _post(mail_to: str, attach: str, days: Sequence[str]) -> Post:
    """Whom the report is sent to; ValueError, before anything runs, for what cannot be."""
    from helpers.reports.exports import post

    if mail_to and len(days) > 1:
        raise ValueError(_("mail_to: one report is sent, not {days}. Leave out --every.").format(days=len(days)))
    if attach and not mail_to:
        raise ValueError(_("attach = {attach!r}: to no mail. Give --mail-to too.").format(attach=attach))
    _listed("mail_to", mail_to)
    return post.asked(mail_to, attach, os.environ)


def _mailed(result: Result, post: Post) -> Result:
    """The result once the report is sent, or left as a file; one that could not be sent failed."""
    from helpers.reports.exports.post import deliver

    went_well, said = deliver(Path(result.report), post)
    log.say(said)
    if went_well:
        return result
    return replace(result, status="failed", message=f"{result.message} {said}".strip())


def allow(outside: bool) -> None:
    """Lets this run, its kernels among it, read files outside the data set's folder."""
    from helpers.data import datasets

    if outside:
        os.environ[datasets.OUTSIDE] = "1"


def _compute_in(url: str) -> None:
    """Lets this run, its kernels among it, compute in the engine of a URL, whatever the data set's settings say."""
    from helpers.data import datasets, engine

    if url:
        engine.checked(url)
        os.environ[datasets.ENGINE] = url


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(_("-p {text}: write NAME=VALUE, such as -p horizon_days=365.").format(text=text))
    return name.strip(), value.strip()
