"""The commands of `kehu`: what each is asked, what it calls, and with which exit code it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from helpers import language
from helpers.cli import accounts
from helpers.cli.endings import WARNED, spoken_errors
from helpers.cli.progress import progress
from helpers.language import _

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
    notebooks renews their pages in that report, and those that need them; all others stay, and say so where they were
    made from other files. A page whose notebook fails stays as it was.

    **Examples**

    - `kehu report` – the demo, all notebooks
    - `kehu report --dataset ../exports/march --preset zoho --as-of 2025-03-31`
    - `kehu report --notebooks churn` – renews one page, and what hangs on it
    - `kehu report --notebooks churn -p horizon_days=365 --out reports/trial`
    - `kehu report --dataset my_shop --language zh,en` – pages in Chinese, and beside them in English
    - `kehu report --dataset my_shop --as-of 2025-03-31 --fresh-within 31` – in a schedule of months

    **Exit codes**: 0 all notebooks completed · 1 a notebook failed · 2 something to mend in the command or the data ·
    3 completed, but data are older than --fresh-within.
    """
    with spoken_errors():
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
                begin=accounts.announce,
            )
        late = accounts.late_by(done.data, fresh_within)
        accounts.conclude(done, late)


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
    with spoken_errors(spoken):
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
        late = accounts.late_by(data, fresh_within)
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
    with spoken_errors(spoken):
        from helpers.data import datasets, draft
        from helpers.data.intake.wording import settings

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
    with spoken_errors(spoken):
        from helpers import parameters
        from helpers.data import datasets
        from helpers.data.intake.wording import settings
        from helpers.reports import exports

        kinds = tuple(parameters.one_of("export", each.strip(), exports.KINDS) for each in export.split(","))
        home = datasets.folder_of(dataset)
        report = (out / home.name / (as_of or "latest")).resolve()
        for path in exports.again(report, settings.read(home).plan, kinds):
            typer.echo(os.path.relpath(path))


@app.command()
def erase(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Customers, as customer_id has them.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A text file of such ids, one a line.")] = None,
    dataset: DATASET = "demo",
    preset: PRESET = "",
    out: Annotated[Path, typer.Option(help="The folder that holds all reports.")] = Path("reports"),
    spoken: LANGUAGE = "",
) -> None:
    """Take customers out of all that was made of a data set, and keep them out of later runs.

    Prepared data are removed, and made anew by the next run without them; their rows leave the tables, lists for CRMs
    and plans of all reports under OUT, their pseudonyms and ids the pages and notebooks. Sums on pages stay as they
    were told: run `kehu report` to make them anew. Raw files stay: delete the customer there yourself.

    **Examples**

    - `kehu erase C00017 --dataset my_shop`
    - `kehu erase --file asked_to_be_forgotten.txt --dataset my_shop`

    **Exit codes**: 0 they are erased · 2 something to mend in the command or the data.
    """
    with spoken_errors(spoken):
        from helpers.reports import erasure

        lines = file.read_text(encoding="utf-8-sig").splitlines() if file else []
        wanted = list(dict.fromkeys(each.strip() for each in [*(ids or []), *lines] if each.strip()))
        if not wanted:
            raise ValueError(_("ID: nobody is named. Give ids, or a file of them with --file."))
        accounts.erased(len(wanted), erasure.erase(dataset, preset, wanted, out))


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
    from helpers.data import whole_files

    try:
        whole_files.write(path, text)
    except OSError as error:
        raise ValueError(
            _("{file}: it cannot be written ({said}). Give yourself the right to write into its folder.").format(
                file=path.name, said=error.strerror
            )
        ) from None
