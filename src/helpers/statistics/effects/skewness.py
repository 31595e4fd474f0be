"""Means, and differences of means in unequal arms, of skewed values: money, of which a few customers spend the most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import gammainc, gammaincc, ndtr, stdtr, stdtrit

from helpers.statistics.effects.comparisons import Effect, compare
from helpers.statistics.effects.levels import Kind, level
from helpers.statistics.effects.moments import Moments

SYMMETRIC = 1e-4  # skewness below which Pearson's type III is the normal distribution
HALVINGS, DOUBLINGS = 45, 12  # of the search for limits: to thirteen digits, up to 4,096 standard errors away
EVEN = 0.03  # skewness of the difference up to which Welch's t is as good: it would find 2.8 % for 2.5
MOST_UNEVEN = 1.0  # skewness of the difference; beyond it a handful of customers are the difference
SEEN = 2 / 3  # of the skewness of a mean of money: what a sample shows, for it lacks the largest that may come
CONVENTION = "the wider of Hall's skew-corrected t and the randomisation test (Pearson type III)"

Numbers = Any  # a float, or an array with an entry for each of many arms
Tails = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Sample:
    """What an arm shows of one metric: n, mean, variance (divisor n - 1) and third central moment (divisor n)."""

    n: Numbers
    mean: Numbers
    variance: Numbers
    third: Numbers

    @classmethod
    def of(cls, arm: Moments) -> Sample:
        """The arm whose only column is the metric."""
        n = np.float64(arm.n)
        with np.errstate(divide="ignore", invalid="ignore"):  # nobody there: NaN
            return cls(n, arm.means[0], arm.variances[0], arm.cubes[0] / n)

    @classmethod
    def of_each(cls, arms: Iterable[Moments]) -> Sample:
        """Many such arms at once."""
        each = [(arm.n, arm.means[0], arm.variances[0], arm.cubes[0] / arm.n) for arm in arms]
        return cls(*np.array(each, dtype=float).reshape(-1, 4).T)

    def times(self, factor: Numbers) -> Sample:
        """The arm with all values times `factor`."""
        return Sample(self.n, factor * self.mean, factor**2 * self.variance, factor**3 * self.third)

    def plus(self, shift: Numbers) -> Sample:
        """The arm with `shift` added to all values."""
        return replace(self, mean=self.mean + shift)


def tails(control: Sample, treatment: Sample) -> Tails:
    """One-sided p-values that the treatment's mean is no higher than the control's, and that it is no lower.

    Where arms are as good as equal, Welch's t. Else the larger p-value of two tests. Welch's t with Hall's cubic
    correction (Hall 1992; of two samples Zhou & Dinh 2005) takes out that a small arm without its rare large values has
    both a low mean and a small error; the randomisation test, by the Pearson type III distribution that has its first
    three moments (Mielke & Berry 2007), holds at any size where the arms differ in nothing.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        uneven = unevenness(control, treatment) > EVEN
        corrected, shuffled = _corrected(control, treatment, uneven), _shuffled(control, treatment)
    return tuple(np.where(uneven, np.fmax(t, dealt), t) for t, dealt in zip(corrected, shuffled, strict=True))


def _corrected(control: Sample, treatment: Sample, uneven: Numbers) -> Tails:
    """Welch's t, whose skewness is taken out by Hall's cubic, which rises everywhere, where arms are `uneven`."""
    parts = [arm.variance / arm.n for arm in (control, treatment)]
    error = np.sqrt(parts[0] + parts[1])
    df = error**4 / (parts[0] ** 2 / (control.n - 1) + parts[1] ** 2 / (treatment.n - 1))
    t = (treatment.mean - control.mean) / error
    skewness = (treatment.third / treatment.n**2 - control.third / control.n**2) / error**3
    t = t + np.where(uneven, skewness / 6 + skewness * t**2 / 3 + skewness**2 * t**3 / 27, 0)
    return stdtr(df, -t), stdtr(df, t)


def _shuffled(control: Sample, treatment: Sample) -> Tails:
    """Where the difference lies among those of all ways to deal the same values to arms of these sizes."""
    n, variance, third = _together(control, treatment)
    error = np.sqrt(variance * n**2 / (control.n * treatment.n * (n - 1)))
    z = (treatment.mean - control.mean) / error
    skewness = third / variance**1.5 * _leaning(control, treatment)
    flat = np.abs(skewness) < SYMMETRIC
    shape = 4 / np.where(flat, 1.0, skewness) ** 2
    place = np.maximum(shape + 2 * z / np.where(flat, 1.0, skewness), 0)
    beyond, within = gammaincc(shape, place), gammainc(shape, place)
    above, below = np.where(skewness > 0, beyond, within), np.where(skewness > 0, within, beyond)
    return np.where(flat, ndtr(-z), above), np.where(flat, ndtr(z), below)


def _together(control: Sample, treatment: Sample) -> tuple[Numbers, Numbers, Numbers]:
    """Rows of both arms, their variance and third central moment (divisor n)."""
    n = control.n + treatment.n
    mean = (control.n * control.mean + treatment.n * treatment.mean) / n
    variance, third = 0.0, 0.0
    for arm in (control, treatment):
        shift, spread = arm.mean - mean, arm.variance * (arm.n - 1) / arm.n
        variance += arm.n / n * (spread + shift**2)
        third += arm.n / n * (arm.third + 3 * shift * spread + shift**3)
    return n, variance, third


def _leaning(control: Sample, treatment: Sample) -> Numbers:
    """Skewness of a difference by that of one row: 0 for equal arms, and the sign of the smaller one."""
    n, m = control.n, treatment.n
    return (n - m) / np.sqrt(n * m * (n + m))


def unevenness(control: Sample, treatment: Sample) -> Numbers:
    """Skewness that the difference of the means has by chance alone, without its sign; 0 for equal arms.

    Above 1 (`MOST_UNEVEN`) a handful of customers are the difference, and no test has power; it falls with the root of
    the customers.
    """
    _, variance, third = _together(control, treatment)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.abs(third / variance**1.5 * _leaning(control, treatment))


def skewed_difference(
    control: Moments, treatment: Moments, *, kind: Kind, relative: bool = False, alpha: float = 0.05
) -> Effect:
    """As `compare`; p-value and interval of means and counts hold for skewed values in unequal arms too.

    They are those of `tails`: the interval has all differences (or lifts, which all have the p-value of the difference)
    that it allows, and has no end where no difference would be refuted. Proportions, ratios, arms as good as equal, and
    moments that do not tell skewness are compared by `compare` alone. Sources: `tails`.
    """
    effect = compare(control, treatment, kind=kind, relative=relative, alpha=alpha)
    if kind not in ("mean", "count"):
        return effect
    base, arm = Sample.of(control), Sample.of(treatment)
    if np.isnan(effect.p_value) or not unevenness(base, arm) > EVEN:
        return effect
    sign, unit = (np.sign(base.mean), abs(base.mean)) if relative else (1.0, 1.0)

    def against(supposed: Numbers) -> Tails:
        moved = base.times(1 + sign * supposed) if relative else base.plus(supposed)
        return tails(moved, arm)

    error = np.sqrt(base.variance / base.n + arm.variance / arm.n) / unit
    lower, upper = limits(against, effect.effect, error, effect.alpha)
    p_value = min(1.0, 2 * float(min(tails(base, arm))))
    how = f"{effect.convention.split('; ')[0]}; p-value and interval: {CONVENTION}"
    return replace(effect, p_value=p_value, lower=float(lower), upper=float(upper), convention=how)


def scaled_tails(control: Moments, treatment: Moments, *, kind: Kind, factor: float) -> tuple[float, float]:
    """One-sided p-values that the treatment's level is no higher than `factor` times the control's, and no lower.

    Of means and counts those of `tails`, of others Welch's t of the difference (delta method): the test that inverts to
    Fieller's interval of a ratio. NaN where the arms do not vary.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        base, arm = level(control, kind), level(treatment, kind)
        variances = np.array([factor**2 * base.variance, arm.variance])
        t = (arm.value - factor * base.value) / np.sqrt(variances.sum())
        df = variances.sum() ** 2 / (variances**2 / [base.df, arm.df]).sum()
        plain = float(stdtr(df, -t)), float(stdtr(df, t))
    if kind not in ("mean", "count") or not unevenness(Sample.of(control), Sample.of(treatment)) > EVEN:
        return plain
    better, worse = tails(Sample.of(control).times(factor), Sample.of(treatment))
    return float(better), float(worse)


def skewed_interval(
    estimate: float, error: float, skewness: float, n: float, alpha: float = 0.05
) -> tuple[float, float]:
    """The interval of a mean, or a ratio of sums, of `n` skewed values: lower, upper; they reach further to the tail.

    Student's t after Hall's cubic correction (Hall 1992), inverted. `error` is the estimate's standard error,
    `skewness` its own by the sample, Σe³ ÷ (Σe²)^1.5 of the residuals e; it is divided by `SEEN`, for a sample rarely
    holds the largest values of its distribution. NaN for fewer than two values.
    """
    if not (n >= 2 and error >= 0):
        return np.nan, np.nan
    bend = skewness / SEEN / 3
    t = stdtrit(n - 1, np.array([1 - alpha / 2, alpha / 2]))
    if abs(bend) > SYMMETRIC:
        t = (np.cbrt(1 + 3 * bend * (t - bend / 2)) - 1) / bend
    lower, upper = estimate - error * t
    return float(lower), float(upper)


def limits(
    against: Callable[[Numbers], Tails], estimate: Numbers, error: Numbers, alpha: float
) -> tuple[Numbers, Numbers]:
    """The least and the largest supposed effect that is not refuted at alpha / 2, infinite where there is no end.

    `against` yields the one-sided p-values against supposed effects, `error` is about the size of an estimate's error.
    """
    estimate, error = (np.asarray(each, dtype=float) for each in (estimate, error))
    lower = _edge(lambda supposed: against(supposed)[0], estimate, -error, alpha / 2)
    return lower, _edge(lambda supposed: against(supposed)[1], estimate, error, alpha / 2)


def _edge(p_value: Callable[[Numbers], Numbers], start: Numbers, step: Numbers, level: float) -> Numbers:
    """Where a p-value falls below `level` on the way from `start` by `step`."""
    inner, outer, found = start, start + step, np.zeros(np.shape(start), dtype=bool)
    for doubling in range(DOUBLINGS + 1):
        outer = np.where(found, outer, start + 2.0**doubling * step)
        refuted = p_value(outer) < level
        inner = np.where(found | refuted, inner, outer)
        found = found | refuted
        if found.all():
            break
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        refuted = p_value(middle) < level
        inner, outer = np.where(refuted, inner, middle), np.where(refuted, middle, outer)
    return np.where(found, outer, np.sign(step) * np.inf)
