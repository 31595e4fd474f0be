"""What the page of experiments claims, each with a truth that it is tried on; see `claims`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr
from scipy.stats import norm

from answers import words_of
from claims import Claim, Draws
from helpers.analyses import experiments
from helpers.analyses.experiments.decision.harms import harms
from helpers.analyses.experiments.decision.repeated_reports import Look
from helpers.analyses.experiments.effect.daily_looks import trend
from helpers.statistics.designs import band_reach
from helpers.statistics.effects import (
    MOST_UNEVEN,
    Moments,
    Sample,
    compare,
    equal_effects,
    exaggeration,
    limits,
    sample_ratio,
    tails,
    unevenness,
)
from shops import covariate, metric, trial

HELD_OUT = 9  # times as large as the control is an arm of which a tenth is held out
WEEKS = 12
AT_ONCE = 1_000_000  # values drawn, so that many draws need little memory
WORTHWHILE = experiments.Rules().worthwhile_lift

Arms = Callable[[int, int, np.random.Generator], Sample]


def money(n: int, draws: int, rng: np.random.Generator, share: float = 0.1, times: float = 1.0) -> Sample:
    """Arms of n customers of whom a share buys, for log-normal amounts; one for each of the draws."""
    buyers = rng.binomial(n, share, draws)
    amounts, owner = times * rng.lognormal(0, 1, buyers.sum()), np.repeat(np.arange(draws), buyers)
    first, second, third = (np.bincount(owner, amounts**power, draws) / n for power in (1, 2, 3))
    variance = second - first**2
    return Sample(n, first, variance * n / (n - 1), third - 3 * first * second + 2 * first**3)


def everyone(n: int, draws: int, rng: np.random.Generator) -> Sample:
    """Arms of n customers who all spend, by a gamma distribution of shape 2: light tails."""
    parts = []
    for first in range(0, draws, at_once := max(1, AT_ONCE // n)):
        values = rng.gamma(2, 1, (min(at_once, draws - first), n))
        mean = values.mean(axis=1)
        parts.append((mean, values.var(axis=1, ddof=1), ((values - mean[:, None]) ** 3).mean(axis=1)))
    return Sample(n, *map(np.concatenate, zip(*parts, strict=True)))


def joined(one: Sample, other: Sample) -> Sample:
    """The customers of both."""
    n = one.n + other.n
    sums = [(np.asarray(each.n), each) for each in (one, other)]
    mean = sum(k * each.mean for k, each in sums) / n
    second = sum(k * (each.variance * (k - 1) / k + (each.mean - mean) ** 2) for k, each in sums) / n
    third = (
        sum(
            k * (each.third + 3 * (each.mean - mean) * each.variance * (k - 1) / k + (each.mean - mean) ** 3)
            for k, each in sums
        )
        / n
    )
    return Sample(n, mean, second * n / (n - 1), third)


def called(control: Sample, treatment: Sample, look: Look = Look()) -> tuple[np.ndarray, np.ndarray]:
    """Whether each draw ships and whether it is stopped, by the rules of the primary metric."""
    better, worse = (np.atleast_1d(side) for side in tails(control, treatment))
    customers = pd.Series(np.broadcast_to(control.n + treatment.n, better.shape).astype(float))
    p_value = look.p_value(pd.Series(np.minimum(2 * np.minimum(better, worse), 1)), customers).to_numpy()
    readable = (unevenness(control, treatment) <= MOST_UNEVEN) & (p_value < look.alpha)
    effect = treatment.mean - control.mean
    return readable & (effect >= WORTHWHILE * control.mean), readable & (effect < 0)


def ships(control: Arms, arm: float = 1) -> Draws:
    """Arms that differ in nothing, the second `arm` times as large."""
    return lambda n, draws, rng: called(control(n, draws, rng), control(int(arm * n), draws, rng))[0]


def harmed_small_arm(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    return called(money(HELD_OUT * n, draws, rng), money(n, draws, rng))[1]


def weekly(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Twelve weekly reports while customers come, and one after; n customers an arm in all."""
    a_week = -(-n // WEEKS)
    running = Look(running=True, planned_customers=4.0 * 2 * a_week)
    so_far = [money(a_week, draws, rng) for _ in range(2)]
    wrong = np.logical_or(*called(*so_far, running))
    for _ in range(WEEKS - 1):
        so_far = [joined(arm, money(a_week, draws, rng)) for arm in so_far]
        wrong |= np.logical_or(*called(*so_far, running))
    return wrong | np.logical_or(*called(*so_far))


def guardrails(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Four arms of four guardrails, each of which fell by its margin of 5 %, and not by more."""
    names = [f"m{place}" for place in range(4)]
    made = made_trial(4, ("primary", *names))
    rules = experiments.Rules(guardrails={"test": dict.fromkeys(names, 0.05)})
    keys = [(arm, name) for arm in made.arms["arm"] for name in made.metrics]
    fell = [1.0 if arm == made.control or name == "primary" else 0.95 for arm, name in keys]
    every = {key: everyone(n, draws, rng).times(times) for key, times in zip(keys, fell, strict=True)}
    effects = pd.DataFrame([key for key in keys if key[0] != made.control], columns=["arm", "metric"])
    effects = effects.assign(control_n=n, arm_n=n, effect=0.0, p_value=1.0, better="higher")
    wrong = []
    for draw in range(draws):
        read = filled(made, {key: moments(key[1], sample, draw) for key, sample in every.items()})
        wrong.append((harms(read, effects, rules, Look())["harm_p_value"] < rules.alpha).any())
    return np.array(wrong)


def moments(name: str, sample: Sample, draw: int) -> Moments:
    """One draw of many, as what the engine sums up."""
    mean, variance, third = (each[draw] for each in (sample.mean, sample.variance, sample.third))
    scatter = np.array([[variance * (sample.n - 1)]])
    return Moments(sample.n, (name,), np.array([mean]), scatter, np.array([third * sample.n]))


def whole_decision(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether `decisions` ships an arm that differs in nothing, a tenth held out."""
    made, wrong = made_trial(1, ("spend",), HELD_OUT), []
    every = {(arm, "spend"): money(k, draws, rng) for arm, k in (("control", n), ("new1", HELD_OUT * n))}
    for draw in range(draws):
        read = filled(made, {key: moments("spend", sample, draw) for key, sample in every.items()})
        wrong.append(experiments.decisions([read]).table["decision"].iloc[0] == "ship")
    return np.array(wrong)


def filled(made: experiments.Trial, given: dict[tuple[str, str], Moments]) -> experiments.Trial:
    """The trial with these moments, and as many customers."""
    customers = [given[arm, made.primary].n for arm in made.arms["arm"]]
    return replace(made, moments=given, arms=made.arms.assign(customers=customers))


@functools.cache
def made_trial(arms: int, names: tuple[str, ...], times: int = 1) -> experiments.Trial:
    """A trial with these metrics, whose moments are to be replaced."""
    variants = ["control", *(f"new{place}" for place in range(1, arms + 1))]
    rows = pd.DataFrame({"variant": np.repeat(variants, [40, *[40 * times] * arms])})
    rows = rows.assign(**{name: np.arange(len(rows)) % 3 for name in names}, assigned_at=pd.Timestamp("2025-05-01"))
    weights = {variant: 1.0 if variant == "control" else times for variant in variants}
    return experiments.read(trial(rows, *map(metric, names), experiments={"test": {"weights": weights}}))[0]


def missed_difference(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    control, treatment = money(n, draws, rng), money(HELD_OUT * n, draws, rng)
    lower, upper = _limits(control, treatment)
    return (lower > 0) | (upper < 0)


def missed_lift(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The interval of a lift that is 20 %."""
    control, treatment = everyone(n, draws, rng), everyone(HELD_OUT * n, draws, rng).times(1.2)
    lower, upper = limits(
        lambda supposed: tails(control.times(1 + supposed), treatment),
        treatment.mean / control.mean - 1,
        _error(control, treatment) / control.mean,
        0.05,
    )
    return (lower > 0.2) | (upper < 0.2)


def surely_better(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """A chance to be better of more than 97.5 %, where nothing is."""
    control, treatment = money(n, draws, rng), money(HELD_OUT * n, draws, rng)
    effect, (lower, _) = treatment.mean - control.mean, _limits(control, treatment)
    return (effect > 0) & (ndtr(effect / ((effect - lower) / norm.isf(0.025))) > 0.975)


def expects_more(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether what is expected of a lift that ships is above the true 10 %; NaN where it does not ship."""
    control, treatment = everyone(n, draws, rng), everyone(n, draws, rng).times(1.1)
    lift = treatment.mean / control.mean - 1
    error = (treatment.mean - control.mean - _limits(control, treatment)[0]) / norm.isf(0.025) / control.mean
    shipped, least = called(control, treatment)[0], np.fmax(Look().critical(2 * n) * error, WORTHWHILE)
    return np.array(
        [
            exaggeration(found, its, min(needed, found)).shrunken > 0.1 if ship else np.nan
            for found, its, needed, ship in zip(lift, error, least, shipped, strict=True)
        ]
    )


def band_left(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the band of any of 24 looks leaves out an effect of 0."""
    looks = np.arange(1, 25) / 24
    z = rng.normal(size=(draws, 24)).cumsum(axis=1) / np.sqrt(np.arange(1, 25))
    return (np.abs(z) > band_reach(2 * n * looks, tuning=n)).any(axis=1)


def trend_seen(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """A change of the effect with the day of assignment, where it is the same on all 14 days."""
    days, k = np.arange(14.0), max(4, n // 14)
    both = [rng.gamma(2, 1, (draws, 14, k)) for _ in range(2)]
    effects = both[1].mean(axis=2) - both[0].mean(axis=2)
    variances = sum(arm.var(axis=2, ddof=1) / k for arm in both)
    p_values = [
        trend(pd.DataFrame({"days": days, "effect": effect, "variance": variance, "weight": k / 2}))["p_value"]
        for effect, variance in zip(effects, variances, strict=True)
    ]
    return np.array(p_values) < 0.05


def segments(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Four segments of one effect."""
    parts = [[everyone(max(30, n // 4), draws, rng) for _ in range(2)] for _ in range(4)]
    effects = np.array([arm.mean - control.mean for control, arm in parts]).T
    errors = np.array([_error(control, arm) for control, arm in parts]).T
    squares = np.array([sum((arm.variance / arm.n) ** 2 / (arm.n - 1) for arm in pair) for pair in parts]).T
    known = zip(effects, errors, errors**4 / squares, strict=True)
    return np.array([equal_effects(*each).p_value < 0.05 for each in known])


def unlike(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Six covariates of a proper lot."""
    names, wrong = tuple(f"c{place}" for place in range(6)), []
    rows = pd.DataFrame({"variant": ["control", "new"] * 40, "bought": 1.0, "assigned_at": pd.Timestamp("2025-05-01")})
    data = trial(rows.assign(**dict.fromkeys(names, 1.0)), metric("bought"), *map(covariate, names))
    (read,) = experiments.read(data)
    for _ in range(draws):
        known = {(arm, name): Moments.of({name: rng.normal(size=n)}) for arm in ("control", "new") for name in names}
        headline = words_of(experiments.balance([replace(read, covariates=known)]))
        wrong.append("beyond chance" in headline)
    return np.array(wrong)


def ratio_broken(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    came = rng.binomial(2 * n, 0.5, draws)
    return np.array([sample_ratio([k, 2 * n - k], [1, 1]).p_value < 0.001 for k in came])


def share_ships(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Shares of a tenth, a tenth held out."""
    sizes, wrong = (n, HELD_OUT * n), []
    for bought in zip(*(rng.binomial(k, 0.1, draws) for k in sizes), strict=True):
        arms = [Moments.from_sums(k, {"b": s}, {"b": s}) for k, s in zip(sizes, bought, strict=True)]
        effect = compare(*arms, kind="proportion")
        p_value = Look().p_value(pd.Series([effect.p_value]), pd.Series([1.0])).iloc[0]
        wrong.append(p_value < 0.05 and effect.effect >= WORTHWHILE * effect.control)
    return np.array(wrong)


def _limits(control: Sample, treatment: Sample) -> tuple[np.ndarray, np.ndarray]:
    effect, error = treatment.mean - control.mean, _error(control, treatment)
    return limits(lambda supposed: tails(control.plus(supposed), treatment), effect, error, 0.05)


def _error(control: Sample, treatment: Sample) -> np.ndarray:
    return np.sqrt(control.variance / control.n + treatment.variance / treatment.n)


VERDICTS = "experiments/decision/verdicts"
REASONS = "experiments/decision/reasons"
LIFTS = "experiments/effect/changes"
BY_DAY = "experiments/effect/by_day"
SAME, HELD = "arms that differ in nothing, equal", "arms that differ in nothing, a tenth held out"
CLAIMS = (
    Claim("ship: money", VERDICTS, SAME, 0.025, ships(money)),
    Claim("ship: money, light tails", VERDICTS, SAME, 0.025, ships(everyone)),
    Claim("ship: money, small control", VERDICTS, HELD, 0.025, ships(money, HELD_OUT)),
    Claim("stop: harmed, small arm", VERDICTS, HELD, 0.025, harmed_small_arm),
    Claim("ship: a share", VERDICTS, HELD, 0.025, share_ships, costs=4),
    Claim("ship or stop: any of 12 weekly reports and the last", VERDICTS, SAME, 0.05, weekly),
    Claim("ship: the whole decision", "experiments/decision/advice", HELD, 0.025, whole_decision, costs=200),
    Claim(
        "stop: harmed, 4 arms of 4 guardrails",
        VERDICTS,
        "each fell by its margin",
        0.025,
        guardrails,
        costs=25,
    ),
    Claim("chance to be better above 97.5 %", REASONS, HELD, 0.025, surely_better),
    Claim(
        "what to expect of a lift that ships", REASONS, "a lift of 10 %; it is less, half the time", 0.53, expects_more
    ),
    Claim("interval of a difference of money", LIFTS, "0, a tenth held out", 0.05, missed_difference),
    Claim("interval of a lift", LIFTS, "20 %, a tenth held out", 0.05, missed_lift),
    Claim("the band of any look leaves 0 out", BY_DAY, "0, 24 looks", 0.05, band_left),
    Claim("the effect changes with the day of assignment", BY_DAY, "it does not", 0.05, trend_seen, costs=4),
    Claim("the effect differs by segment", "experiments/audience/by_segment", "it does not", 0.05, segments),
    Claim("arms unlike", "experiments/validity/likeness", "a fair draw, 6 covariates", 0.05, unlike, costs=50),
    Claim("arms not as large as planned", "experiments/validity/faults", "a fair draw", 0.001, ratio_broken, costs=4),
)
