"""Attributes as covariates of a Cox model: indicators against the largest group, numbers in round units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers import parameters
from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.drivers.single_attributes import AttributeTests, attribute_tests
from helpers.analyses.churn.drivers.vocabulary import ATTRIBUTE, COVARIATE, REFERENCE
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import Sentence, facts, formats, say
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN, folded_words
from helpers.statistics.hazards import undetermined
from helpers.statistics.inference import adjust

EVENTS_PER_COVARIATE = 10  # leavers; with fewer, ratios are too uncertain to act on (Peduzzi et al. 1995)
LEAST_LEAVERS = 5  # of a value, and as many who stay: fewer count with the reference
SKEWED = 2.0
TOO_MANY = say("too few leavers for so many attributes")
TOO_ALIKE = 0.1  # share of variance that the covariates before it leave; a variance inflation of 10


@dataclass(frozen=True)
class Step:
    """A covariate as readers see it: a value of an attribute beside another, or more of a number than less."""

    attribute: str
    value: str = ""  # of words
    against: str = ""  # the value of the reference
    unit: float = math.nan  # of a number; NaN where it is doubled

    def __str__(self) -> str:
        """The covariate in the language that is spoken: Plan: 年付."""
        attribute = facts.Attribute(self.attribute)
        if self.value:
            return str(say("{attribute}: {value}", attribute=attribute, value=facts.Name(self.value)))
        if math.isnan(self.unit):
            return str(say("{attribute}, twice as much", attribute=attribute))
        return str(say("{attribute}, {unit} more", attribute=attribute, unit=facts.Number(self.unit)))

    @property
    def reference(self) -> str:
        """What its ratio is against, in the language that is spoken."""
        if self.value:
            return formats.text(self.against)
        if math.isnan(self.unit):
            return str(say("half of it"))
        return str(say("{unit} less", unit=facts.Number(self.unit)))

    def told(self, ratio: float) -> Sentence:
        """That it goes with leaving at `ratio` times the rate of its reference; below 1 as a share of that rate."""
        rate = {
            "rate": facts.Share(ratio) if ratio < 1 else facts.Number(ratio),
            "attribute": facts.Attribute(self.attribute),
        }
        if self.value:
            values = {"value": facts.Name(self.value), "against": facts.Name(self.against)}
            if ratio < 1:
                return say(
                    "Other things equal, {attribute} “{value}” leaves at only {rate} of the rate of “{against}”.",
                    **values,
                    **rate,
                )
            return say(
                "Other things equal, {attribute} “{value}” leaves at {rate} times the rate of “{against}”.",
                **values,
                **rate,
            )
        if math.isnan(self.unit):
            if ratio < 1:
                return say("Other things equal, {attribute} twice as high goes with {rate} of the leave rate.", **rate)
            return say("Other things equal, {attribute} twice as high goes with {rate} times the leave rate.", **rate)
        unit = facts.Number(self.unit)
        if ratio < 1:
            return say(
                "Other things equal, {attribute} higher by {unit} goes with {rate} of the leave rate.",
                unit=unit,
                **rate,
            )
        return say(
            "Other things equal, {attribute} higher by {unit} goes with {rate} times the leave rate.", unit=unit, **rate
        )


@dataclass(frozen=True)
class Covariates:
    """One row a stay, one column a covariate; what each is, and what was left out."""

    matrix: pd.DataFrame
    steps: dict[str, Step]  # column of the matrix, or what was left out of it → what it is
    left_out: dict[str, Sentence]  # what was left out → why
    candidates: int = 0  # covariates that there were before attributes were left out for want of leavers
    chosen: tuple[str, ...] = ()  # the attributes that were asked for; empty: all that are fit

    @property
    def references(self) -> dict[str, str]:
        """What the hazard ratio of each covariate is against."""
        return {name: step.reference for name, step in self.steps.items()}

    def adjusted(self, p_values: pd.Series) -> np.ndarray:
        """p-values of the covariates, corrected (Holm) for all candidates: of many the best are best by chance too."""
        left_behind = np.ones(max(0, self.candidates - len(p_values)))
        return adjust(np.append(p_values, left_behind), "holm")[: len(p_values)]


def spoken(table: pd.DataFrame, steps: Mapping[str, Step]) -> pd.DataFrame:
    """A table of covariates as readers see these, and their references where it has them; other rows as they are."""
    names = table[COVARIATE]
    said = table.assign(covariate=[str(steps.get(name, name)) for name in names])
    if REFERENCE not in table.columns:
        return said
    return said.assign(reference=[steps[name].reference for name in names])


def covariates(stays: Stays, table: pd.DataFrame, chosen: Sequence[str] = ()) -> Covariates:
    """Covariates of the rows of `table` from the attributes `chosen`, by default from all that are not suspects.

    Texts come first, so that a number which they determine is the one to go. Missing numbers take the median. Of more
    than one covariate for ten leavers those stay whose attribute has the strongest evidence alone; who tests them must
    allow for all `candidates`. What is chosen stays. Raises ValueError for an attribute that there is not.
    """
    usable = [checked(stays, name) for name in dict.fromkeys(chosen)] or unsuspected(stays)
    names = sorted(usable, key=lambda name: pd.api.types.is_numeric_dtype(table[name]))
    columns: dict[str, dict[str, pd.Series]] = {}  # attribute → its covariates
    steps: dict[str, Step] = {}
    left_out: dict[str, Sentence] = {}
    for name in names:
        if pd.api.types.is_numeric_dtype(table[name]):
            column, step = _in_units(table[name])
            columns[name], steps[str(step)] = {str(step): column}, step
        else:
            columns[name], told, rare = _indicators(table[name], table["left"])
            steps |= told | rare
            left_out |= {
                covariate: say("too few left or stayed; counted with {reference}", reference=facts.Name(step.against))
                for covariate, step in rare.items()
            }
    sizes = {name: len(own) for name, own in columns.items()}
    borne = set(sizes) if chosen else _borne(stays, sizes, int(table["left"].sum()))
    left_out |= {name: TOO_MANY for name in names if name not in borne}
    own = {each: values for name in names if name in borne for each, values in columns[name].items()}
    matrix = pd.DataFrame(own, index=table.index, dtype=float)
    alone = undetermined(matrix, TOO_ALIKE)
    left_out |= dict.fromkeys(matrix.columns[~alone], say("nearly determined by other covariates"))
    candidates = sum(map(len, columns.values())) - int((~alone).sum())
    return Covariates(matrix.loc[:, alone], steps, left_out, candidates, tuple(names) if chosen else ())


def checked(stays: Stays, name: str) -> str:
    """The attribute of this name; ValueError where the stays have none, and why where it was left out of them."""
    if name in stays.left_out:
        raise ValueError(f"covariates = {name!r}: {stays.left_out[name]}. Choose among {', '.join(stays.attributes)}.")
    return parameters.one_of("covariates", name, stays.attributes)


def _borne(stays: Stays, sizes: dict[str, int], leavers: int) -> set[str]:
    """The attributes, of so many covariates each, that the leavers bear, the strongest evidence first; at least one."""
    if sum(sizes.values()) * EVENTS_PER_COVARIATE <= leavers or not isinstance(
        tests := attribute_tests(stays), AttributeTests
    ):
        return set(sizes)
    strongest = [name for name in tests.table[ATTRIBUTE] if name in sizes]
    used = np.cumsum([sizes[name] for name in strongest])
    return set(strongest[: max(1, int((used * EVENTS_PER_COVARIATE <= leavers).sum()))])


def _in_units(values: pd.Series) -> tuple[pd.Series, Step]:
    """The numbers in standard deviations rounded to one digit, or in doublings where a few are very large."""
    name, filled = str(values.name), values.fillna(values.median()).astype(float)
    if filled.min() >= 0 and filled.skew() > SKEWED:
        step = Step(name)
        return np.log2(filled.clip(lower=filled[filled > 0].min())).rename(str(step)), step
    spread = filled.std()
    step = Step(name, unit=float(f"{spread:.0e}") if spread > 0 else 1.0)
    return (filled / step.unit).rename(str(step)), step


def _indicators(values: pd.Series, left: pd.Series) -> tuple[dict[str, pd.Series], dict[str, Step], dict[str, Step]]:
    """Indicators of each value but the reference, what they are, and the values too rare among leavers or stayers.

    The reference is the largest value that is known. Were it "not known", the values of two columns that are filled
    together would determine each other, and the one left out for it would be the reference without being called so.
    """
    groups = folded_words(values)
    names = sorted(groups.cat.categories, key=lambda name: name == SMALL_GROUPS)  # by size; the fold comes last
    counts = pd.crosstab(groups, left).reindex(index=names, columns=[False, True], fill_value=0).min(axis="columns")
    enough = set(counts.index[counts >= LEAST_LEAVERS])
    known = [name for name in names if name not in (SMALL_GROUPS, UNKNOWN) and name in enough]
    reference = known[0] if known else names[0]
    steps = {name: Step(str(values.name), str(name), str(reference)) for name in names if name != reference}
    named = {str(step): step for name, step in steps.items() if name in enough}
    rare = {str(step): step for name, step in steps.items() if name not in enough}
    return {name: (groups == step.value).astype(float) for name, step in named.items()}, named, rare
