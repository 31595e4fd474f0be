"""An experiment's primary metric by what was known of the customers before: moments by column, segment and arm."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np

from helpers import parameters
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, hindrance, one_by_one
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import cells, measures, with_caps
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.tables import Extra
from helpers.findings import NotApplicable, analysis, facts, formats, say
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN
from helpers.statistics.effects import Moments, total

ByArm = Mapping[str, Moments]
Ranges = list[tuple[float, str]]  # upper end and name of each range of a number, in order
MOST_SEGMENTS = 10  # of a column, the largest ones
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Segments:
    """One experiment's primary metric by segment: moments by column, segment and arm, of every segment there is."""

    trial: Trial
    arms: tuple[str, ...]  # with customers, the control first
    metric: Extra
    columns: Mapping[str, Mapping[str, ByArm]]

    def kept(self, column: str, rules: Rules) -> tuple[dict[str, ByArm], ByArm]:
        """The segments of a column that can be compared, and by arm the customers of all others.

        A segment needs `smallest_arm` customers in every arm, and of a proportion five who would have it and five who
        would not at the rate of the whole experiment: its own outcome has no say. Smaller segments, and all but the
        ten largest, are counted together; where they too are large enough they are a segment.
        """
        cells = self.columns[column]
        worthy = [name for name, by_arm in cells.items() if self._worthy(by_arm, rules)]
        largest = sorted(worthy, key=lambda name: -sum(arm.n for arm in cells[name].values()))[:MOST_SEGMENTS]
        rest = {
            arm: sum((cells[name][arm] for name in cells if name not in largest), self._nobody) for arm in self.arms
        }
        kept = {name: cells[name] for name in cells if name in largest}
        if self._worthy(rest, rules):
            return {**kept, SMALL_GROUPS: rest}, {}
        return kept, rest

    @property
    def _nobody(self) -> Moments:
        return Moments.of({column: [] for column in self.trial.moments[self.arms[0], self.metric.name].columns})

    def _worthy(self, by_arm: ByArm, rules: Rules) -> bool:
        smallest = min(arm.n for arm in by_arm.values())
        if smallest < max(rules.smallest_arm, SMALLEST_GROUP):
            return False
        if self.metric.kind != "proportion":
            return True
        rate = total(self.trial.moments[arm, self.metric.name] for arm in self.arms).means[0]
        return smallest * min(rate, 1 - rate) >= SMALLEST_GROUP


def too_alike(experiment: str, rules: Rules) -> NotApplicable:
    """The answer where no column splits the customers of an experiment into two segments that can be compared."""
    return NotApplicable(
        say(
            "nothing known of the customers of {experiment} splits them into two segments that are large enough: "
            "{customers} in each arm, and five of each outcome.",
            experiment=facts.Name(experiment),
            customers=facts.Count(rules.smallest_arm),
        )
    )


@analysis
def segments(data: Dataset, trials: Sequence[Trial], by: Sequence[str] = ()) -> tuple[Segments | NotApplicable, ...]:
    """The primary metric of each experiment by segment, for `segment_effects` and `mix_shift`; one answer each.

    Columns are the declared covariates, the customers' lasting columns and attributes, or those of them named in `by`
    (ValueError for others); numbers are cut into quarters of the experiment's customers. Customers in two arms are
    left out. One query for the quarters, and one an experiment. Assumes that customers' attributes are as they were at
    the assignment.
    """
    columns = _columns(data)
    chosen = {name: columns[parameters.one_of("by", name, columns)] for name in by} if by else columns
    known = one_by_one(trials)
    quarters = _quarters(_rows(data, known, chosen), chosen) if known and chosen else {}
    return tuple(_segments(data, trial, chosen, quarters) for trial in trials) or (NO_EXPERIMENTS,)


def _columns(data: Dataset) -> dict[str, str]:
    """Columns known before the assignment and their labels; a name that both tables have is the experiment's."""
    settings = data.settings
    extras = {**settings.extras("attributes"), **settings.extras("covariates")}
    labels = {name: extra.label for name, extra in extras.items()}
    names = {"experiments": settings.covariates, "customers": settings.lasting}
    there = dict.fromkeys(
        name
        for table, known in names.items()
        if table in data.tables
        for name in known
        if name in data.tables[table].columns
    )
    return {name: (labels.get(name) or name).replace("_", " ") for name in there}


def _segments(
    data: Dataset, trial: Trial, columns: Mapping[str, str], quarters: Mapping[tuple[str, str], Ranges]
) -> Segments | NotApplicable:
    arms = tuple(trial.arms.loc[trial.arms["customers"] > 0, "arm"])
    if not trial.primary or trial.control not in arms or len(arms) < 2:
        return NotApplicable(
            say("{experiment} lacks a control, a second arm or a primary metric.", experiment=facts.Name(trial.name))
        )
    if reason := hindrance(trial):
        return reason
    if not columns:
        return NotApplicable(
            say("nothing is known of the customers before the assignment: no covariates, no attributes.")
        )
    metric = trial.metrics[trial.primary]
    ranges = {name: quarters.get((trial.name, name)) for name in columns}
    rows = _rows(data, [trial], columns)
    rows = with_caps(rows, metric, trial.cells.caps)  # as in the whole experiment
    measured = sorted({measure.column for measure in measures(metric)})
    parts = [
        rows.select("variant", *measured, column=ibis.literal(name), segment=segment.fill_null(UNKNOWN))
        for name, segment in ((name, _segment(rows[name], ranges[name])) for name in columns)
    ]
    long = ibis.union(*parts) if len(parts) > 1 else parts[0]
    by, plain = ("variant", "column", "segment"), dataclasses.replace(metric, cap=None)
    met = cells(long, {metric.name: plain}, (), by).moments(metric.name, by)
    return Segments(
        trial,
        arms,
        metric,
        {
            label: _by_segment({key[::2]: cell for key, cell in met.items() if key[1] == name}, arms, ranges[name])
            for name, label in columns.items()
        },
    )


def _rows(data: Dataset, trials: Sequence[Trial], columns: Mapping[str, str]) -> ir.Table:
    """The rows of customers in one arm alone, with these columns."""
    rows = compared(data, trials)
    about = [name for name in columns if name not in rows.columns]
    if not about:
        return rows
    return rows.left_join(data.tables["customers"].select("customer_id", *about), "customer_id")


def _quarters(rows: ir.Table, columns: Iterable[str]) -> dict[tuple[str, str], Ranges]:
    """Quarters of the values of each number, by experiment and column; equal ends are one."""
    numbers = [name for name in columns if rows[name].type().is_numeric()]
    if not numbers:
        return {}
    asked = {f"{name} {share}": rows[name].cast("float64").quantile(share) for name in numbers for share in QUARTERS}
    quantiles = rows.group_by("experiment").agg(**asked).execute().set_index("experiment").astype(float)
    ends = {name: quantiles[[f"{name} {share}" for share in QUARTERS]] for name in numbers}
    return {
        (experiment, name): _ranges(sorted(known.dropna().unique()), formats.for_column(name))
        for name in numbers
        for experiment, known in ends[name].iterrows()
    }


def _ranges(ends: Sequence[float], write: Callable[[float], str]) -> Ranges:
    """Each range of values with its upper end, the last one unbounded."""
    if not ends:
        return []
    inner = [(high, f"above {write(low)} to {write(high)}") for low, high in pairwise(ends)]
    return [(ends[0], f"up to {write(ends[0])}"), *inner, (np.inf, f"above {write(ends[-1])}")]


def _segment(column: ir.Value, ranges: Ranges | None) -> ir.StringValue:
    """The segment of each row: the value itself, or the range that a number is in; NULL without a value."""
    if ranges is None:
        return column.cast("string")
    if not ranges:
        return ibis.null("string")
    *below, (_, last) = ranges
    named = [(engine.up_to(column, end), name) for end, name in below]
    return ibis.cases((column.isnull(), ibis.null("string")), *named, else_=last)


def _by_segment(met: Mapping[tuple[str, str], Moments], arms: Sequence[str], ranges: Ranges | None) -> dict[str, ByArm]:
    """Moments by segment and arm: quarters in their order, words by name, the unknown last."""
    places = {name: place for place, (_, name) in enumerate(ranges or ())}
    names = sorted({segment for _, segment in met}, key=lambda name: (name == UNKNOWN, places.get(name, 0), name))
    columns = next(iter(met.values())).columns if met else ()
    nobody = Moments.of({column: [] for column in columns})
    return {name: {arm: met.get((arm, name), nobody) for arm in arms} for name in names}
