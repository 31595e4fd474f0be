"""Whether arms are as large as planned, nobody is in two of them, and which rows never came this far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import TOO_SMALL, Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, sample_ratio_states
from helpers.analyses.experiments.validity.arrivals import listed, with_p
from helpers.analyses.experiments.validity.faults import distrust
from helpers.analyses.experiments.validity.vocabulary import (
    ARM_SHARE,
    IN_TWO_ARMS,
    PLANNED_SHARE,
    SAMPLE_RATIO,
    SAMPLE_RATIO_P_VALUE,
)
from helpers.analyses.experiments.vocabulary import ARM, EXPERIMENT
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, RULE
from helpers.language import _


@dataclass(frozen=True)
class Health(Finding):
    """Customers by arm beside the plan, and what was set aside."""

    table: pd.DataFrame
    customers_in_two_arms: dict[str, int]  # by experiment
    quarantined: dict[str, int]  # rule → rows
    distrusted: dict[str, Sentence]  # experiment → why nothing in it can be read
    grouped: dict[str, str] = field(default_factory=dict)  # experiment → what was assigned in place of customers
    summed_up: tuple[str, ...] = ()  # experiments that came as totals by arm
    columns = (EXPERIMENT, ARM, CUSTOMERS, ARM_SHARE, PLANNED_SHARE, SAMPLE_RATIO_P_VALUE, SAMPLE_RATIO, IN_TWO_ARMS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Observed beside planned share of each arm."""
        shares = (
            self.table.rename(columns={ARM_SHARE: _("as they came"), PLANNED_SHARE: _("planned")})
            .assign(arm=self.table["experiment"] + " · " + self.table["arm"])
            .melt("arm", [_("as they came"), _("planned")], "share", str(ARM_SHARE))
        )
        return charts.grouped_bars(shares, value=ARM_SHARE, label="arm", group="share", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Are the arms as large as planned?")

    def headline(self) -> Sentence:
        """Whether the arms are as planned; below it who is left out, and which rows never came this far."""
        ratios = self.table.drop_duplicates("experiment").set_index("experiment")
        of = {state: ratios.loc[ratios["sample_ratio"] == state, "sample_ratio_p_value"] for state in Ratio}
        return self._claim(of).resting_on(
            *(
                say("{experiment}: {reason}", experiment=facts.Name(name), reason=why)
                for name, why in self.distrusted.items()
            ),
            say("Close to plan: {experiments}.", experiments=with_p(of[Ratio.CLOSE])) if len(of[Ratio.CLOSE]) else None,
            say("As large as planned: {experiments}.", experiments=with_p(of[Ratio.PLANNED]))
            if len(of[Ratio.PLANNED])
            else None,
            *self._doubts(),
            *(_left_out(name, n) for name, n in self.customers_in_two_arms.items()),
            *(_set_aside(rule, n) for rule, n in self.quarantined.items()),
        )

    def _claim(self, of: dict[Ratio, pd.Series]) -> Sentence:
        """Which experiments cannot be read, else whose arms are off, else that all are as planned."""
        if self.distrusted:
            return say(
                "{experiments} cannot be read: repair the assignment first.", experiments=listed(self.distrusted)
            )
        if len(of[Ratio.CLOSE]):
            return say(
                "{experiments}: the arms are further from plan than chance explains well, so watch them.",
                experiments=listed(of[Ratio.CLOSE].index),
            )
        planned = of[Ratio.PLANNED]
        if planned.empty:
            return say("There is a single arm, so there is no ratio to test.")
        if len(planned) == 1:
            return say("The arms of {experiment} are as large as planned.", experiment=facts.Name(planned.index[0]))
        return say(
            "In {experiments} experiments the arms are as large as planned.", experiments=facts.Count(len(planned))
        )

    def _doubts(self) -> list[Sentence]:
        """What the ratio cannot tell of experiments that assigned groups, or came summed up."""
        grouped = [
            say(
                "Customers of {experiment} were assigned by {group}: the ratio is that of the groups.",
                experiment=facts.Name(name),
                group=facts.Name(group),
            )
            for name, group in self.grouped.items()
        ]
        summed_up = [
            say(
                "{experiment} came as totals by arm: whether customers were in two arms, or counted twice, cannot be "
                "told.",
                experiment=facts.Name(name),
            )
            for name in self.summed_up
        ]
        return grouped + summed_up


def _left_out(name: str, customers: int) -> Sentence | None:
    if not customers:
        return None
    experiment = facts.Name(name)
    if customers == 1:
        return say("1 customer was met in two arms of {experiment} and left out.", experiment=experiment)
    return say(
        "{customers} customers were met in two arms of {experiment} and left out.",
        customers=facts.Count(customers),
        experiment=experiment,
    )


def _set_aside(rule: str, rows: int) -> Sentence:
    if rule == TOO_SMALL:
        least = facts.Count(SMALLEST_GROUP)
        return say(
            "Customers in arms of fewer than {least} are left out: {customers}.",
            least=least,
            customers=facts.Count(rows),
        )
    if rows == 1:
        return say("1 row was set aside before: {rule}.", rule=facts.Word(rule, RULE))
    return say("{rows} rows were set aside before: {rule}.", rows=facts.Count(rows), rule=facts.Word(rule, RULE))


@analysis
def health(trials: Sequence[Trial], rules: Rules = Rules()) -> Health | NotApplicable:
    """Sample ratio and assignment of each experiment.

    The ratio is that of the customers who are compared, so those in two arms are left out of it and counted beside;
    where whole groups were assigned it is that of the groups.
    """
    if not trials:
        return NO_EXPERIMENTS
    states = sample_ratio_states(trials, rules)
    arms = pd.concat([_arms(*each) for each in zip(trials, states, strict=True)], ignore_index=True)
    crossed = {trial.name: trial.in_two_arms for trial in trials}
    grouped = {trial.name: trial.groups.label for trial in trials if trial.groups}
    quarantined = {rule: rows for trial in trials for rule, rows in trial.quarantined.items()}
    summed_up = tuple(trial.name for trial in trials if trial.from_totals)
    reasons = {trial.name: distrust(trial, rules) for trial in trials}
    distrusted = {name: why for name, why in reasons.items() if why}
    return Health(arms, crossed, quarantined, distrusted, grouped, summed_up)


def _arms(trial: Trial, state: Ratio) -> pd.DataFrame:
    arms, ratio = trial.arms, trial.sample_ratio
    return pd.DataFrame(
        {
            "experiment": trial.name,
            "arm": arms["arm"],
            "customers": arms["customers"],
            "arm_share": arms["customers"] / max(arms["customers"].sum(), 1),
            "planned_share": arms["weight"] / arms["weight"].sum(),
            "sample_ratio_p_value": ratio.p_value if ratio.testable else np.nan,
            "sample_ratio": state.value,
            "in_two_arms": np.nan if trial.from_totals else arms["in_two_arms"],
        }
    )
