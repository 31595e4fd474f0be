"""How long customers stayed, under a stated definition of leaving; every other answer about churn starts from these."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.descriptions import AS_OF_EXPORT
from helpers.analyses.churn.leaving.silence import (
    doubt,
)
from helpers.analyses.churn.leaving.vocabulary import (
    BEGAN_OR_LEFT,
    DESCRIPTION,
    DURATION_DAYS,
    ENDED_ON,
    ENTRY_DAYS,
    SILENCE_DAYS,
    STARTED_ON,
)
from helpers.analyses.churn.vocabulary import LEFT, STATED_REASON, STAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, say
from helpers.findings.briefs import Brief, Ground, Yardstick
from helpers.findings.drawing import charts
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, MEASURE, MONTH, VALUE
from helpers.language import _

LEAST_CUSTOMERS = 20
UNDATED = NotApplicable(say("it is not known on which day customers came, only how long they stayed."))
CROWDED = 0.5  # share of all ends on one day


class Definition(StrEnum):
    """What leaving is."""

    AUTO = "auto"  # the contract, where there are subscriptions
    CONTRACT = "contract"
    SILENCE = "silence"


@dataclass(frozen=True, eq=False)  # each is equal to itself alone, so that answers about it can be remembered
class Stays(Members, Finding):
    """One row a stay: from when to when a customer was there, and whether the end was seen."""

    table: pd.DataFrame  # silence_days under silence only
    attributes: tuple[str, ...]  # columns that describe customers, the plan first
    definition: str  # contract or silence
    as_of: dt.date
    until: dt.date  # the last day on which leaving can be told; whoever is still there is censored at it
    silence_days: int = 0  # for everybody, or where a segment has none of its own; 0 under contract
    silence_by: str = ""  # the column whose values have a silence of their own
    silences_by: pd.DataFrame = field(default_factory=pd.DataFrame)  # segment, gaps, silence_days
    left_out: dict[str, Sentence] = field(default_factory=dict)  # column → why it describes nobody
    silences: int = 0  # how often somebody was silent for longer
    returns: int = 0  # and how often an order followed
    alone_share: float = math.nan  # share of stays that such a silence would end if nobody left, at least
    joined_earlier: int | None = None  # customers who joined before the first order of all; None where unknown
    observed_from: dt.date | None = None  # ends up to this day were not recorded
    unobserved: int = 0  # stays that had ended by then, left out
    drawn: bool = False  # from one table of who had left by a day: who left before it was drawn may be missing
    columns = (
        CUSTOMER_ID, STARTED_ON, ENDED_ON, ENTRY_DAYS, DURATION_DAYS, LEFT, STATED_REASON, SILENCE_DAYS, DESCRIPTION,
    )  # fmt: skip
    shown = (MEASURE, VALUE)

    @property
    def left_share(self) -> float:
        """Share of stays whose end was seen."""
        return float(self.table["left"].mean())

    @property
    def dated(self) -> bool:
        """Whether it is known when stays began, not only how long they were."""
        return bool(self.table["started_on"].notna().any())

    @property
    def return_rate(self) -> float:
        """Share of silences that were followed by an order; NaN without silences."""
        return self.returns / self.silences if self.silences else math.nan

    @property
    def once(self) -> pd.Series:
        """Whether each stay is one order day, with a silence after it: no stay that could be longer or shorter."""
        return self.table["left"] & (self.table["duration_days"] == 0) & (self.definition == Definition.SILENCE)

    @property
    def crowded(self) -> bool:
        """Whether most contracts ended on one day: such ends are dated when somebody looked."""
        ends = self.table.loc[self.table["left"], "ended_on"].value_counts()
        return self.definition == Definition.CONTRACT and bool(ends.max() > CROWDED * ends.sum())

    @property
    def silence(self) -> str:
        """The silence in words: 187 days, or 95 days to 187 days by channel."""
        if not self.silence_by:
            return formats.days(self.silence_days)
        lengths, by = self.silences_by["silence_days"], formats.label(self.silence_by).lower()
        lengths = formats.interval(lengths.min(), lengths.max(), formats.days)
        return _("{lengths} by {column}").format(lengths=lengths, column=by)

    def summary(self) -> pd.DataFrame:
        """The definition in words and counts: measure, value."""
        table = self.table
        rows = [
            *(self._silence_words() if self.definition == Definition.SILENCE else self._contract_words()),
            (_("Customers"), table["customer_id"].nunique()),
            (_("Stays"), len(table)),
            (_("Left"), int(table["left"].sum())),
            (_("Share left"), formats.percent(self.left_share)),
            (_("Still there (censored)"), int((~table["left"]).sum())),
        ]
        return pd.DataFrame(rows, columns=[MEASURE, VALUE]).astype({VALUE: object})

    def _contract_words(self) -> list[tuple[str, object]]:
        drawn = _("having left by the day on which the table was drawn")
        return [
            (
                _("Leaving is"),
                drawn if self.drawn else _("the end of the contract; periods that touch or overlap are one stay"),
            ),
            *([(_("Left before it was drawn"), _("may be missing (left truncation)"))] if self.drawn else []),
            *self._entry_words(),
            (_("Censored on"), self.until),
        ]

    def _entry_words(self) -> list[tuple[str, object]]:
        if self.observed_from is None:
            return []
        return [
            (
                _("Watched from {day} only (delayed entry)").format(day=self.observed_from),
                int((self.table["entry_days"] > 0).sum()),
            ),
            (_("Ended by then, left out"), self.unobserved),
        ]

    def _silence_words(self) -> list[tuple[str, object]]:
        return [
            (_("Leaving is"), _("the first silence: no order for more than {silence}").format(silence=self.silence)),
            *(
                (_("Silence of {group}").format(group=row.segment), formats.days(row.silence_days))
                for row in self.silences_by.itertuples()
            ),
            (_("Dated, to describe (this page's curves)"), _("back to the last order before the silence")),
            (
                _("Dated, to alert (the chances per customer)"),
                _("when it is known: the last order + {silence}").format(silence=self.silence),
            ),
            *self._entry_words(),
            (_("Censored on"), self.until),
            (_("Silences"), self.silences),
            (_("Silences that an order followed (reactivation rate)"), formats.percent(self.return_rate)),
            (_("Stays that silence would end if nobody left, at least"), formats.percent(self.alone_share)),
            (_("Silent right after the first order day"), int(self.once.sum())),
        ]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stays that began and that ended, by month."""
        months = pd.period_range(self.table["started_on"].min(), self.until, freq="M")
        counts = {
            what: self.table[column].dt.to_period("M").value_counts().reindex(months, fill_value=0)
            for what, column in {_("began"): "started_on", _("left"): "ended_on"}.items()
        }
        tidy = pd.concat(counts, names=[BEGAN_OR_LEFT, MONTH]).rename(STAYS).reset_index()
        tidy = tidy.assign(month=tidy[MONTH].dt.to_timestamp())
        return charts.line(tidy, x=MONTH, y=STAYS, group=BEGAN_OR_LEFT, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many stays began, and how many ended, in each month?")

    def headline(self) -> Sentence:
        """What leaving means here, and how many left; where silence cannot tell it, that first."""
        counts = {"left": facts.Count(self.table["left"].sum()), "stays": facts.Count(len(self.table))}
        day, share = facts.Day(self.until), facts.Share(self.left_share)
        if self.drawn:
            earlier = say("Who left before it was drawn may be missing: then true stays are shorter.")
            return say(
                "When the table was drawn, on {day}, {left} of {stays} customers had left.", day=day, **counts
            ).resting_on(say("That is {share}.", share=share), None if self.observed_from else earlier)
        if self.definition == Definition.CONTRACT:
            running = facts.Count((~self.table["left"]).sum())
            return say("Leaving means that a contract ended: {left} of {stays} have.", **counts).resting_on(
                say("{share} had ended by {day}; {running} are running.", share=share, day=day, running=running)
            )
        told = self._silent(counts)
        last = say("{share} by {day}, the last day on which this can be told.", share=share, day=day)
        if doubtful := doubt(self.return_rate):
            return doubtful.resting_on(told, last, *self._doubts())
        return told.resting_on(last, *self._doubts())

    def brief(self) -> Brief:
        """What leaving is."""
        if self.definition == Definition.CONTRACT:
            said, amount = say("the end of a contract"), math.nan
        elif self.silence_by:
            lengths = self.silences_by["silence_days"]
            ends = facts.Range(facts.Days(lengths.min()), facts.Days(lengths.max()))
            said, amount = say("no order for more than {silence}", silence=ends), float(lengths.mean())
        else:
            silence = facts.Days(self.silence_days)
            said, amount = say("no order for more than {silence}", silence=silence), float(self.silence_days)
        return Brief(yardsticks=(Yardstick(Ground.DEFINITION, say("leaving"), said, amount),))

    def _silent(self, counts: Mapping[str, facts.Count]) -> Sentence:
        """How long a silence is leaving, and how many were silent for so long."""
        if not self.silence_by:
            return say(
                "Leaving means no order for more than {silence}: {left} of {stays} customers have left.",
                silence=facts.Days(self.silence_days),
                **counts,
            )
        lengths = self.silences_by["silence_days"]
        return say(
            "Leaving means no order for more than {silence}, by {column}: {left} of {stays} customers have left.",
            silence=facts.Range(facts.Days(lengths.min()), facts.Days(lengths.max())),
            column=facts.Attribute(self.silence_by),
            **counts,
        )

    def _doubts(self) -> Iterator[Sentence]:
        """How far silence need not be leaving."""
        if once := int(self.once.sum()):
            yield say("{once} of them went silent right after the first order day.", once=facts.Count(once))
        if not self.silences:
            yield say("Nobody was silent for so long.")
            return
        if not doubt(self.return_rate):
            back = facts.Share(self.return_rate)
            yield say("{share} of such silences were followed by an order after all (reactivation rate).", share=back)
        alone = facts.Share(self.alone_share)
        yield say("If nobody left, silence alone would end at least {share} of stays.", share=alone)


def chosen_attribute(stays: Stays, by: str = "") -> str:
    """The attribute to group by: `by`, else the first of words, or any; empty where nothing describes customers.

    Raises ValueError when the stays have no attribute `by`, or it is known as of the export alone.
    """
    if stays.left_out.get(by) == AS_OF_EXPORT:
        raise ValueError(f"by = {by!r}: {AS_OF_EXPORT}. Choose one of {', '.join(stays.attributes)}.")
    if by:
        return parameters.one_of("by", by, stays.attributes)
    wordy = [name for name in stays.attributes if not pd.api.types.is_numeric_dtype(stays.table[name])]
    return next(iter([*wordy, *stays.attributes]), "")
