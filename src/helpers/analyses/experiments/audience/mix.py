"""Whether an effect is only a shift in who was met: the effect as measured beside that of arms with the same mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.experiments.audience.strata import ByArm, Segments, too_alike
from helpers.analyses.experiments.audience.vocabulary import (
    BY,
    EACH_ARMS_SHARE,
    MIX_P_VALUE,
    SEGMENTS,
    SIGNS_DIFFER,
    STRATIFIED_EFFECT,
    STRATIFIED_LOWER,
    STRATIFIED_P_VALUE,
    STRATIFIED_UPPER,
)
from helpers.analyses.experiments.effect.sizes import limits, size, told
from helpers.analyses.experiments.trials.applicable import for_each
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import ARM, EFFECT, KIND, RANGE, VARIANCE_SAVED_SHARE
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import LOWER, P_VALUE, SEGMENT, UPPER
from helpers.language import _
from helpers.statistics.effects import compare, post_stratified, total
from helpers.statistics.inference import adjust

STRATIFIED = {"stratified_effect": "effect", "stratified_lower": "lower", "stratified_upper": "upper"}


@dataclass(frozen=True)
class MixShift(Finding):
    """The effect on the primary metric as measured, and as if every arm had the same mix of segments.

    `shares`: by, segment, a share for each arm of its customers who count in the metric, mix_p_value (χ² test that
    the arms have one mix, corrected over columns). Both tables begin with the column whose mix differs most clearly.
    """

    table: pd.DataFrame
    experiment: str
    label: str
    shares: pd.DataFrame
    rules: Rules
    shown = (BY, SEGMENT, EACH_ARMS_SHARE, MIX_P_VALUE)
    columns = (
        ARM,
        BY,
        SEGMENTS,
        KIND,
        EFFECT,
        LOWER,
        UPPER,
        P_VALUE,
        STRATIFIED_EFFECT,
        STRATIFIED_LOWER,
        STRATIFIED_UPPER,
        STRATIFIED_P_VALUE,
        VARIANCE_SAVED_SHARE,
        SIGNS_DIFFER,
    )

    def summary(self) -> pd.DataFrame:
        """One row a segment: its share of each arm, and the p-value of its column."""
        return self.shares.assign(segment=self.shares["segment"].map(RANGE.write))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The effect as measured beside that of equal mixes, by column."""
        several = self.table["arm"].nunique() > 1
        by = self.table["by"].map(facts.Trait).map(str)
        place = self.table["arm"] + " · " + by if several else by
        rows = self.table.assign(row=place)
        both = pd.concat(
            [rows.assign(estimate=_("as measured")), _stratified(rows).assign(estimate=_("with equal mixes"))],
            ignore_index=True,
        )
        effect, band = EFFECT.of_kind(self.table[KIND].iloc[0]), (LOWER, UPPER)
        return charts.forest(both, estimate=effect, label="row", group="estimate", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("{experiment}: is the effect more than a shift in the mix?", experiment=facts.Name(self.experiment))

    def headline(self) -> Sentence:
        """Effects that turn round once the mixes are equal; else which mixes differ; below it how far effects move."""
        turned = self.table[self.table["signs_differ"]]
        certain = turned[turned[["p_value", "stratified_p_value"]].min(axis="columns") < self.rules.alpha]
        if len(certain):
            return self._paradox(certain)
        row = self.table.loc[(self.table["stratified_effect"] - self.table["effect"]).abs().idxmax()]
        return self._mixes().resting_on(
            say("With equal mixes signs change, though of effects that are not clear of 0.")
            if len(turned)
            else say("With equal mixes no effect changes its sign."),
            say(
                "“{metric}”: what moves most is {arm}, by {column}: {before} becomes {after}.",
                metric=facts.Name(self.label),
                arm=facts.Name(row["arm"]),
                column=facts.Trait(row["by"]),
                before=size(row["effect"], row["kind"]),
                after=size(row["stratified_effect"], row["kind"]),
            ),
        )

    def _mixes(self) -> Sentence:
        """Whether the arms have one mix; the limit is that of the arms' sizes: a mix that differs is a broken draw."""
        p_values = self.shares.drop_duplicates("by").set_index("by")["mix_p_value"]
        experiment = facts.Name(self.experiment)
        shifted = p_values.index[p_values < self.rules.sample_ratio_alpha]
        if len(shifted):
            columns = facts.Listed(tuple(map(facts.Trait, shifted)))
            return say(
                "{experiment}: the arms differ in their mix by {columns}, beyond chance.",
                experiment=experiment,
                columns=columns,
            )
        close = p_values.index[p_values < SIGNIFICANCE]
        if len(close):
            columns = facts.Listed(tuple(map(facts.Trait, close)))
            return say(
                "{experiment}: the arms' mix by {columns} is further apart than chance explains well.",
                experiment=experiment,
                columns=columns,
            )
        return say("{experiment}: the arms have the same mix, so it explains nothing.", experiment=experiment)

    def _paradox(self, certain: pd.DataFrame) -> Sentence:
        """Effects that point the other way with equal mixes."""
        rows = list(zip(certain.itertuples(), _stratified(certain).itertuples(), strict=True))
        first = rows[0][0]
        return say(
            "{experiment} · {arm}: with equal mixes of {column} the effect turns round, so do not trust the plain one.",
            experiment=facts.Name(self.experiment),
            arm=facts.Name(first.arm),
            column=facts.Trait(first.by),
        ).resting_on(
            *(
                say(
                    "{arm}, “{metric}”: {effect} ({level} interval {interval}), yet {equal} ({equal_interval}) with "
                    "equal mixes of {column}.",
                    arm=facts.Name(row.arm),
                    metric=facts.Name(self.label),
                    column=facts.Trait(row.by),
                    equal=size(equal.effect, equal.kind),
                    equal_interval=limits(equal.lower, equal.upper, equal.kind),
                    **told(row, self.rules.level),
                )
                for row, equal in rows
            ),
            say(
                "Simpson's paradox: trust the second where customers were assigned at random within each segment, and "
                "find out why the arms were not alike."
            ),
        )


@analysis
def mix_shift(
    by_segment: Sequence[Segments | NotApplicable], rules: Rules = Rules()
) -> tuple[MixShift | NotApplicable, ...]:
    """Pooled against post-stratified effects, one finding an experiment; `by_segment` is what `segments` yields.

    Post-stratification weights each segment alike in both arms (see `effects.post_stratified`); customers of segments
    too small to be shown make one of their own. Under random assignment both estimate the same effect, so a change of
    sign beyond chance (Simpson's paradox) tells of arms that were not drawn alike, or of weights that changed while
    the mix of customers did.
    """
    return for_each(by_segment, lambda moments: _mix(moments, rules))


def _mix(by_segment: Segments, rules: Rules) -> MixShift | NotApplicable:
    shares, effects = [], []
    for column in by_segment.columns:
        kept, rest = by_segment.kept(column, rules)
        if len(kept) > 1:
            shares.append(_shares(by_segment.arms, kept, column))
            strata = {**kept, SMALL_GROUPS: rest} if rest else kept
            effects += [
                {"arm": arm, "by": column, "segments": len(kept), **_both(by_segment, strata, arm, rules.alpha)}
                for arm in by_segment.arms[1:]
            ]
    name = by_segment.trial.name
    if not shares:
        return too_alike(name, rules)
    p_values = np.array([block["mix_p_value"].iloc[0] for block in shares])
    order, adjusted = np.argsort(p_values, kind="stable"), adjust(p_values, rules.correction)
    ranked = [shares[at].assign(mix_p_value=adjusted[at]) for at in order]
    rows = pd.DataFrame(effects)
    place = rows["by"].map({block["by"].iloc[0]: at for at, block in enumerate(ranked)})
    rows = rows.iloc[place.argsort(kind="stable")].reset_index(drop=True)
    return MixShift(rows, name, by_segment.metric.label, pd.concat(ranked, ignore_index=True), rules)


def _shares(arms: Sequence[str], kept: Mapping[str, ByArm], column: str) -> pd.DataFrame:
    """Share of each segment in each arm, and the χ² test that all arms have the same."""
    counts = np.array([[by_arm[arm].n for arm in arms] for by_arm in kept.values()])
    shares = {f"{arm}_share": part for arm, part in zip(arms, (counts / counts.sum(axis=0)).T, strict=True)}
    p_value = chi2_contingency(counts, correction=False).pvalue
    return pd.DataFrame({"by": column, "segment": list(kept), **shares, "mix_p_value": p_value})


def _both(by_segment: Segments, strata: Mapping[str, ByArm], arm: str, alpha: float) -> dict[str, object]:
    """The effect of one arm as measured, and post-stratified."""
    kind, arms = by_segment.metric.kind, (by_segment.arms[0], arm)
    by_stratum = [{name: by_arm[each] for name, by_arm in strata.items()} for each in arms]
    pooled = compare(*(total(cells.values()) for cells in by_stratum), kind=kind, alpha=alpha)
    equal = post_stratified(*by_stratum, kind=kind, alpha=alpha)
    return {
        "kind": kind,
        "effect": pooled.effect,
        "lower": pooled.lower,
        "upper": pooled.upper,
        "p_value": pooled.p_value,
        "stratified_effect": equal.effect,
        "stratified_lower": equal.lower,
        "stratified_upper": equal.upper,
        "stratified_p_value": equal.p_value,
        "variance_saved_share": equal.variance_saved,
        "signs_differ": bool(pooled.effect * equal.effect < 0),
    }


def _stratified(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the stratified effect in the place of the measured one."""
    return rows.drop(columns=[*STRATIFIED.values()]).rename(columns=STRATIFIED)
