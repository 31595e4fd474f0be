"""How far to trust what is said about leaving: each assumption, what the data say of it, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.hazards import HazardRatios
from helpers.analyses.churn.drivers.leakage import suspects
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality
from helpers.analyses.churn.leaving.definition import UNDATED, Stays
from helpers.analyses.churn.premises import Check, Verdict, of_model, of_stays, proportional
from helpers.analyses.churn.vocabulary import ASSUMPTION, CONSEQUENCE, EVIDENCE, FOLLOWED_SHARE, TENURE_DAYS, VERDICT
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics import survival


@dataclass(frozen=True)
class Trust(Finding):
    """The assumptions behind the curves and the model."""

    table: pd.DataFrame
    checks: tuple[Check, ...]  # of the same assumptions, with what the data say and what follows
    followed: pd.DataFrame  # reverse Kaplan–Meier: time, survival, lower, upper
    columns = (ASSUMPTION, VERDICT)
    shown = (ASSUMPTION, VERDICT, EVIDENCE, CONSEQUENCE)

    def summary(self) -> pd.DataFrame:
        """One row an assumption: the verdict, the evidence and what follows, in words."""
        evidence = [check.evidence.whole for check in self.checks]
        return self.table.assign(evidence=evidence, consequence=[str(check.consequence) for check in self.checks])

    def plot(self, ax: Axes | None = None) -> Axes:
        """How long customers could be followed: share that would still be observed had nobody left."""
        curve = self.followed.rename(columns={"time": TENURE_DAYS, "survival": FOLLOWED_SHARE})
        return charts.steps(curve, x=TENURE_DAYS, y=FOLLOWED_SHARE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How long could customers be followed?")

    def headline(self) -> Sentence:
        """How many assumptions do not hold; which below."""
        verdicts = self.table[VERDICT]
        failing = self.table.loc[verdicts == Verdict.FAILS, ASSUMPTION].tolist()
        tested = facts.Count(verdicts.isin([Verdict.HOLDS, Verdict.FAILS]).sum())
        if not failing:
            told = say("All {tested} assumptions that can be tested hold.", tested=tested)
        elif len(failing) == 1:
            told = say("One of {tested} assumptions that can be tested does not hold.", tested=tested)
        else:
            told = say(
                "{failing} of {tested} assumptions that can be tested do not hold.",
                failing=facts.Count(len(failing)),
                tested=tested,
            )
        return told.resting_on(
            *(say("Not so: {assumption}.", assumption=facts.Word(code, ASSUMPTION)) for code in failing),
            say(
                "Assumptions that cannot be tested: {untested}.",
                untested=facts.Count((verdicts == Verdict.UNTESTED).sum()),
            ),
        )


@if_applicable
def trust(
    stays: Stays, hazards: HazardRatios | NotApplicable, drift: Proportionality | NotApplicable
) -> Trust | NotApplicable:
    """The assumptions of the curves of `stays`, and of the model where there is one: `hazards` and their `drift`."""
    if not stays.dated:
        return UNDATED
    table = stays.table
    # who was watched from the beginning is known to have been followed, however few are left
    watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK if table["entry_days"].any() else 0}
    followed = survival.follow_up(table["duration_days"], table["left"], **watched)
    checks = of_stays(stays, followed, suspects(stays))
    if isinstance(hazards, HazardRatios):
        checks += of_model(hazards)
    if isinstance(drift, Proportionality):
        checks.append(proportional(drift))
    rows = [(str(check.assumption), str(check.verdict)) for check in checks]
    return Trust(pd.DataFrame(rows, columns=[ASSUMPTION, VERDICT]), tuple(checks), followed)
