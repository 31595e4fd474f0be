"""The commands of `kehu`: what each is asked, what it calls, and with which exit code it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpers import language
from helpers.cli.progress import progress
from helpers.language import _

if TYPE_CHECKING:
    from helpers.data.datasets import Dataset
    from helpers.reports.run import Run

BAD_INPUT, NOTEBOOK_FAILED, WARNED, INTERRUPTED = 2, 1, 3, 130

app = typer.Typer(
    help="Turns raw customer tables into dated HTML reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

DATASET = Annotated[str, typer.Option(help="A folder under data/raw, or the path of any folder.")]
AS_OF = Annotated[str, typer.Option(help="The report's day, YYYY-MM-DD; by default the last day in the data.")]
PRESET = Annotated[str, typer.Option(help="The column mapping for a folder without dataset.toml, such as zoho.")]
LANGUAGE = Annotated[
    str, typer.Option("--language", metavar="en|zh", help="The language of what is said; by default that of LANG.")
]
FRESH = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="DAYS", help="Exit with 3 where the data, or a table that stopped, end longer before the day."
    ),
]
OUTSIDE = Annotated[
    bool, typer.Option("--allow-outside", help="Read files outside the data set's folder that its dataset.toml names.")
]


@app.command()
def report(
    dataset: DATASET = "demo",
    as_of: AS_OF = "",
    preset: PRESET = "",
    notebooks: Annotated[
        str, typer.Option(help="Only these and those they need, comma-separated: 01_profiling,churn.")
    ] = "",
    out: Annotated[Path, typer.Option(help="The folder that holds all reports.")] = Path("reports"),
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
    allow_outside: OUTSIDE = False,
) -> None:
    """Run the notebooks and publish OUT/DATASET/AS_OF/index.html.

    The folder replaces an earlier report of the same data set and day; it appears whole or not at all. A run of some
    notebooks does not take the pages of the others away: give it an OUT of its own.

    **Examples**

    - `kehu report` – the demo, all notebooks
    - `kehu report --dataset ../exports/march --preset zoho --as-of 2025-03-31`
    - `kehu report --notebooks churn -p horizon_days=365 --out reports/trial`
    - `kehu report --dataset my_shop --language zh,en` – pages in Chinese, and beside them in English
    - `kehu report --dataset my_shop --as-of 2025-03-31 --fresh-within 31` – in a schedule of months

    **Exit codes**: 0 all notebooks completed · 1 a notebook failed · 2 something to mend in the command or the data ·
    3 completed, but data are older than --fresh-within.
    """
    with _spoken_errors():
        given = dict(map(_named, parameter or []))
        from helpers.reports import run

        _allow(allow_outside)
        with progress() as tell:
            done = run.report(
                dataset,
                as_of,
                preset=preset,
                names=filter(None, notebooks.split(",")),
                parameters=given,
                languages=language.listed(languages),
                out=out,
                cell_timeout=cell_timeout,
                tell=tell,
            )
        late = _late(done.data, fresh_within)
    _conclude(done, late)


@app.command()
def check(
    dataset: DATASET = "demo",
    as_of: AS_OF = "",
    preset: PRESET = "",
    fresh_within: FRESH = None,
    allow_outside: OUTSIDE = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 where anything calls for a look.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON rather than a page.")] = False,
    spoken: LANGUAGE = "",
) -> None:
    """Read and check a data set, without running a notebook: headers, days, keys, what is set aside, what applies.

    **Examples**

    - `kehu check --dataset ../exports/march --preset zoho`
    - `kehu check --dataset my_shop --language zh`
    - `kehu check --dataset my_shop --json`
    - `kehu check --dataset my_shop --as-of 2025-03-31 --fresh-within 31` – has the month's export come?

    **JSON**: title · as_of · day (set_by, ignored, terms, behind) · customers · tables (by name: files, found, rows,
    money, first_day, last_day, mapped, dropped, as_of_export, readings) · keys · orders_without_customer ·
    orders_without_money · shared_keys · notebooks · warnings · open

    **Exit codes**: 0 it can be reported on · 2 something to mend in the command or the data · 3 warned, with --strict,
    or data are older than --fresh-within.
    """
    with _spoken_errors(spoken):
        from helpers import parameters
        from helpers.cli import check_page
        from helpers.data import datasets, inspection
        from helpers.reports import applicability, notebooks, run

        _allow(allow_outside)
        data = datasets.open(dataset, as_of=parameters.date("as_of", as_of), preset=preset)
        available = notebooks.discover(run.NOTEBOOKS)
        notebooks.check_words(data.settings.notebooks, available)
        notebooks.settled(available, data.settings.notebooks, {})
        found = inspection.inspected(data)
        words = [notebook.word for notebook in available]
        applies = applicability.applicability(words, data.tables, len(data.customers))
        typer.echo(check_page.as_json(found, applies)) if as_json else check_page.show(found, applies)
        late = _late(data, fresh_within)
        if late or (strict and found.warnings()):
            raise typer.Exit(WARNED)


@app.command()
def init(
    folder: Annotated[str, typer.Argument(help="The folder of the exports: a path, or a folder under data/raw.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a dataset.toml that is there.")] = False,
    spoken: LANGUAGE = "",
) -> None:
    """Look into the files of a folder and write its first dataset.toml, with what was guessed and why.

    Of values that may be of a person only the shapes are shown: 999******** for a phone.

    **Example**: `kehu init ../exports/april`, then `kehu check --dataset ../exports/april`

    **Exit codes**: 0 dataset.toml is written · 2 nothing was: there is one, or no file names customers or orders.
    """
    with _spoken_errors(spoken):
        from helpers.data import datasets, draft
        from helpers.data.intake import settings

        home = datasets.folder_of(folder)
        path = home / "dataset.toml"
        if path.exists() and not force:
            raise ValueError(
                _("folder = {folder!r}: it has a dataset.toml. Give --force to write over it.").format(folder=home.name)
            )
        found = draft.drafted(home)
        for line in draft.as_lines(found):
            typer.echo(line)
        _write_whole(path, draft.as_toml(found))
        settings.read(home)
        written = _("Written: {path}. Read it, then run: kehu check --dataset {folder}")
        typer.echo("\n" + written.format(path=os.path.relpath(path), folder=folder))


@app.command()
def plan(
    export: Annotated[str, typer.Option(help="Which, comma-separated: generic, zoho, fxiaoke, wecom.")] = "generic",
    dataset: DATASET = "demo",
    as_of: Annotated[str, typer.Option(help="The report's day, YYYY-MM-DD; by default the latest report's.")] = "",
    out: Annotated[Path, typer.Option(help="The folder that holds all reports.")] = Path("reports"),
    spoken: LANGUAGE = "",
) -> None:
    """Write the list of a report's plan again for a CRM, without a run; those held out are in no file.

    **Example**: `kehu plan --export zoho,wecom --dataset my_shop`

    **Exit codes**: 0 the files are written · 2 nothing was: no such report, or it has no list.
    """
    with _spoken_errors(spoken):
        from helpers import parameters
        from helpers.data import datasets
        from helpers.data.intake import settings
        from helpers.reports import exports

        kinds = tuple(parameters.one_of("export", each.strip(), exports.KINDS) for each in export.split(","))
        home = datasets.folder_of(dataset)
        report = (out / home.name / (as_of or "latest")).resolve()
        for path in exports.again(report, settings.read(home).plan, kinds):
            typer.echo(os.path.relpath(path))


@app.command()
def lab() -> None:
    """Open JupyterLab in the notebooks' folder."""
    from helpers.data.datasets import PROJECT

    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", str(PROJECT / "notebooks")])


def _allow(outside: bool) -> None:
    """Lets this run, its kernels among it, read files outside the data set's folder."""
    from helpers.data import datasets

    if outside:
        os.environ[datasets.OUTSIDE] = "1"


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(_("-p {text}: write NAME=VALUE, such as -p horizon_days=365.").format(text=text))
    return name.strip(), value.strip()


def _write_whole(path: Path, text: str) -> None:
    """The text as a file that replaces an earlier one in one step; ValueError where it cannot be written."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise ValueError(
            _("{file}: it cannot be written ({said}). Give yourself the right to write into its folder.").format(
                file=path.name, said=error.strerror
            )
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _late(data: Dataset, within: int | None) -> bool:
    """Whether facts end more than so many days before the report's day, which is said of each."""
    from helpers.data import spans

    late = spans.lags(data.spans.values(), data.as_of, within) if within is not None else []
    for lag in late:
        typer.echo("kehu: " + _("older than {days} days: {lag}.").format(days=within, lag=lag), err=True)
    return bool(late)


def _conclude(done: Run, late: bool) -> None:
    """Says what was set aside, what failed and where the report is; exits with 1 for a failure, with 3 if `late`."""
    books = done.data.accounting
    counts = books.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    told = [f"{line.quarantined:,.0f} of {line.read:,.0f} rows of {line.Index}" for line in counts.itertuples()
            if getattr(line, "quarantined", 0) > 0]  # fmt: skip
    if told:  # by table: of one file several may be made
        typer.echo(f"Warning: in quarantine, with reasons: {', '.join(told)}.", err=True)
    for word, outcome in done.outcomes.items():
        if outcome.problem:
            typer.echo(f"{word} {outcome.status}: {outcome.problem}.", err=True)
    typer.echo(os.path.relpath(done.folder / "index.html"))
    if not done.completed:
        raise typer.Exit(NOTEBOOK_FAILED)
    if late:
        raise typer.Exit(WARNED)


@contextmanager
def _spoken_errors(spoken: str = "") -> Iterator[None]:
    """What the user can mend is said in one sentence, in the language `spoken` or that of the environment.

    An interrupt, also by SIGTERM, leaves nothing behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with language.spoken(language.chosen(spoken, os.environ)):
            yield
    except ValueError as error:
        typer.echo(f"kehu: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        typer.echo("kehu: " + _("interrupted; no report was written."), err=True)
        raise typer.Exit(INTERRUPTED) from None
