"""The command line: `kehu report`, `kehu check` and `kehu lab`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from helpers.reports.run import Run

BAD_INPUT, NOTEBOOK_FAILED, INTERRUPTED = 2, 1, 130

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
    allow_outside: OUTSIDE = False,
) -> None:
    """Run the notebooks and publish OUT/DATASET/AS_OF/index.html.

    The folder replaces an earlier report of the same data set and day; it appears whole or not at all. A run of some
    notebooks does not take the pages of the others away: give it an OUT of its own.

    **Examples**

    - `kehu report` – the demo, all notebooks
    - `kehu report --dataset ../exports/march --preset zoho --as-of 2025-03-31`
    - `kehu report --notebooks churn -p horizon_days=365 --out reports/trial`

    **Exit codes**: 0 all notebooks completed · 1 a notebook failed · 2 something to mend in the command or the data.
    """
    with _spoken_errors():
        given = dict(map(_named, parameter or []))
        from helpers.reports import run

        _allow(allow_outside)
        with _progress() as tell:
            done = run.report(
                dataset,
                as_of,
                preset=preset,
                names=filter(None, notebooks.split(",")),
                parameters=given,
                out=out,
                cell_timeout=cell_timeout,
                tell=tell,
            )
    _conclude(done)


@app.command()
def check(dataset: DATASET = "demo", as_of: AS_OF = "", preset: PRESET = "", allow_outside: OUTSIDE = False) -> None:
    """Read and check a data set, and account for every row, without running a notebook.

    **Example**: `kehu check --dataset ../exports/march --preset zoho`
    """
    with _spoken_errors():
        from helpers import parameters
        from helpers.data import datasets
        from helpers.reports import notebooks, run

        _allow(allow_outside)
        data = datasets.open(dataset, as_of=parameters.date("as_of", as_of), preset=preset)
        available = notebooks.discover(run.NOTEBOOKS)
        notebooks.check_words(data.settings.notebooks, available)
        notebooks.settled(available, data.settings.notebooks, {})
    typer.echo(f"{data.title}, as of {data.as_of}: {len(data.customers):,} customers")
    for table, lines in data.accounting.groupby("table", sort=False):
        typer.echo(f"\n{table}")
        for line in lines.itertuples():
            typer.echo(f"{line.rows:>12,}  {line.outcome}{': ' + line.rule if line.rule else ''}")


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
        raise ValueError(f"-p {text}: write NAME=VALUE, such as -p horizon_days=365.")
    return name.strip(), value.strip()


def _conclude(done: Run) -> None:
    """Says what was set aside, what failed and where the report is; exits with 1 when a notebook failed."""
    counts = done.accounting.groupby("outcome")["rows"].sum()
    if counts.get("quarantined", 0):
        told = f"{counts['quarantined']:,} of {counts['read']:,} rows are in quarantine, with reasons"
        typer.echo(f"Warning: {told}.", err=True)
    for word, outcome in done.outcomes.items():
        if outcome.problem:
            typer.echo(f"{word} {outcome.status}: {outcome.problem}.", err=True)
    typer.echo(os.path.relpath(done.folder / "index.html"))
    if not done.completed:
        raise typer.Exit(NOTEBOOK_FAILED)


@contextmanager
def _spoken_errors() -> Iterator[None]:
    """What the user can mend is said in one sentence; an interrupt, also by SIGTERM, leaves nothing behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except ValueError as error:
        typer.echo(f"kehu: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        typer.echo("kehu: interrupted; no report was written.", err=True)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress() -> Iterator:
    """A function that is told of each notebook's state: a living table on a terminal, a line each elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda word, state, seconds: typer.echo(_line(word, state, seconds), err=True)
        return
    from rich.live import Live
    from rich.text import Text

    states: dict[str, tuple[str, float, float]] = {}

    def drawn() -> Text:
        now = time.monotonic()
        rows = list(states.items())
        return Text(
            "\n".join(
                _line(word, state, now - since if state == "running" else seconds)
                for word, (state, seconds, since) in rows
            )
        )

    def tell(word: str, state: str, seconds: float) -> None:
        states[word] = (state, seconds, time.monotonic())

    with Live(get_renderable=drawn, console=console, refresh_per_second=8):
        yield tell


def _line(word: str, state: str, seconds: float) -> str:
    return f"{word:<14} {state:<10} {f'{seconds:6.1f} s' if seconds >= 0.05 else ''}".rstrip()
