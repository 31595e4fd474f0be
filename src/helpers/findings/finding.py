"""What every analysis yields: a table, a figure, a sentence; how a notebook shows the three and saves the table."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes

from helpers.findings import axes, formats, ink

ROWS_SHOWN = 20

# What a spreadsheet may run when a cell begins with it (OWASP, CSV injection), full-width forms included.
RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Finding(Protocol):
    """One answer of an analysis, ready to be read."""

    def summary(self) -> pd.DataFrame: ...
    def plot(self, ax: Axes | None = None) -> Axes: ...
    def headline(self) -> str: ...


@dataclass(frozen=True)
class NotApplicable:
    """The answer where a data set lacks what the question needs; says what is missing instead of failing."""

    reason: str

    def summary(self) -> pd.DataFrame:
        """An empty table."""
        return pd.DataFrame()

    def headline(self) -> str:
        """The sentence that stands where the finding would."""
        return f"Not applicable: {self.reason}"


MISSING_ABOVE = NotApplicable("this rests on an answer that is missing above.")


def if_applicable(analysis: Callable[..., Any]) -> Callable[..., Any]:
    """The analysis, which has no answer where what it is given first has none."""

    @functools.wraps(analysis)
    def answer(first: Any, *others: Any, **named: Any) -> Any:
        return MISSING_ABOVE if isinstance(first, NotApplicable) else analysis(first, *others, **named)

    return answer


def show(finding: Finding | NotApplicable, currency: str = "") -> None:
    """Displays a finding: its headline, its figure with the headline as alternative text, its table.

    Of a long table the first 20 rows are shown; bars that are all zero are left to the table. Amounts are in
    `currency` (CNY, GBP …). The headline also goes into the output's metadata, where the report's index reads it. The
    figure is closed. Of a NotApplicable only the sentence is shown.
    """
    headline = finding.headline()
    applicable = not isinstance(finding, NotApplicable)
    markup = _markup(finding, headline, currency) if applicable else f"<p>{html.escape(headline)}</p>"
    note = {"kehu": {"headline": headline, "applicable": applicable}}
    display({"text/html": markup, "text/plain": headline}, raw=True, metadata=note)


def save(frame: pd.DataFrame, folder: str | Path, name: str) -> None:
    """Writes `frame`, without its index, as `name`.parquet and as a `name`.csv that spreadsheets open safely.

    The CSV is UTF-8 with a byte order mark, for Excel; text that a spreadsheet could run as a formula gets a leading
    apostrophe. The Parquet file holds the data as they are. An empty `folder` saves nothing.
    """
    if not folder:
        return
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path / f"{name}.parquet", index=False)
    # CR LF as the line's end makes the writer quote either within a cell: a lone CR would begin a new, unguarded row.
    _harmless(frame).to_csv(path / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def load(folder: str | Path, name: str) -> pd.DataFrame | None:
    """The table that `save` left in `folder` under `name`; None for an empty `folder`, or where none was saved."""
    path = Path(folder) / f"{name}.parquet"
    return pd.read_parquet(path) if folder and path.exists() else None


def _markup(finding: Finding, headline: str, currency: str) -> str:
    name = formats.fingerprint(type(finding).__name__, headline)
    said = html.escape(headline)
    return (
        f"<p><strong>{said}</strong></p>\n{_figure(finding, name, said)}\n{_table(finding.summary(), name, currency)}"
    )


def _figure(finding: Finding, name: str, said: str) -> str:
    """The drawing, said in words for those who do not see it; nothing where all its bars have no length."""
    ax = finding.plot()
    figure = ax.get_figure()
    try:
        if axes.all_bars_are_empty(ax):
            return ""
        return (
            f'<figure class="kehu-figure" role="img" aria-label="{said}" style="max-width: 40rem; margin: 0">'
            f"{ink.svg(figure, name)}</figure>"
        )
    finally:
        plt.close(figure)


def _table(frame: pd.DataFrame, name: str, currency: str) -> str:
    if frame.empty:
        return ""
    rows = formats.table(frame.head(ROWS_SHOWN), currency).to_html(table_uuid=f"{name}-table")
    more = len(frame) - ROWS_SHOWN
    rest = f"<p>The first {ROWS_SHOWN} of {len(frame):,} rows; {more:,} more are not shown.</p>" if more > 0 else ""
    return f'<div class="kehu-table" tabindex="0" style="overflow-x: auto">{rows}</div>{rest}'


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table with every text, headings included, that a spreadsheet could run behind an apostrophe."""
    wordy = [column for column in frame.columns if any(isinstance(value, str) for value in frame[column])]
    quoted = frame.assign(**{column: frame[column].astype(object).map(_quoted) for column in wordy})
    return quoted.rename(columns=_quoted)


def _quoted(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNNABLE) else value
