"""Whether experiments can be trusted: arms as large as planned, nobody in two of them, alike before they began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.effects import Moments

NO_EXPERIMENTS = NotApplicable("there is no experiment to read.")


@dataclass(frozen=True)
class Health:
    """Customers by arm beside the plan, and what was set aside."""

    arms: pd.DataFrame  # experiment, arm, customers, customer_share, planned_share, sample_ratio_p_value, in_two_arms
    customers_in_two_arms: dict[str, int]  # by experiment
    quarantined: dict[str, int]  # rule → rows
    sample_ratio_alpha: float

    def summary(self) -> pd.DataFrame:
        """One row an arm; `in_two_arms` are its customers who were met in another arm too and are left out."""
        return self.arms

    def plot(self, ax: Axes | None = None) -> Axes:
        """Observed beside planned share of each arm."""
        shares = (
            self.arms.rename(columns={"customer_share": "came", "planned_share": "planned"})
            .assign(arm=self.arms["experiment"] + " · " + self.arms["arm"])
            .melt("arm", ["came", "planned"], "share", "customer_share")
        )
        return charts.grouped_bars(shares, value="customer_share", label="arm", group="share", ax=ax)

    def headline(self) -> str:
        """Which sample ratios hold, who is left out, and which rows never came this far."""
        p_values = self.arms.groupby("experiment", sort=False)["sample_ratio_p_value"].first()
        broken = p_values[p_values < self.sample_ratio_alpha]
        said = [
            f"{name}: the arms are not as large as planned ({formats.p_value(p)}), so its effects cannot be read."
            for name, p in broken.items()
        ]
        rest = p_values.dropna().drop(broken.index)
        if len(rest):
            sound = ", ".join(f"{name} ({formats.p_value(p)})" for name, p in rest.items())
            said.append(f"Arms as large as planned: {sound}.")
        said += [f"{name} has a single arm, so there is no ratio to test." for name in p_values.index[p_values.isna()]]
        said += [
            f"{n} {_plural(n, 'customer was', 'customers were')} met in two arms of {name} and left out."
            for name, n in self.customers_in_two_arms.items()
            if n
        ]
        said += [
            f"{n:,} {_plural(n, 'row was', 'rows were')} set aside before: {rule}."
            for rule, n in self.quarantined.items()
        ]
        return " ".join(said)


def health(trials: Sequence[Trial], rules: Rules = Rules()) -> Health | NotApplicable:
    """Sample ratio and assignment of each experiment.

    The ratio is that of the customers who are compared, so those in two arms are left out of it and counted beside.
    """
    if not trials:
        return NO_EXPERIMENTS
    arms = pd.concat([_arms(trial) for trial in trials], ignore_index=True)
    crossed = {trial.name: trial.in_two_arms for trial in trials}
    return Health(arms, crossed, dict(trials[0].quarantined), rules.sample_ratio_alpha)


def _arms(trial: Trial) -> pd.DataFrame:
    arms, ratio = trial.arms, trial.sample_ratio
    return pd.DataFrame(
        {
            "experiment": trial.name,
            "arm": arms["arm"],
            "customers": arms["customers"],
            "customer_share": arms["customers"] / max(arms["customers"].sum(), 1),
            "planned_share": arms["weight"] / arms["weight"].sum(),
            "sample_ratio_p_value": ratio.p_value if ratio.testable else np.nan,
            "in_two_arms": arms["in_two_arms"],
        }
    )


@dataclass(frozen=True)
class Balance:
    """Standardised difference between each arm and the control in what was known before assignment."""

    differences: pd.DataFrame  # experiment, arm, covariate, control_mean, arm_mean, difference, lower, upper
    largest_imbalance: float

    def summary(self) -> pd.DataFrame:
        """One row a covariate and arm; differences in standard deviations."""
        return self.differences

    def plot(self, ax: Axes | None = None) -> Axes:
        """Differences with their intervals around none."""
        rows = self.differences.assign(
            label=lambda rows: rows["experiment"] + " · " + rows["arm"] + " · " + rows["covariate"]
        )
        return charts.forest(rows, estimate="difference", label="label", reference=0, ax=ax)

    def headline(self) -> str:
        """The largest difference beside what is tolerated."""
        known = self.differences.dropna(subset="difference")
        if known.empty:
            return "Too few customers to say whether the arms were alike before the experiment."
        far = known[known["difference"].abs() > self.largest_imbalance]
        worst = known.loc[known["difference"].abs().idxmax()]
        limit = f"above {self.largest_imbalance:g} standard deviations"
        verdict = (
            f"{len(far)} of {len(known)} differences are {limit}"
            if len(far)
            else f"The arms were alike: no difference {limit}"
        )
        place = f"{worst['covariate']}, {worst['experiment']} · {worst['arm']}"
        return f"{verdict}. The largest is {formats.number(worst['difference'])} ({place})."


def balance(trials: Sequence[Trial], rules: Rules = Rules()) -> Balance | NotApplicable:
    """Standardised mean differences of the covariates, each arm less the control.

    (m₁ − m₀) / √((s₁² + s₀²) / 2) (Austin 2009), with the large-sample interval of Hedges & Olkin (1985). Values in
    words are compared as shares, the most common ones only. Customers without a value are left out.
    """
    if not trials:
        return NO_EXPERIMENTS
    lines = [
        {
            "experiment": trial.name,
            "arm": arm,
            "covariate": covariate,
            **_difference(trial.covariates[trial.control, covariate], trial.covariates[arm, covariate], rules.alpha),
        }
        for trial in trials
        for arm, covariate in trial.covariates
        if arm != trial.control and (trial.control, covariate) in trial.covariates
    ]
    if not lines:
        return NotApplicable("the settings declare nothing that was known before the assignment (covariates).")
    return Balance(pd.DataFrame(lines), rules.largest_imbalance)


def _difference(control: Moments, arm: Moments, alpha: float) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing varies, or too few rows: NaN
        spread = np.sqrt((control.variances[0] + arm.variances[0]) / 2)
        difference = (arm.means[0] - control.means[0]) / (spread or np.nan)
        std_error = np.sqrt(np.divide(1, control.n) + np.divide(1, arm.n) + difference**2 / (2 * (control.n + arm.n)))
    reach = norm.isf(alpha / 2) * std_error
    return {
        "control_mean": control.means[0],
        "arm_mean": arm.means[0],
        "difference": difference,
        "lower": difference - reach,
        "upper": difference + reach,
    }


@dataclass(frozen=True)
class MissingValues:
    """Customers without a value, and what the rule makes of them: by arm, of each metric that lacks values."""

    shares: pd.DataFrame  # experiment, metric, arm, customers, missing, missing_share, rule, counted, p_value
    alpha: float

    def summary(self) -> pd.DataFrame:
        """One row a metric and arm; `unequal_loss_p_value` asks whether the arms leave out alike."""
        said = self.shares["rule"].map({"0": "counts as 0"}).fillna("is left out")
        shown = self.shares.assign(a_missing_value=said).rename(columns={"p_value": "unequal_loss_p_value"})
        return shown[
            ["experiment", "metric", "arm", "missing_share", "a_missing_value", "counted", "unequal_loss_p_value"]
        ]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers without a value by metric and arm."""
        rows = self.shares.assign(
            label=self.shares["experiment"] + " · " + self.shares["metric"] + " · " + self.shares["arm"]
        )
        return charts.bars(rows, value="missing_share", label="label", ax=ax)

    def headline(self) -> str:
        """How much is missing, and where arms lose customers unequally."""
        zero = self.shares.loc[self.shares["rule"] == "0", "metric"].unique()
        left_out = self.shares.loc[self.shares["rule"] != "0", "metric"].unique()
        unequal = self.shares.loc[self.shares["p_value"] < self.alpha, ["experiment", "metric"]].drop_duplicates()
        said = []
        if len(zero):
            said.append(f"Missing counts as 0 in {', '.join(zero)}, so everyone is counted there.")
        if len(left_out):
            said.append(f"Customers without a value do not count in {', '.join(left_out)}.")
        said += [
            f"In {row.experiment} the arms lose customers of {row.metric} unequally, so it compares unlike groups."
            for row in unequal.itertuples()
        ]
        return " ".join(said)


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
    return MissingValues(shares.reset_index(drop=True), rules.sample_ratio_alpha)


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
        "rule": rule,
        "counted": trial.moments[arm, metric].n,
        "p_value": trial.eligible_p_value(metric) if rule != "0" else np.nan,
    }


def _plural(n: int, one: str, many: str) -> str:
    return one if n == 1 else many
