"""How pleased each group of customers is, each tested against all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.vocabulary import (
    ANSWERS,
    BY_NAME,
    DIFFERENCE_POINTS,
    LEVEL,
    LEVEL_DIFFERENCE,
    NPS_POINTS,
    SATISFIED_SHARE,
)
from helpers.analyses.feedback.voice.answers import (
    Measure,
    Question,
    answers_to,
    apart,
    change,
    latest,
    levels,
    question_of,
    spoken,
    written,
)
from helpers.analyses.feedback.voice.scale_runs import FEWEST_ANSWERS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, GROUP, LOWER, UPPER
from helpers.statistics.inference import adjust


@dataclass(frozen=True)
class GroupLevels(Finding):
    """A question's level in each group of customers, each tested against all others."""

    table: pd.DataFrame
    question: Question
    by: str

    columns = (GROUP, ANSWERS, LEVEL, LOWER, UPPER, LEVEL_DIFFERENCE, ADJUSTED_P_VALUE)
    shown = (ANSWERS, NPS_POINTS, SATISFIED_SHARE, LOWER, UPPER, DIFFERENCE_POINTS, ADJUSTED_P_VALUE, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group, its difference from all others in points of 100."""
        groups = written(self.question, self.table)
        groups[LEVEL_DIFFERENCE] = 100 * groups[LEVEL_DIFFERENCE]
        return groups.rename(columns={LEVEL_DIFFERENCE: DIFFERENCE_POINTS, GROUP: self.by})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each group with its interval."""
        return charts.forest(written(self.question, self.table), estimate=self.question.column, label=GROUP, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How pleased are customers, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """The group that differs most from the others, if any does beyond chance; else the level of all."""
        beyond = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        known = {"beyond": facts.Count(len(beyond)), "groups": facts.Count(len(self.table))}
        if beyond.empty:
            return self._alike().resting_on(say("{groups} groups were tested together.", groups=known["groups"]))
        tests = say("{beyond} of {groups} groups differ from all others beyond chance, tested together.", **known)
        worst = beyond.loc[beyond[LEVEL_DIFFERENCE].abs().idxmax()]
        difference = apart(self.question.measure, worst[LEVEL_DIFFERENCE])
        return self._apart(worst).resting_on(
            say("That is {difference} beside the others.", difference=difference), tests
        )

    def _alike(self) -> Sentence:
        mean = float(np.average(self.table[LEVEL], weights=self.table[ANSWERS]))
        by, level = facts.Attribute(self.by), spoken(self.question.measure, mean)
        if self.question.measure == Measure.NPS:
            return say("{by}: NPS is {level} over all; no group clearly differs.", by=by, level=level)
        return say("{by}: {level} of all are satisfied; no group clearly differs.", by=by, level=level)

    def _apart(self, group: pd.Series) -> Sentence:
        known = {
            "by": facts.Attribute(self.by),
            "group": facts.Name(group[GROUP]),
            "level": spoken(self.question.measure, group[LEVEL]),
        }
        more = group[LEVEL_DIFFERENCE] > 0
        if self.question.measure == Measure.NPS:
            if more:
                return say("{by}: “{group}” is more pleased than the others, with an NPS of {level}.", **known)
            return say("{by}: “{group}” is less pleased than the others, with an NPS of {level}.", **known)
        if more:
            return say("{by}: “{group}” is more pleased than the others: {level} are satisfied.", **known)
        return say("{by}: “{group}” is less pleased than the others: {level} are satisfied.", **known)


@analysis
def group_levels(data: Dataset, labels: pd.Series | None, by: str, name: str = "") -> GroupLevels | NotApplicable:
    """The level of a question in each group, tested against all others, p-values corrected (Holm).

    `labels` is customer_id → group, `by` what the grouping is called, `name` the question, by default the one with most
    answers. Groups with fewer than 10 answers are not shown. Raises ValueError for a question that was not asked.
    """
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    if labels is None or labels.dropna().empty:
        return NotApplicable(say("there is no column “{by}” to group by.", by=facts.Attribute(by)))
    answers = latest(answers_to(data, question)).execute()
    answers = answers.assign(group=answers["customer_id"].map(labels)).dropna(subset=GROUP)
    counts = answers.groupby([GROUP, "score"], observed=True).size().rename(CUSTOMERS).reset_index()
    known = levels(question, counts, GROUP)
    known = known[known[ANSWERS] >= FEWEST_ANSWERS].sort_values(ANSWERS, ascending=False, kind="stable")
    if len(known) < 2:
        few = say(
            "{by}: fewer than two groups have {least} answers.",
            by=facts.Attribute(by),
            least=facts.Count(FEWEST_ANSWERS),
        )
        return NotApplicable(few)
    tests = [change(question, counts[counts[GROUP] != group], counts[counts[GROUP] == group]) for group in known[GROUP]]
    p_values = adjust([test.p_value for test in tests], "holm")
    known = known.assign(level_difference=[test.difference for test in tests], adjusted_p_value=p_values)
    return GroupLevels(known.reset_index(drop=True), question, by)
