"""Which groups of requests wait longest, over several ways of grouping them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.service.tickets import NO_TICKETS
from helpers.analyses.feedback.service.waiting import CLOCKS, FIRST_REPLY, speed
from helpers.analyses.feedback.vocabulary import BY, LABEL, MEDIAN_DAYS, MEDIAN_HOURS, ON_TIME_SHARE, TICKETS, WAITING
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, GROUP, LOWER, UPPER
from helpers.statistics.inference import adjust


@dataclass(frozen=True)
class SpeedBy(Finding):
    """The share done within the SLA in every group of every grouping, and a log-rank test of each grouping."""

    table: pd.DataFrame  # with the median in the unit of what is waited for: median_hours or median_days
    what: str
    sla: float

    columns = (
        BY,
        GROUP,
        TICKETS.but(adds_up=[[BY]]),
        MEDIAN_HOURS,
        MEDIAN_DAYS,
        ON_TIME_SHARE,
        LOWER,
        UPPER,
        ADJUSTED_P_VALUE,
    )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share done within the SLA with its 95% CI."""
        pairs = zip(self.table[BY], self.table[GROUP], strict=True)
        labels = [str(say("{by}: {group}", by=facts.Attribute(by), group=facts.Name(group))) for by, group in pairs]
        return charts.forest(self.table.assign(**{LABEL: labels}), estimate=ON_TIME_SHARE, label=LABEL, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        length = CLOCKS[self.what].length(self.sla)
        if self.what == FIRST_REPLY:
            return say("How many requests are answered within {length}?", length=length)
        return say("How many requests are settled within {length}?", length=length)

    def headline(self) -> Sentence:
        """The grouping whose groups differ most clearly, if any does, and its slowest group."""
        tests = self.table.drop_duplicates(BY).set_index(BY)[ADJUSTED_P_VALUE]
        beyond = tests[tests < SIGNIFICANCE]
        if beyond.empty:
            by = facts.Listed(tuple(map(facts.Attribute, tests.index)))
            return say("{by}: no evidence that requests of one group wait longer.", by=by)
        basis = say(
            "Beyond chance by {by}, {tests} tested together.",
            by=facts.Listed(tuple(map(facts.Attribute, beyond.index))),
            tests=facts.Count(len(tests)),
        )
        alike = tuple(facts.Attribute(name) for name in tests.index if name not in beyond.index)
        rest = say("No evidence by {by}.", by=facts.Listed(alike)) if alike else None
        return self._slowest(str(beyond.idxmin())).resting_on(basis, rest)

    def _slowest(self, by: str) -> Sentence:
        """The group of a grouping that waits longest, as far as groups were followed until the SLA."""
        groups = self.table[self.table[BY] == by].dropna(subset=ON_TIME_SHARE)
        if groups.empty:
            return say("{by}: requests of some groups wait longer than those of others.", by=facts.Attribute(by))
        slow = groups.loc[groups[ON_TIME_SHARE].idxmin()]
        known = {"share": facts.Share(slow[ON_TIME_SHARE]), "length": CLOCKS[self.what].length(self.sla)}
        return say("{by}: “{group}” waits longest.", by=facts.Attribute(by), group=facts.Name(slow[GROUP])).resting_on(
            say("Of its requests {share} are answered within {length}.", **known)
            if self.what == FIRST_REPLY
            else say("Of its requests {share} are settled within {length}.", **known)
        )


@analysis
def speed_by(
    data: Dataset, what: str = "resolution", sla: float = 3, by: tuple[str, ...] = ("category", "channel", "workgroup")
) -> SpeedBy | NotApplicable:
    """The same within each grouping that tickets have, with log-rank tests across the groups of each.

    p-values are those of a whole grouping, Holm-adjusted for the number of groupings. Raises the errors of `speed`.
    """
    speeds, missing = {}, NO_TICKETS
    for name in by:
        answer = speed(data, what, sla, name)
        if isinstance(answer, NotApplicable):
            missing = answer
        else:
            speeds[name] = answer
    if not speeds:
        return missing
    adjusted = adjust([answer.p_value for answer in speeds.values()], "holm")
    tables = []
    for (name, answer), p in zip(speeds.items(), adjusted, strict=True):
        table = answer.summary().rename(columns={name: GROUP}).drop(columns=WAITING)
        table.insert(0, BY, name)
        tables.append(table.assign(**{ADJUSTED_P_VALUE: p}))
    return SpeedBy(pd.concat(tables, ignore_index=True), what, sla)
