"""What a treatment changed, with its interval: of a share, mean, count or ratio, adjusted for what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from helpers.statistics.effects.cuped import Slopes, adjusted_levels
from helpers.statistics.effects.levels import COLUMNS, Kind, Level, level
from helpers.statistics.effects.moments import Moments, total
from helpers.statistics.effects.sample_ratios import SampleRatio, sample_ratio
from helpers.statistics.effects.strata import Strata, stratified_levels, with_enough_rows
from helpers.statistics.inference.corrections import CORRECTIONS, adjust

__all__ = ["CORRECTIONS", "Effect", "SampleRatio", "adjust", "compare", "post_stratified", "sample_ratio"]

COMPARED = {"proportion": "proportions", "mean": "means", "count": "counts per customer", "ratio": "ratios"}


@dataclass(frozen=True)
class Effect:
    """Treatment against control, with its uncertainty; `convention` says how p-value and interval were made.

    `variance_saved` is the share of the effect's variance that covariates or strata removed: near 0 they bought
    nothing, below 0 they cost.
    """

    control: float
    treatment: float
    effect: float
    std_error: float
    lower: float
    upper: float
    statistic: float
    df: float
    p_value: float
    alpha: float
    convention: str
    variance_saved: float = 0.0


def compare(
    control: Moments,
    treatment: Moments,
    *,
    kind: Kind,
    relative: bool = False,
    covariates: Sequence[str] = (),
    slopes: Slopes = "by arm",
    alpha: float = 0.05,
) -> Effect:
    """Effect of the treatment on one metric, with standard error, interval of level 1 - alpha and two-sided p-value.

    `proportion` takes the moments of one 0/1 column, `mean` and `count` of one column, `ratio` of two (numerator,
    denominator); the columns of `covariates`, known before the assignment, come after them. A relative effect is
    divided by the size of the control's unadjusted level, so that from -10 to -5 is +0.5. Methods, named in
    `convention`: pooled z and the hybrid score interval (Newcombe 1998, method 10; the standard error is the
    unpooled one) for proportions; Welch's t for means; the delta method for ratios (Deng, Knoblich & Lu 2018) and
    relative effects, whose degrees of freedom are those of the difference; with covariates CUPED and Welch's t (see
    `cuped.adjusted_levels`). Assumes that customers are independent and each is one row. What cannot be tested
    (too few rows, nothing varies, a base of 0) is NaN, not an error.
    """
    covariates = tuple(covariates)
    _check(kind, alpha)
    for arm in (control, treatment):
        _check_columns(arm, control.columns, kind, covariates)
    plain = [arm.select(*arm.columns[: COLUMNS[kind]]) for arm in (control, treatment)]
    # A base of 0, an empty arm or one that does not vary divides by 0: the result is NaN, as promised above.
    with np.errstate(divide="ignore", invalid="ignore"):
        unadjusted = [level(arm, kind) for arm in plain]
        if covariates:
            levels = adjusted_levels(control, treatment, kind, slopes)
            adjustment = f"CUPED with {', '.join(covariates)}, slopes {slopes}"
            how = _convention(kind, relative, adjustment, "unadjusted control")
            return _effect(levels, how, relative, alpha, _saved(unadjusted, levels))
        effect = _effect(unadjusted, _convention(kind, relative), relative, alpha)
        return _of_proportions(effect, plain) if kind == "proportion" and not relative else effect


def post_stratified(
    control: Strata, treatment: Strata, *, kind: Kind, relative: bool = False, alpha: float = 0.05
) -> Effect:
    """Effect over strata: both arms weighted to the strata's shares of the rows of both, so that mix cannot differ.

    `control` and `treatment` hold the moments of the metric by stratum, which was known before the assignment.
    Strata with fewer than two rows in an arm are counted with the largest one, which the convention says. Otherwise
    as `compare`, with Welch's t for every kind.
    """
    _check(kind, alpha)
    cells = [*control.values(), *treatment.values()]
    if not cells:
        raise ValueError("strata = none: an arm has at least one. Compare the arms without strata.")
    for cell in cells:
        _check_columns(cell, cells[0].columns, kind, ())
    strata = with_enough_rows(control, treatment)
    merged = len({*control, *treatment}) - len(strata[0])
    how = f"post-stratified over {len(strata[0])} strata" + (f", {merged} small with the largest" if merged else "")
    with np.errstate(divide="ignore", invalid="ignore"):
        unadjusted = [level(total(arm.values()), kind) for arm in strata]
        levels = stratified_levels(*strata, kind)
        return _effect(levels, _convention(kind, relative, how), relative, alpha, _saved(unadjusted, levels))


def _check(kind: Kind, alpha: float) -> None:
    if kind not in COLUMNS:
        raise ValueError(f"kind = {kind!r}: {', '.join(COLUMNS)}. Choose one of them.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for intervals of 95 %.")


def _check_columns(arm: Moments, columns: tuple[str, ...], kind: Kind, covariates: tuple[str, ...]) -> None:
    k = COLUMNS[kind]
    if arm.columns != columns or columns[k:] != covariates or len(columns) != k + len(covariates):
        raise ValueError(
            f"columns = {', '.join(arm.columns)}: a {kind} has {k} column(s), the same in both arms, then the "
            f"covariates ({', '.join(covariates) or 'none'}). Use select() to pick them."
        )
    if kind == "proportion" and arm.n:
        share = arm.means[0]
        # Only a 0/1 column has this sum of squared deviations.
        if not np.isclose(arm.scatter[0, 0], arm.n * share * (1 - share), rtol=1e-6, atol=1e-6):
            raise ValueError(f"{columns[0]} has values other than 0 and 1: no proportion. Compare it as a mean.")


def _effect(
    levels: Sequence[Level], convention: str, relative: bool, alpha: float, variance_saved: float = 0.0
) -> Effect:
    control, treatment = levels
    effect, std_error = _relative(control, treatment) if relative else _difference(control, treatment)
    df = _welch_df(control, treatment)
    statistic, reach = effect / std_error, -stdtrit(df, alpha / 2) * std_error
    return Effect(
        control=float(control.value),
        treatment=float(treatment.value),
        effect=float(effect),
        std_error=float(std_error),
        lower=float(effect - reach),
        upper=float(effect + reach),
        statistic=float(statistic),
        df=float(df),
        p_value=float(2 * stdtr(df, -abs(statistic))),
        alpha=alpha,
        convention=convention,
        variance_saved=float(variance_saved),
    )


def _difference(control: Level, treatment: Level) -> tuple[float, float]:
    return treatment.value - control.value, _positive(np.sqrt(control.variance + treatment.variance))


def _relative(control: Level, treatment: Level) -> tuple[float, float]:
    """Difference over the size of the base; the delta method with the covariance of difference and base."""
    effect = (treatment.value - control.value) / (abs(control.base) or np.nan)
    shift = np.sign(control.base) * effect
    squares = control.variance + 2 * shift * control.covariance + shift**2 * control.base_variance
    return effect, _positive(np.sqrt(treatment.variance + squares) / abs(control.base))


def _positive(std_error: float) -> float:
    """A standard error of 0 means that nothing varies, not that the effect is certain."""
    return std_error if std_error > 0 else np.nan


def _saved(unadjusted: Sequence[Level], adjusted: Sequence[Level]) -> float:
    return 1 - sum(arm.variance for arm in adjusted) / sum(arm.variance for arm in unadjusted)


def _welch_df(control: Level, treatment: Level) -> float:
    squares = control.variance**2 / control.df + treatment.variance**2 / treatment.df
    return (control.variance + treatment.variance) ** 2 / squares


def _of_proportions(effect: Effect, arms: Sequence[Moments]) -> Effect:
    """The same difference with the pooled z test and Newcombe's interval."""
    (n, m), (p, q) = [np.float64(arm.n) for arm in arms], [arm.means[0] for arm in arms]
    statistic, p_value = proportions_ztest(np.array([m * q, n * p]), np.array([m, n]))
    bounds = confint_proportions_2indep(m * q, m, n * p, n, method="newcomb", compare="diff", alpha=effect.alpha)
    return replace(
        effect,
        statistic=float(statistic),
        df=np.inf,
        p_value=float(p_value),
        lower=float(bounds[0]),
        upper=float(bounds[1]),
    )


def _convention(kind: Kind, relative: bool, adjustment: str = "", base: str = "control") -> str:
    """How an effect was compared, in words."""
    plain = kind == "proportion" and not adjustment
    if plain and not relative:
        return "difference of proportions; p-value: pooled z test; interval: Newcombe's hybrid score"
    parts = [
        f"difference of {COMPARED[kind]}" + (f" over |{base}|" if relative else ""),
        adjustment,
        "delta method" if relative or kind == "ratio" else "",
        "p-value and interval: " + ("normal" if plain else "Welch's t"),
    ]
    return "; ".join(filter(None, parts))
