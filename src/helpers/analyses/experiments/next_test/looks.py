"""A planned test that is looked at every week: what is beyond chance at each look, and what naive looks would do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.next_test.rehearsal import Plan
from helpers.analyses.experiments.next_test.vocabulary import ALPHA_SPENT, INFORMATION, LOOK_P_VALUE, Z
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import WEEK
from helpers.findings import Finding, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.statistics.designs import boundaries, naive_error

SMALLEST_SHARE = 0.01  # of the planned customers, that a week adds to be looked at


@dataclass(frozen=True)
class WeeklyLooks(Finding):
    """The bar that a two-sided test has to pass at each weekly look, so that all looks together err at alpha."""

    table: pd.DataFrame
    naive_error_share: float  # of the tests in which nothing works, that p < alpha at every look would call something
    rules: Rules
    columns = (WEEK, INFORMATION, Z, LOOK_P_VALUE, ALPHA_SPENT)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The p-value to be below, by week."""
        return charts.line(self.table, x=WEEK, y=LOOK_P_VALUE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How sure must a weekly look be to count as beyond chance?")

    def headline(self) -> Sentence:
        """What the usual bar would do at every look; below it the bar at the first and at the last look."""
        usual = facts.Name(f"{self.rules.alpha:g}")
        if len(self.table) == 1:
            return say("The next test has one look, after one week: the usual bar holds.").resting_on(
                say("p < {alpha} stands for beyond chance.", alpha=usual)
            )
        first, last = (_bar(self.table[LOOK_P_VALUE].iloc[at]) for at in (0, -1))
        return say(
            "Looked at every week by the usual bar, {share} of the tests in which nothing works would find something.",
            share=facts.Share(self.naive_error_share),
        ).resting_on(
            say("p < {alpha} at each of {looks} looks.", alpha=usual, looks=facts.Count(len(self.table))),
            say(
                "It is {share} of them if {first} stands for beyond chance at the first look and {last} at the last "
                "(O'Brien–Fleming).",
                share=facts.Name(f"{100 * self.rules.alpha:g}%"),
                first=facts.Name(first),
                last=facts.Name(last),
            ),
        )


@if_applicable
def weekly_looks(plan: Plan, rules: Rules = Rules()) -> WeeklyLooks:
    """The bar at each weekly look at the test of `plan`: of the metric that shows the worthwhile lift first.

    A look stands at the end of each week of assignment, when its customers have been watched. The test takes the weeks
    of the plan, or where these are more than two years, the longest that was rehearsed. What is known at a look is the
    share of the planned customers who came until then, as in the rehearsal, and beyond it at an even pace; weeks in
    which fewer than a hundredth came are looked at with the next. O'Brien–Fleming spending of alpha (Lan & DeMets
    1983): nearly all of it is kept for the last look, and what later weeks bring does not change the bar of earlier
    ones.
    """
    known = _known(plan)
    table = boundaries(known["information_share"].tolist(), "lan-demets-obrien-fleming", alpha=rules.alpha)
    bars = table.rename(
        columns={
            "information": str(INFORMATION),
            "nominal_p": str(LOOK_P_VALUE),
            "alpha_spent": str(ALPHA_SPENT),
        }
    )
    bars = bars.assign(week=known["week"].to_numpy())[list(WeeklyLooks.columns)]
    return WeeklyLooks(bars, naive_error(known["information_share"].tolist(), rules.alpha), rules)


def _known(plan: Plan) -> pd.DataFrame:
    """The weeks with a look, and the share of the planned customers known at each: week, information_share."""
    arrivals, weeks = plan.arrivals, plan.weeks
    so_far = arrivals["customers_so_far"].to_numpy(dtype=float)
    pace = arrivals["customers"].iloc[len(arrivals) // 2 :].mean()
    more = so_far[-1] + pace * np.arange(1, max(0, weeks - len(so_far)) + 1)
    came = np.concatenate([so_far, more])[:weeks]
    shares = pd.DataFrame({"week": np.arange(1, weeks + 1), "information_share": came / came[-1]})
    # From the last week back, so that the test ends with a look however few come in the end.
    block = ((1 - shares["information_share"]) / SMALLEST_SHARE + 1e-9).astype(int)
    return shares[~block.duplicated(keep="last") & (shares["information_share"] >= SMALLEST_SHARE)]


def _bar(p_value: float) -> str:
    return "p < 0.001" if p_value < 0.001 else f"p < {p_value:.3f}"
