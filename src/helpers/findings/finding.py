"""What every analysis yields: a table, a figure, a sentence; and how a notebook shows the three."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import pandas as pd

from helpers import language
from helpers.findings import formats
from helpers.findings.briefs import Brief
from helpers.findings.columns import Column
from helpers.findings.privacy.disclosure import disclosed
from helpers.findings.privacy.discretion import Secrets, discreet, left_out, secrets
from helpers.findings.scopes import Scoped, Unscoped, bearing, of_whom
from helpers.findings.sentence import Sentence, joined, say
from helpers.findings.tables import fingerprint, folded, is_narrow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOLD_APART_BY = ("experiment", "what", "done", "source", "kind", "row_kind", "column_kind", "by")

# Under this type an output holds what readers of the other editions see: language → {"html": …, "headline": …}.
EDITIONS = "application/vnd.kehu.editions+json"
CODE = re.compile("`([^`\n]+)`")

Bundle = tuple[dict[str, Any], dict[str, Any]]  # what IPython displays by MIME type, and its metadata

# Of an analysis: the answer above that it rests on, its other arguments, and its own answer.
Above = TypeVar("Above")
Others = ParamSpec("Others")
Answer = TypeVar("Answer")


class DeclaredTable(Scoped):
    """A table that is saved for other notebooks and for people: every column of it is declared."""

    table: pd.DataFrame
    columns: ClassVar[tuple[Column, ...]] = ()  # of `table`

    def __init_subclass__(cls, **named: Any) -> None:
        """Keeps `__repr__` from being generated: what fails to be shown must not print its customers instead."""
        super().__init_subclass__(**named)
        cls.__repr__ = DeclaredTable.__repr__  # type: ignore[method-assign]  # what dataclass would else replace

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def numbers(self, *names: str, digits: int = 2, rows: int | None = None) -> str:
        """The columns `names` of the first `rows` rows as readers may see them, rounded to `digits` decimals, as text.

        Raises KeyError for a name that the table does not have.
        """
        kept = self._with(names)[list(names)]
        return kept.head(len(kept) if rows is None else rows).round(digits).to_string(index=False)

    def _with(self, names: tuple[str, ...]) -> pd.DataFrame:
        return disclosed(self.table, self.columns)


class Finding(DeclaredTable):
    """One answer of an analysis: a table with declared columns, a figure, a sentence. It shows itself in a notebook.

    A finding is a frozen dataclass whose first field is `table`. `summary` is what a page shows of it, with the columns
    `shown` where these are others. What passed the layer (`disclosure`) is `to_show`, `to_tell` and `for_readers`.
    """

    shown: ClassVar[tuple[Column, ...]] = ()  # of `summary()`; empty: those of `table`
    currency: str = ""  # of its amounts (CNY, GBP …)
    settled: ClassVar[pd.DataFrame | None] = None  # what a page shows of a finding `for_readers`, which sets it

    @property
    def name(self) -> str:
        """What a link to it is called: its kind, and what tells it from others of its kind (`TOLD_APART_BY`)."""
        own = (getattr(self, field, "") for field in TOLD_APART_BY)
        return formats.address(" ".join([type(self).__name__, *(each for each in own if isinstance(each, str))]))

    def summary(self) -> pd.DataFrame:
        """The rows and columns that a page shows."""
        return self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """The figure, drawn on `ax` or on a new one."""
        raise NotImplementedError

    def title(self) -> Sentence | None:
        """What stands above the figure: the question that it answers."""
        return None

    def headline(self) -> Sentence:
        """The answer in a sentence; what it rests on is its basis."""
        raise NotImplementedError

    def brief(self) -> Brief:
        """What it has to say on the first page of a report; most have nothing."""
        return Brief()

    def to_show(self) -> pd.DataFrame:
        """The rows and columns of a page as readers may see them."""
        return disclosed(self.summary(), self.shown or self.columns) if self.settled is None else self.settled

    @property
    def readable(self) -> pd.DataFrame:
        """`table` as readers may see it."""
        return disclosed(self.table, self.columns)

    def for_readers(self) -> Self:
        """The finding with the table that readers may see: itself where nothing of it is hidden.

        What a page shows of it stays as it is: a summary made of what is left would fold and add up other rows.
        """
        table = self.readable
        if table is self.table:
            return self
        readers = replace(self, table=table)  # type: ignore[type-var]  # all are dataclasses
        object.__setattr__(readers, "settled", self.to_show())
        return readers

    def to_tell(self) -> Sentence:
        """The headline as readers may hear it: it tells no number that the tables hide."""
        untold = self._secrets()
        return discreet(self.headline(), untold).resting_on(left_out() if untold else None)

    def _secrets(self) -> Secrets:
        return secrets([(self.table, self.columns), (self.summary(), self.shown or self.columns)])

    def _with(self, names: tuple[str, ...]) -> pd.DataFrame:
        """The table, or what a page shows of it where only that has all the columns."""
        return super()._with(names) if set(names) <= set(self.table.columns) else self.to_show()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        brief = self.brief().without(self._secrets())
        data, metadata = _bundle(self.to_tell, partial(_markup, self), brief, applicable=True)
        if only := of_whom(self.subset):
            data["text/plain"] += f"\n{only}"
        metadata["kehu"] |= {"name": self.name, "kind": type(self).__name__}
        return data, metadata


@dataclass(frozen=True)
class Listing(DeclaredTable):
    """A table that shows itself without figure and sentence, under its caption."""

    table: pd.DataFrame
    shown: tuple[Column, ...] = ()  # empty: the columns of its kind
    caption: object = ""  # a word, which speaks the language of the moment

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        def markup(said: Sentence) -> str:
            columns = self.shown or self.columns
            return folded(disclosed(self.table, columns), columns, caption=str(said))

        said = Sentence("{caption}", {"caption": self.caption})
        return _bundle(lambda: said, markup, Brief(), applicable=True)[0], {}


@dataclass(frozen=True)
class NotApplicable(Unscoped):
    """The answer where a data set lacks what the question needs; says what is missing instead of failing."""

    reason: object  # a sentence, which speaks the language of the moment

    def headline(self) -> Sentence:
        """The sentence that stands where the finding would."""
        return say("Cannot be told: {reason}", reason=self.reason)

    def numbers(self, *names: str, digits: int = 2, rows: int | None = None) -> str:
        """The sentence that stands where the numbers of a finding would."""
        return str(self.headline())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        return _bundle(self.headline, lambda said: f"<p>{_written(str(said))}</p>", Brief(), applicable=False)


MISSING_ABOVE = NotApplicable(say("this rests on an answer that is missing above."))


def if_applicable(
    analysis: Callable[Concatenate[Above, Others], Answer],
) -> Callable[Concatenate[Above | NotApplicable, Others], Answer | NotApplicable]:
    """The analysis, which has no answer where what it is given first has none."""

    @functools.wraps(analysis)
    def answer(first: Above | NotApplicable, /, *others: Others.args, **named: Others.kwargs) -> Answer | NotApplicable:
        if isinstance(first, NotApplicable):
            return MISSING_ABOVE
        return bearing(analysis(first, *others, **named), (first, *others, *named.values()))

    return answer


def _bundle(
    headline: Callable[[], Sentence], markup: Callable[[Sentence], str], brief: Brief, applicable: bool
) -> Bundle:
    """What a notebook keeps of an answer: its `headline`, the `markup` with it and its `brief`, in each edition.

    The first edition is what a notebook displays; the report's first page reads the rest from the metadata.
    """
    editions: dict[str, dict[str, Any]] = {}
    for each in language.editions():
        with language.spoken(each):
            told = headline()
            editions[each] = {"headline": str(told), "html": markup(told)}
            if brief != Brief():
                editions[each]["brief"] = brief.spoken()
    first = editions.pop(next(iter(editions)))
    data: dict[str, Any] = {"text/html": first["html"], "text/plain": first["headline"]}
    if editions:
        data[EDITIONS] = editions
    return data, {"kehu": {"applicable": applicable} | {name: first[name] for name in first if name != "html"}}


def _markup(finding: Finding, headline: Sentence) -> str:
    """Headline, what it rests on, figure with the headline as alternative text, and the first rows of the table."""
    name = fingerprint(type(finding).__name__, str(headline))
    said, basis = html.escape(str(headline)), _written(joined(headline.basis))
    only = of_whom(finding.subset)
    figure = _figure(finding.for_readers(), name, said)
    frame, columns = finding.to_show(), finding.shown or finding.columns
    parts = [
        f'<p class="kehu-only">{_written(str(only))}</p>' if only else "",
        f'<h3 class="kehu-headline">{_written(str(headline))}</h3>',
        figure,
        f'<p class="kehu-basis">{basis}</p>' if basis else "",
        folded(frame, columns, finding.currency, name=f"{name}-table"),
    ]
    beside = " kehu-beside" if is_narrow(frame, columns) else ""
    return "\n".join([f'<div class="kehu-answer{beside}">', *filter(None, parts), "</div>"])


def _written(text: str) -> str:
    """Text as HTML: what stands between backticks, such as a setting to write, as code."""
    return CODE.sub(r"<code>\1</code>", html.escape(text))


def _figure(finding: Finding, name: str, said: str) -> str:
    """The drawing, said in words for those who do not see it; nothing where it is empty."""
    import matplotlib.pyplot as plt  # half a second, which only who draws waits for

    from helpers.findings.drawing import axes, ink
    from helpers.findings.drawing.sketch import sketch

    title = finding.title()
    caption = f"<figcaption>{html.escape(str(title))}</figcaption>" if title else ""
    ax = finding.plot()
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes that were just drawn stand on a figure"
    try:
        if axes.is_empty(ax):
            return ""
        drawn = ink.svg(figure, name)
        filled, lines = sketch(ax)
        return (
            f'<figure class="kehu-figure" data-filled="{filled}" data-lines="{lines}" '
            f'style="max-width: 40rem; margin: 0">{caption}<div role="img" aria-label="{said}">{drawn}</div></figure>'
        )
    finally:
        plt.close(figure)
