"""The commands of `kehu`: what each is asked, what it calls, and with which exit code it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from helpers import language
from helpers.cli import accounts, reporting
from helpers.cli.endings import BAD_INPUT, WARNED, spoken_errors
from helpers.cli.options import AS_OF, DATASET, FRESH, LANGUAGE, OUT, OUTSIDE, PRESET
from helpers.language import _

app = typer.Typer(
    help="Turns raw customer tables into dated HTML reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.command()(reporting.report)


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

        reporting.allow(allow_outside)
        day = parameters.date("as_of", as_of)
        accounts.copied(dataset, preset)
        data = datasets.open(dataset, as_of=day, preset=preset)
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
    folder: Annotated[
        str, typer.Argument(help="The folder of the exports: a path, or a folder under data/raw; or a database's url.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over a dataset.toml that is there.")] = False,
    spoken: LANGUAGE = "",
) -> None:
    """Look into the files of a folder, or a database's tables, and write its first dataset.toml: what was guessed, why.

    Of values that may be of a person only the shapes are shown: 999******** for a phone.

    **Examples**

    - `kehu init ../exports/april` – then look at `kehu check --dataset ../exports/april`
    - `kehu init postgresql://analyst@db.host/shop` – writes data/raw/shop/dataset.toml

    **Exit codes**: 0 dataset.toml is written · 2 nothing was: there is one, or no file names customers or orders.
    """
    with spoken_errors(spoken):
        from helpers.data import datasets, draft
        from helpers.data.intake.wording import settings

        url = folder if "://" in folder else ""
        home = datasets.RAW / draft.folder_name(url) if url else datasets.folder_of(folder)
        path = home / "dataset.toml"
        if path.exists() and not force:
            raise ValueError(
                _("folder = {folder!r}: it has a dataset.toml. Give --force to write over it.").format(folder=home.name)
            )
        found, database = draft.of_database(url) if url else (draft.drafted(home), None)
        home.mkdir(exist_ok=True)
        for line in draft.as_lines(found):
            typer.echo(line)
        _write_whole(path, draft.as_toml(found, database))
        settings.read(home)
        written = _("Written: {path}. Read it, then run: kehu check --dataset {folder}")
        typer.echo("\n" + written.format(path=os.path.relpath(path), folder=home.name if url else folder))


@app.command()
def plan(
    export: Annotated[
        list[str] | None, typer.Option(help="Which, comma-separated: generic, zoho, fxiaoke, wecom.")
    ] = None,
    dataset: DATASET = "demo",
    as_of: Annotated[str, typer.Option(help="The report's day, YYYY-MM-DD; by default the latest report's.")] = "",
    out: OUT = Path("reports"),
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

        wanted = ",".join(export or ["generic"]).split(",")
        kinds = tuple(parameters.one_of("export", each.strip(), exports.KINDS) for each in wanted)
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
    out: OUT = Path("reports"),
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

        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines() if file else []
        except UnicodeDecodeError:
            raise ValueError(_("{file}: it is no plain text. Write one id a line.").format(file=file)) from None
        wanted = list(dict.fromkeys(each.strip() for each in [*(ids or []), *lines] if each.strip()))
        if not wanted:
            raise ValueError(_("ID: nobody is named. Give ids, or a file of them with --file."))
        accounts.erased(len(wanted), erasure.erase(dataset, preset, wanted, out))


@app.command()
def prune(
    keep: Annotated[str, typer.Option(metavar="RULE", help="Of how many periods the last report stays: see below.")],
    dataset: Annotated[str, typer.Option(help="Only the reports of this data set; by default of all.")] = "",
    out: OUT = Path("reports"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    spoken: LANGUAGE = "",
) -> None:
    """Remove old reports: of each of the last so many days, weeks, months, quarters or years the last one stays.

    They are counted back from the newest report, which stays, as do those that the next one goes on from. What later
    reports tell of earlier ones stays too: the line on the shelf, decisions and their days, the memory of plans.

    **Examples**

    - `kehu prune --keep "30 days, 12 months" --dry-run`
    - `kehu prune --keep "30 days, 12 months" --dataset my_shop`

    **Exit codes**: 0 done · 2 something to mend in the command, or a run is writing a report.
    """
    with spoken_errors(spoken):
        from helpers.reports import pruning

        accounts.pruned(pruning.prune(out, keep, dataset, dry_run=dry_run), dry_run)


@app.command()
def doctor(out: OUT = Path("reports"), spoken: LANGUAGE = "") -> None:
    """Look whether this machine has what a report needs, and how the last ones ended: a line each, with its remedy.

    **Example**: `kehu doctor`

    **Exit codes**: 0 nothing stops a report · 2 something does.
    """
    with spoken_errors(spoken):
        from helpers.cli import doctor

        found = list(doctor.lines(out))
        for each in found:
            typer.echo(str(each))
        if any(each.state == doctor.STOP for each in found):
            raise typer.Exit(BAD_INPUT)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(options: typer.Context) -> None:
    """Open JupyterLab in the notebooks' folder; its own options, such as --no-browser --port 8899, are passed on.

    Answers and errors are in Chinese where the system speaks it. In a git checkout the outputs of notebooks are left
    out of commits from then on.
    """
    from helpers.cli import lab as jupyterlab
    from helpers.data.datasets import PROJECT

    spoken = language.chosen("", os.environ)
    with language.spoken(spoken):
        if is_root := jupyterlab.runs_as_root():
            typer.echo(_("You are root, whom JupyterLab refuses by itself: it is opened all the same."), err=True)
        if jupyterlab.strip_outputs_on_commit(PROJECT):
            typer.echo(_("Commits leave the outputs of notebooks out (git filter “notebooks”)."), err=True)
    command = jupyterlab.command(PROJECT / "notebooks", options.args, is_root)
    os.execve(command[0], command, os.environ | {language.SPOKEN: spoken})


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
