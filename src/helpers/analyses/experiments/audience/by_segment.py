"""For whom an arm works: the effect on the primary metric by segment, tested for differences, and shrunken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.audience.strata import ByArm, Segments, too_alike
from helpers.analyses.experiments.audience.vocabulary import (
    BY,
    DIFFERENCE_P_VALUE,
    SHRUNKEN_EFFECT,
    SHRUNKEN_LOWER,
    SHRUNKEN_UPPER,
)
from helpers.analyses.experiments.effect.sizes import size, told
from helpers.analyses.experiments.trials.applicable import for_each
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import distrust, not_to_be_trusted
from helpers.analyses.experiments.vocabulary import ARM, ARM_LEVEL, ARM_N, CONTROL_LEVEL, CONTROL_N, EFFECT, KIND, RANGE
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, P_VALUE, SEGMENT, UPPER
from helpers.language import _
from helpers.statistics.effects import compare, equal_effects, shrunken_effects
from helpers.statistics.inference import adjust

ROWS_DRAWN = 16
MOST_DIFFERENCES = 2  # in a sentence
SHRUNKEN = {"shrunken_effect": "effect", "shrunken_lower": "lower", "shrunken_upper": "upper"}


@dataclass(frozen=True)
class SegmentEffects(Finding):
    """Effect of each arm on the primary metric by segment, and whether it differs between the segments of a column.

    `adjusted_p_value` is corrected over arms × segments. `tests`: arm, by, segments, q, df, p_value, adjusted_p_value
    (over arms × columns), i_squared_share, tau. Both begin with the column whose segments differ most clearly.
    """

    table: pd.DataFrame
    experiment: str
    label: str
    tests: pd.DataFrame
    rules: Rules
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    shown = (ARM, BY, SEGMENT, CUSTOMERS, EFFECT, SHRUNKEN_EFFECT, DIFFERENCE_P_VALUE, KIND)
    columns = (
        ARM,
        BY,
        SEGMENT,
        KIND,
        CONTROL_N,
        ARM_N,
        CONTROL_LEVEL,
        ARM_LEVEL,
        EFFECT,
        LOWER,
        UPPER,
        P_VALUE,
        ADJUSTED_P_VALUE,
        SHRUNKEN_EFFECT,
        SHRUNKEN_LOWER,
        SHRUNKEN_UPPER,
        DIFFERENCE_P_VALUE,
    )

    def summary(self) -> pd.DataFrame:
        """One row an arm and segment: the effect as measured and shrunken, and p of the test that all agree."""
        counted = self.readable.assign(customers=self.table["control_n"] + self.table["arm_n"])
        return counted.assign(segment=counted["segment"].map(RANGE.write))[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects as measured beside shrunken ones, of the columns that differ most clearly."""
        block = self.table.groupby(["arm", "by"], sort=False)
        within = block["effect"].transform("size").where(block.cumcount() == 0, 0).cumsum() <= ROWS_DRAWN
        rows = self.table[within | (block.ngroup() == 0)]
        place = rows["by"].map(facts.Trait).map(str) + formats.colon() + rows["segment"].map(RANGE.write)
        named = rows.assign(row=place if self.table["arm"].nunique() == 1 else rows["arm"] + " · " + place)
        shrunken = named.drop(columns=[*SHRUNKEN.values()]).rename(columns=SHRUNKEN).assign(estimate=_("shrunken"))
        both = pd.concat([named.assign(estimate=_("as measured")), shrunken], ignore_index=True)
        effect, band = EFFECT.of_kind(self.table[KIND].iloc[0]), (LOWER, UPPER)
        return charts.forest(both, estimate=effect, label="row", group="estimate", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("For whom does {experiment} work?", experiment=facts.Name(self.experiment))

    def headline(self) -> Sentence:
        """By which column the effect differs most clearly, with the segments that gain most and least."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        clear = self.tests[self.tests["adjusted_p_value"] < self.rules.alpha]
        tried = say(
            "“{metric}”, compared by {columns}.",
            metric=facts.Name(self.label),
            columns=facts.Listed(tuple(map(facts.Trait, self.tests["by"].unique()))),
        )
        if clear.empty:
            experiment = facts.Name(self.experiment)
            return say(
                "No evidence that {experiment} works better for some than for others.", experiment=experiment
            ).resting_on(tried)
        first, *others = clear[["arm", "by", "adjusted_p_value"]].head(MOST_DIFFERENCES).itertuples(index=False)
        low, high = self._ends(first.arm, first.by)
        return say(
            "{experiment} · {arm}: {most} where {column} is “{high}”, {least} where it is “{low}”.",
            experiment=facts.Name(self.experiment),
            arm=facts.Name(first.arm),
            column=facts.Trait(first.by),
            most=size(high.effect, high.kind),
            high=facts.Word(high.segment, RANGE),
            least=size(low.effect, low.kind),
            low=facts.Word(low.segment, RANGE),
        ).resting_on(
            *(each for test in (first, *others) for each in self._difference(*test)),
            say(
                "{clear} of {tests} tests (arms × columns) find a difference, all tested at once ({correction}).",
                clear=facts.Count(len(clear)),
                tests=facts.Count(len(self.tests)),
                correction=facts.Name(self.rules.corrected_by),
            ),
            tried,
        )

    def _ends(self, arm: str, by: str) -> tuple[Any, Any]:
        """The segments with the smallest and the largest effect after shrinking."""
        readable, whole = (_after_shrinking(table, arm, by) for table in (self.readable, self.table))
        low, *_, high = (readable if len(readable) > 1 else whole).sort_values("effect").itertuples()
        return low, high

    def _difference(self, arm: str, by: str, p_value: float) -> list[Sentence]:
        """How far the segments of a column are apart, and its test."""
        ends = [
            say(
                "{arm}, {segment}: {effect} after shrinking ({level} interval {interval}).",
                arm=facts.Name(arm),
                segment=facts.Word(row.segment, RANGE),
                **told(row, self.rules.level),
            )
            for row in self._ends(arm, by)
        ]
        apart = say(
            "The effect of {arm} differs by {column}, beyond chance ({p}).",
            arm=facts.Name(arm),
            column=facts.Trait(by),
            p=facts.PValue(p_value),
        )
        return [apart, *reversed(ends)]


def _after_shrinking(table: pd.DataFrame, arm: str, by: str) -> pd.DataFrame:
    """The segments of a column with their effects after shrinking, as far as these are known."""
    rows = table[(table["arm"] == arm) & (table["by"] == by)]
    return rows.drop(columns=[*SHRUNKEN.values()]).rename(columns=SHRUNKEN).dropna(subset="effect")


@analysis
def segment_effects(
    by_segment: Sequence[Segments | NotApplicable], rules: Rules = Rules()
) -> tuple[SegmentEffects | NotApplicable, ...]:
    """Effects by segment, one finding an experiment; `by_segment` is what `segments` yields.

    Each segment as `effects.compare` does it; Cochran's Q tests that a column's segments have one effect, corrected
    over arms × columns; the shrunken effects are empirical Bayes (see `statistics.heterogeneity`). A difference on
    this scale may be none on the relative one. Customers choose no segment at random: that an arm works better there
    does not say why.
    """
    return for_each(by_segment, lambda moments: _effects(moments, rules))


def _effects(by_segment: Segments, rules: Rules) -> SegmentEffects | NotApplicable:
    blocks, tests = [], []
    for column in by_segment.columns:
        kept = by_segment.kept(column, rules)[0]
        for arm in by_segment.arms[1:] if len(kept) > 1 else ():
            block, test = _column(by_segment, kept, arm, rules)
            blocks.append(block.assign(by=column))
            tests.append({"arm": arm, "by": column, "segments": len(kept), **test})
    trial = by_segment.trial
    if not blocks:
        return too_alike(trial.name, rules)
    tested = pd.DataFrame(tests)
    tested.insert(
        tested.columns.get_loc("p_value") + 1, "adjusted_p_value", adjust(tested["p_value"], rules.correction)
    )
    order = tested["p_value"].argsort(kind="stable")
    p_values = tested["adjusted_p_value"].tolist()
    table = pd.concat([blocks[at].assign(difference_p_value=p_values[at]) for at in order], ignore_index=True)
    table.insert(table.columns.get_loc("p_value") + 1, "adjusted_p_value", adjust(table["p_value"], rules.correction))
    table.insert(1, "by", table.pop("by"))
    tests = tested.iloc[order].reset_index(drop=True)
    return SegmentEffects(table, trial.name, by_segment.metric.label, tests, rules, distrust(trial, rules))


def _column(
    by_segment: Segments, kept: Mapping[str, ByArm], arm: str, rules: Rules
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Effects of one arm in the segments of one column, and the test that they are equal."""
    control, kind = by_segment.arms[0], by_segment.metric.kind
    compared = [compare(by_arm[control], by_arm[arm], kind=kind, alpha=rules.alpha) for by_arm in kept.values()]
    effects, errors, freedom = (
        np.array([getattr(each, name) for each in compared]) for name in ("effect", "std_error", "df")
    )
    equal, shrunken = equal_effects(effects, errors, freedom), shrunken_effects(effects, errors, alpha=rules.alpha)
    block = pd.DataFrame(
        {
            "arm": arm,
            "segment": list(kept),
            "kind": kind,
            "control_n": [by_arm[control].n for by_arm in kept.values()],
            "arm_n": [by_arm[arm].n for by_arm in kept.values()],
            "control_level": [each.control for each in compared],
            "arm_level": [each.treatment for each in compared],
            "effect": effects,
            "lower": [each.lower for each in compared],
            "upper": [each.upper for each in compared],
            "p_value": [each.p_value for each in compared],
            "shrunken_effect": shrunken.effects,
            "shrunken_lower": shrunken.lower,
            "shrunken_upper": shrunken.upper,
        }
    )
    return block, {
        "q": equal.q,
        "df": equal.df,
        "p_value": equal.p_value,
        "i_squared_share": equal.i_squared,
        "tau": shrunken.tau,
    }
