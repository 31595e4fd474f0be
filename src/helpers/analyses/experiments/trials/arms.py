"""Experiments as the engine sums them up: who is in which arm, and the moments of every metric, without raw rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from helpers import parameters
from helpers.analyses.experiments.trials import totals
from helpers.analyses.experiments.trials.found_arms import found_arms
from helpers.analyses.experiments.trials.groups import Groups
from helpers.analyses.experiments.trials.moments import Cells, cells, measures
from helpers.analyses.experiments.trials.two_arms import in_one_arm, with_other_arms
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.schema import Experiment
from helpers.data.intake.wording.tables import Extra
from helpers.findings import analysis
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.effects import Moments, SampleRatio, clustered_effect, sample_ratio
from helpers.statistics.inference import adjust

TOO_SMALL = "in an arm of too few customers"
LEVELS_SHOWN = 10  # most common values of a covariate in words
MODES = ("read", "plan")
TOTALS = contracts.EXPERIMENT_TOTALS.name


@dataclass(frozen=True)
class Trial:
    """One experiment as of a day: its arms, and the moments of metrics and covariates by arm.

    `arms` has a row for each variant, the control first: arm, customers (those in this arm alone), in_two_arms (rows
    left out), weight (planned, relative). `recorded` counts the customers of an arm that have a value, by
    (arm, metric), before the metric's rule for missing values. `levels` are those of covariates in words, coded 0/1.
    """

    name: str
    arms: pd.DataFrame
    control_from: str  # how the control was told: parameter, settings, name or size
    in_two_arms: int  # customers
    primary: str  # empty without a metric
    metrics: Mapping[str, Extra]
    recorded: Mapping[tuple[str, str], int]
    moments: Mapping[tuple[str, str], Moments]  # by (arm, metric)
    covariates: Mapping[tuple[str, str], Moments]  # by (arm, covariate or covariate: level)
    cells: Cells  # of customers in one arm alone, by variant and day
    quarantined: Mapping[str, int] = field(default_factory=dict)  # rule → rows, of all experiments of the data set
    groups: Groups | None = None  # that were assigned as a whole; None where customers were, one by one
    from_totals: bool = False  # it came summed up by arm, so that single customers are not known

    @property
    def control(self) -> str:
        """The arm that the others are compared with."""
        return self.arms["arm"].iloc[0]

    @property
    def treatments(self) -> tuple[str, ...]:
        """The arms that are compared with the control."""
        return tuple(self.arms["arm"].iloc[1:])

    @property
    def sample_ratio(self) -> SampleRatio:
        """Whether the customers in one arm alone, or the groups that were assigned, came in the planned ratio."""
        if self.groups:
            return sample_ratio(self.groups.sizes.reindex(self.arms["arm"], fill_value=0), self.arms["weight"])
        return sample_ratio(self.arms["customers"], self.arms["weight"])

    def eligible_p_value(self, metric: str) -> float:
        """Test that every arm has the same share of customers counted in a metric; 1 where all or none are.

        χ²; where whole groups were assigned the smallest p of the arms against the control, by group, after Holm.
        """
        counted = np.array([self.moments[arm, metric].n for arm in self.arms["arm"]])
        left_out = self.arms["customers"].to_numpy() - counted
        cells = np.array([counted, left_out])[:, counted + left_out > 0]
        if not cells.sum(axis=1).all():
            return 1.0
        if self.groups:
            control, *arms = (self.groups.counted(arm, metric) for arm in self.arms["arm"])
            p_values = adjust([clustered_effect(control, arm).p_value for arm in arms], "holm")
            return float(np.nanmin([*p_values, 1.0]))
        return float(chi2_contingency(cells, correction=False).pvalue)


@analysis
def read(
    data: Dataset, control: str = "", covariates: Sequence[str] | None = None, mode: str = "read"
) -> tuple[Trial, ...]:
    """The data set's experiments in the order in which they began; empty when it has none.

    `control` overrides the settings in each experiment that has such an arm; `covariates` are those of the settings
    unless given; in the `mode` plan no experiment is read. One query counts the customers of each arm and those in two
    arms; one an experiment yields the moments by arm and day of those in one arm alone, missing values met by each
    metric's rule: "0" counts everyone, "not eligible" only those with a value. A metric without any value in an
    experiment was not measured there. Experiments that came as totals by arm and day follow, with the same moments.
    Arms of too few customers are left out, and counted among the rows set aside: their names could point at
    people. Where the settings of an experiment name the `unit` that was assigned as a whole, one more query sums up
    its groups. Raises ValueError for another mode, for a control or covariate that no experiment has, for one
    experiment in rows and in totals, and for settings that name an unknown metric as primary, or as unit no
    covariate.
    """
    parameters.one_of("mode", mode, MODES)
    known = data.settings.extras("covariates")
    chosen = [parameters.one_of("covariates", name, known) for name in (known if covariates is None else covariates)]
    if mode == "plan":
        return ()
    trials = (*_of_rows(data, control, chosen), *_of_totals(data, control))
    names = [trial.name for trial in trials]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(
            f"experiment = {twice!r}: it is in experiments and in {TOTALS}. "
            "Take it from one of the two, in dataset.toml."
        )
    if control and trials and not any(control == trial.control for trial in trials):
        parameters.one_of("control", control, sorted({arm for trial in trials for arm in trial.arms["arm"]}))
    return trials


def _of_rows(data: Dataset, control: str, covariates: Sequence[str]) -> list[Trial]:
    """The experiments of single customers."""
    if "experiments" not in data.tables:
        return []
    rows = with_other_arms(data.tables["experiments"])
    met = rows.group_by("experiment", "in_two_arms", arm=rows.variant).agg(
        customers=rows.count(), leads=rows.leads.sum(), began=rows.assigned_at.min()
    )
    arms, left_out = _large(met.execute())
    trials = [_trial(data, mine, name, control, covariates) for name, mine in arms.items()]
    return [replace(trial, quarantined={**trial.quarantined, **left_out}) for trial in trials]


def _of_totals(data: Dataset, control: str) -> list[Trial]:
    """The experiments that came summed up."""
    table = data.tables.get(TOTALS)
    if table is None:
        return []
    metrics = data.settings.feeds[TOTALS].metrics
    metrics = {name: metric for name, metric in metrics.items() if name in table.columns}
    arms, left_out = _large(totals.arms_met(table))
    aside = {**_quarantined(data.accounting, TOTALS), **left_out}
    return [
        replace(
            _summed_up(data, name, found_arms(mine, _declared(data, name), control), metrics, summed),
            quarantined=aside,
            from_totals=True,
        )
        for name, mine in arms.items()
        for summed in [totals.summed(table.filter(table.experiment == name, table.variant.isin(mine["arm"])), metrics)]
    ]


def _large(met: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """The arms of each experiment, in the order in which these began, that no name could point at people in; how many
    customers that leaves out.
    """
    small = met.groupby(["experiment", "arm"])["customers"].transform("sum") < SMALLEST_GROUP
    left_out = {TOO_SMALL: int(met.loc[small, "customers"].sum())} if small.any() else {}
    met = met[~small]
    began = met.groupby("experiment", as_index=False)["began"].min()
    names = began.sort_values(["began", "experiment"])["experiment"]
    return {name: met[met["experiment"] == name] for name in names}, left_out


def _declared(data: Dataset, name: str) -> Experiment:
    return data.settings.experiments.get(name, Experiment())


def _trial(data: Dataset, met: pd.DataFrame, name: str, control: str, covariates: Sequence[str]) -> Trial:
    words, table = _declared(data, name), data.tables["experiments"]
    metrics = {
        metric: extra
        for metric, extra in data.settings.metrics.items()
        if {measure.column for measure in measures(extra)} <= set(table.columns)
    }
    unit = _unit(name, words, data)
    kept = {
        covariate: data.settings.extras("covariates")[covariate]
        for covariate in covariates
        if covariate in table.columns and covariate != unit
    }
    numbers = {covariate: extra for covariate, extra in kept.items() if extra.type == "number"}
    arms, control_from = found_arms(met, words, control)
    in_two_arms = int(met["leads"].sum())
    rows = in_one_arm(table.filter(table.experiment == name, table.variant.isin(arms["arm"].tolist())), in_two_arms)
    summed = cells(rows.mutate(day=rows.assigned_at.date()), metrics, tuple(numbers), ("variant", "day"))
    alone = [arm for arm in arms["arm"] if arm in set(met.loc[~met["in_two_arms"], "arm"])]
    known = _of_arms(summed, numbers, alone)
    for covariate in (name for name in kept if name not in numbers):
        known |= _levels(rows, covariate, alone)
    trial = _summed_up(data, name, (arms, control_from), metrics, summed)
    return replace(
        trial,
        in_two_arms=in_two_arms,
        covariates=known,
        quarantined=_quarantined(data.accounting, "experiments"),
        groups=_groups(rows, unit, data, trial.metrics) if unit else None,
    )


def _summed_up(
    data: Dataset, name: str, found: tuple[pd.DataFrame, str], metrics: Mapping[str, Extra], summed: Cells
) -> Trial:
    """The experiment with these arms and what its control was found by, as far as cells tell of it."""
    arms, control_from = found
    recorded = {metric: summed.recorded(metric) for metric in metrics}
    measured = {metric: extra for metric, extra in metrics.items() if recorded[metric].sum()}
    return Trial(
        name=name,
        arms=arms,
        control_from=control_from,
        in_two_arms=0,
        primary=_primary(_declared(data, name), measured),
        metrics=measured,
        recorded={(arm, metric): int(recorded[metric].get(arm, 0)) for arm in arms["arm"] for metric in measured},
        moments=_of_arms(summed, measured, arms["arm"]),
        covariates={},
        cells=summed,
    )


def _unit(name: str, words: Experiment, data: Dataset) -> str:
    """The covariate that names the group of each customer; empty where customers were assigned one by one."""
    there = [column for column in data.settings.covariates if column in data.tables["experiments"].columns]
    return parameters.one_of(f"experiments.{name}.unit", words.unit, there) if words.unit else ""


def _groups(rows: ir.Table, unit: str, data: Dataset, metrics: Mapping[str, Extra]) -> Groups:
    label = (data.settings.extras("covariates")[unit].label or unit).replace("_", " ")
    return Groups(unit, label, cells(rows, metrics, (), ("variant", unit)))


def _of_arms(summed: Cells, columns: Mapping[str, Extra], arms: Sequence[str]) -> dict[tuple[str, str], Moments]:
    """Moments by (arm, metric or covariate); empty for an arm without an eligible customer."""
    moments: dict[tuple[str, str], Moments] = {}
    for name, extra in columns.items():
        met = summed.moments(name)
        nobody = Moments.of({measure.column: [] for measure in measures(extra)})
        moments |= {(arm, name): met.get((arm,), nobody) for arm in arms}
    return moments


def compared(data: Dataset, trials: Sequence[Trial]) -> ir.Table:
    """The rows of these experiments whose customers are in one arm of the experiment alone."""
    table = data.tables["experiments"]
    pairs = [(table.experiment == trial.name) & table.variant.isin(trial.arms["arm"].tolist()) for trial in trials]
    rows = table.filter(ibis.or_(*pairs))
    return in_one_arm(rows, sum(trial.in_two_arms for trial in trials))


def _primary(words: Experiment, measured: Mapping[str, Extra]) -> str:
    """The metric that decides: the one of the settings, else the first; empty when it was not measured."""
    if words.primary:
        return words.primary if words.primary in measured else ""
    return next(iter(measured), "")


def _levels(rows: ir.Table, covariate: str, arms: Sequence[str]) -> dict[tuple[str, str], Moments]:
    """Moments of the 0/1 columns "has this value", for the most common values; of two values the last tells both."""
    known = rows.filter(rows[covariate].notnull())
    sizes = known.group_by(level=known[covariate]).agg(n=known.count())
    common = sizes.filter(sizes.n >= SMALLEST_GROUP).order_by(sizes.n.desc(), sizes.level).limit(LEVELS_SHOWN).execute()
    levels = sorted(common["level"])
    level = known[covariate].isin(levels).ifelse(known[covariate], ibis.null("string"))
    cells = known.group_by(arm=known.variant, level=level).agg(n=known.count()).execute()
    customers = cells.groupby("arm")["n"].sum()
    having = cells.set_index(["arm", "level"])["n"]
    shown = levels[1:] if len(levels) == 2 and set(cells["level"]) == set(levels) else levels
    return {
        (arm, f"{covariate}: {level}"): Moments.from_sums(customers[arm], ones, ones)
        for arm in arms
        if arm in customers
        for level in shown
        for ones in [{covariate: having.get((arm, level), 0)}]  # as many as their squares
    }


def _quarantined(accounting: pd.DataFrame, table: str) -> dict[str, int]:
    """Rows of a table that were set aside before anything was counted, by rule; those without a customer too."""
    aside = accounting["outcome"].isin(["quarantined", "guest"]) & (accounting["table"] == table)
    return accounting[aside].groupby("rule", sort=False)["rows"].sum().to_dict()
