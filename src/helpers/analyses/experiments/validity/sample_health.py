"""Whether experiments can be trusted: arms as large as planned, nobody in two of them, alike before they began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, ratio_states, sample_ratio_states
from helpers.analyses.experiments.validity.faults import distrust
from helpers.analyses.experiments.vocabulary import (
    A_MISSING_VALUE,
    ARM,
    ARM_MEAN,
    ARM_SHARE,
    CONTROL_MEAN,
    COUNTED,
    COVARIATE,
    DIFFERENCE,
    EXPERIMENT,
    IN_TWO_ARMS,
    MISSING,
    MISSING_SHARE,
    PLANNED_SHARE,
    SAMPLE_RATIO,
    SAMPLE_RATIO_P_VALUE,
    UNEQUAL_LOSS_P_VALUE,
)
from helpers.findings import Finding, NotApplicable, Sentence, charts, formats
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, METRIC, UPPER
from helpers.language import _
from helpers.statistics.effects import Moments
from helpers.statistics.inference import adjust


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

    def headline(self) -> str:
        """Which sample ratios hold, who is left out, and which rows never came this far."""
        ratios = self.table.drop_duplicates("experiment").set_index("experiment")
        named = ratios.index + " (" + ratios["sample_ratio_p_value"].map(formats.p_value, na_action="ignore") + ")"
        state = ratios["sample_ratio"]
        sentences = [f"{name}: its effects cannot be read. {why}" for name, why in self.distrusted.items()]
        if (state == Ratio.CLOSE).any():
            close = ", ".join(named[state == Ratio.CLOSE])
            sentences.append(f"Arms close to plan, yet further off than chance explains well: {close}. Watch them.")
        if (state == Ratio.PLANNED).any():
            sentences.append(f"Arms as large as planned: {', '.join(named[state == Ratio.PLANNED])}.")
        sentences += [
            f"Customers of {name} were assigned by {group}: the ratio is that of the groups."
            for name, group in self.grouped.items()
        ]
        sentences += [
            f"{name} came as totals by arm: whether customers were in two arms, or counted twice, cannot be told."
            for name in self.summed_up
        ]
        sentences += [
            f"{name} has a single arm, so there is no ratio to test." for name in ratios.index[state == Ratio.UNTESTED]
        ]
        sentences += [
            f"{n} {_plural(n, 'customer was', 'customers were')} met in two arms of {name} and left out."
            for name, n in self.customers_in_two_arms.items()
            if n
        ]
        sentences += [
            f"{n:,} {_plural(n, 'row was', 'rows were')} set aside before: {rule}."
            for rule, n in self.quarantined.items()
        ]
        return " ".join(sentences)


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


@dataclass(frozen=True)
class Balance(Finding):
    """Standardised difference between each arm and the control in what was known before assignment."""

    table: pd.DataFrame
    rules: Rules
    columns = (EXPERIMENT, ARM, COVARIATE, CONTROL_MEAN, ARM_MEAN, DIFFERENCE, LOWER, UPPER, ADJUSTED_P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Differences with their intervals around none."""
        rows = self.table.assign(
            label=lambda rows: rows["experiment"] + " · " + rows["arm"] + " · " + rows["covariate"]
        )
        return charts.forest(rows, estimate=DIFFERENCE, label="label", band=(LOWER, UPPER), reference=0, ax=ax)

    def headline(self) -> str:
        """Which differences are above what is tolerated and beyond chance, and the largest one."""
        known = self.table.dropna(subset=DIFFERENCE)
        if known.empty:
            return "Too few customers to say whether the arms were alike before the experiment."
        large = known["difference"].abs() > self.rules.largest_imbalance
        far = known[large & (known["adjusted_p_value"] < self.rules.alpha)]
        worst = known.loc[known["difference"].abs().idxmax()]
        limit = f"above {self.rules.largest_imbalance:g} standard deviations"
        if len(far):
            verdict = f"{len(far)} of {len(known)} differences are {limit}, beyond chance"
        elif large.any():
            verdict = (
                f"No evidence that the arms were unlike: what is {limit}, a fair draw of so few customers explains"
            )
        else:
            verdict = f"The arms were alike: no difference {limit}"
        place = f"{worst['covariate']}, {worst['experiment']} · {worst['arm']}"
        return f"{verdict}. The largest is {formats.number(worst['difference'])} ({place})."


def balance(trials: Sequence[Trial], rules: Rules = Rules()) -> Balance | NotApplicable:
    """Standardised mean differences of the covariates, each arm less the control.

    (m₁ − m₀) / √((s₁² + s₀²) / 2) (Austin 2009), with the large-sample interval of Hedges & Olkin (1985). Values in
    words are compared as shares, the most common ones only. Customers without a value are left out, and so are
    experiments that assigned whole groups. Arms of fewer than the rules' smallest have a difference, whatever the draw:
    there it is NaN. Where an arm is small, a fair draw leaves differences above what is tolerated: an alarm asks for
    both, a difference so large, and one beyond chance (z test, corrected over all).
    """
    if not trials:
        return NO_EXPERIMENTS
    if not one_by_one(trials):
        return none_one_by_one(trials)
    lines = [
        {
            "experiment": trial.name,
            "arm": arm,
            "covariate": covariate,
            **_difference(trial.covariates[trial.control, covariate], trial.covariates[arm, covariate], rules),
        }
        for trial in one_by_one(trials)
        for arm, covariate in trial.covariates
        if arm != trial.control and (trial.control, covariate) in trial.covariates
    ]
    if not lines:
        return NotApplicable("the settings declare nothing that was known before the assignment (covariates).")
    table = pd.DataFrame(lines)
    return Balance(table.assign(adjusted_p_value=adjust(table.pop("p_value"), rules.correction)), rules)


def _difference(control: Moments, arm: Moments, rules: Rules) -> dict[str, float]:
    enough = min(control.n, arm.n) >= rules.smallest_arm
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing varies, or too few rows: NaN
        spread = np.sqrt((control.variances[0] + arm.variances[0]) / 2) if enough else np.nan
        difference = (arm.means[0] - control.means[0]) / (spread or np.nan)
        std_error = np.sqrt(np.divide(1, control.n) + np.divide(1, arm.n) + difference**2 / (2 * (control.n + arm.n)))
    reach = norm.isf(rules.alpha / 2) * std_error
    return {
        "control_mean": control.means[0],
        "arm_mean": arm.means[0],
        "difference": difference,
        "lower": difference - reach,
        "upper": difference + reach,
        "p_value": 2 * norm.sf(abs(difference / std_error)),
    }


@dataclass(frozen=True)
class MissingValues(Finding):
    """Customers without a value, and what the rule makes of them: by arm, of each metric that lacks values."""

    table: pd.DataFrame
    states: dict[tuple[str, str], Ratio]  # experiment and metric → whether its arms leave out the same share
    shown = (EXPERIMENT, METRIC, ARM, MISSING_SHARE, A_MISSING_VALUE, COUNTED, UNEQUAL_LOSS_P_VALUE)
    columns = (*shown, CUSTOMERS, MISSING)

    def summary(self) -> pd.DataFrame:
        """One row a metric and arm, and whether the arms leave out alike."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers without a value by metric and arm."""
        rows = self.table.assign(
            label=self.table["experiment"] + " · " + self.table["metric"] + " · " + self.table["arm"]
        )
        return charts.bars(rows, value=MISSING_SHARE, label="label", ax=ax)

    def headline(self) -> str:
        """How much is missing, and where arms lose customers unequally."""
        counts_as_0 = self.table["a_missing_value"] == "0"
        zero, left_out = (self.table.loc[rows, "metric"].unique() for rows in (counts_as_0, ~counts_as_0))
        sentences = []
        if len(zero):
            sentences.append(f"Missing counts as 0 in {', '.join(zero)}, so everyone is counted there.")
        if len(left_out):
            sentences.append(f"Customers without a value do not count in {', '.join(left_out)}.")
        words = {Ratio.BROKEN: "unequally, so it compares unlike groups", Ratio.CLOSE: "not quite equally: watch them"}
        sentences += [
            f"In {experiment} the arms lose customers of {metric} {words[state]}."
            for (experiment, metric), state in self.states.items()
            if state in words
        ]
        return " ".join(sentences)


def missing_values(trials: Sequence[Trial], rules: Rules = Rules()) -> MissingValues | NotApplicable:
    """Missing values by arm, of metrics with any; where they mean "not eligible", tested for equal shares in arms."""
    if not trials:
        return NO_EXPERIMENTS
    lines = [
        _missing(trial, metric, row.arm, row.customers)
        for trial in trials
        for metric in trial.metrics
        for row in trial.arms.itertuples()
    ]
    if not lines:
        return NotApplicable("no experiment has a metric.")
    shares = pd.DataFrame(lines)
    shares = shares[shares.groupby(["experiment", "metric"])["missing"].transform("sum") > 0]
    if shares.empty:
        return NotApplicable("no metric lacks a value, so every customer counts in every metric.")
    tested = shares.drop_duplicates(["experiment", "metric"])
    states = ratio_states(tested["unequal_loss_p_value"], rules)
    by_metric = dict(zip(zip(tested["experiment"], tested["metric"], strict=True), states, strict=True))
    return MissingValues(shares.reset_index(drop=True), by_metric)


def _missing(trial: Trial, metric: str, arm: str, customers: int) -> dict[str, object]:
    missing = customers - trial.recorded[arm, metric]
    rule = trial.metrics[metric].missing
    return {
        "experiment": trial.name,
        "metric": metric,
        "arm": arm,
        "customers": customers,
        "missing": missing,
        "missing_share": missing / customers if customers else np.nan,
        "a_missing_value": rule,
        "counted": trial.moments[arm, metric].n,
        "unequal_loss_p_value": trial.eligible_p_value(metric) if rule != "0" else np.nan,
    }


def _plural(n: int, one: str, many: str) -> str:
    return one if n == 1 else many
