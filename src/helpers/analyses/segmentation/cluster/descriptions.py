"""What clusters are called, from their centres, and how a short tree tells them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.findings import formats, labels
from helpers.findings.folding import SMALLEST_GROUP
from helpers.language import _

DEPTH = 3  # of the tree: at most so many conditions in a row
SMALLEST_LEAF = 0.005  # of the rows

# Where a feature is striking: one and two steps below and above the middle, in standard deviations.
STEPS = (-1.25, -0.4, 0.4, 1.25)

FIDELITY = re.compile(r"(.*) \(fidelity (.*)\)")
CONDITION = re.compile(r"((?:[\d.,e−+-]+ < )?)(\D.*?)( [≤>] .*)")  # 3 < recency days ≤ 12
Box = dict[str, tuple[float, float]]  # feature → above … up to


def cluster_names(centres: pd.DataFrame, typical: pd.DataFrame) -> list[str]:
    """A name for each centre, given in standard deviations: what sets it apart, the most striking first.

    Centres that share a name are told apart by the `typical` value of the feature in which they differ most.
    """
    names = pd.Series([_name(centre) for _, centre in centres.iterrows()], index=centres.index, dtype=object)
    for name in names[names.duplicated()].unique():
        alike = names.index[names == name]
        feature = (centres.loc[alike].max() - centres.loc[alike].min()).idxmax()
        values = _apart(typical.loc[alike, feature])
        names.loc[alike] = [f"{name}, {formats.label(feature).lower()} about {value}" for value in values]
    return names.tolist()


def rules(values: pd.DataFrame, places: np.ndarray, clusters: int, seed: int) -> tuple[list[str], list[float], float]:
    """One line a cluster from a tree of three levels, in the features' units, and how far the lines can be trusted.

    `places` are the clusters of the rows by their nearest centres. Returned are the rules ('' for a cluster that the
    tree does not reach), the share of each cluster's rows that its rule finds, and the share of all rows of which the
    tree says the same as the nearest centre. Limits are rounded as they are written before either share is taken.
    """
    boxes = _boxes(values, places, seed)
    by_tree = np.full(len(values), -1)
    for place, box in boxes:
        by_tree[_inside(values, box)] = place
    same = by_tree == places
    fidelities = [float(same[places == place].mean()) if (places == place).any() else 0.0 for place in range(clusters)]
    lines = ["; or ".join(_line(box) for label, box in boxes if label == place) for place in range(clusters)]
    return lines, fidelities, float(same.mean())


def centre_in_words(typical: pd.Series) -> str:
    """The values of a centre: recency (days) 12.5, orders 3."""
    return ", ".join(f"{formats.label(feature).lower()} {formats.number(value)}" for feature, value in typical.items())


@dataclass(frozen=True)
class TreeRule:
    """A rule as a model keeps it, in English; read in the language that is spoken."""

    line: str

    def __str__(self) -> str:
        """The rule with features in words; as it is kept where it names the centre that is nearest."""
        found = FIDELITY.fullmatch(self.line)
        if not found:
            return self.line
        either = [[_in_words(each) for each in part.split(" and ")] for part in found[1].split("; or ")]
        rule = _("; or ").join(_(" and ").join(each) for each in either)
        return _("{rule} (fidelity {share})").format(rule=rule, share=found[2])


def _in_words(limits: str) -> str:
    """A condition with the feature that it names in words; anything else as it is."""
    found = CONDITION.fullmatch(limits)
    if not found:
        return limits
    low, feature, high = found.groups()
    return f"{low}{formats.label(feature.replace(' ', '_')).lower()}{high}"


def _name(centre: pd.Series) -> str:
    striking = centre.reindex(centre.abs().sort_values(ascending=False, kind="stable").index)
    words = [_words(feature)[int(np.searchsorted(STEPS, value))] for feature, value in striking.items()]
    name = ", ".join(filter(None, words)) or labels.MIDDLING
    return name[:1].upper() + name[1:]


def _words(feature: str) -> tuple[str, ...]:
    plain = formats.label(feature).lower()
    return labels.STRIKING.get(feature, (f"lowest {plain}", f"low {plain}", "", f"high {plain}", f"highest {plain}"))


def _apart(values: pd.Series) -> list[str]:
    """The values as readers see them, with as many digits as it takes to tell them apart."""
    written = [formats.number(value) for value in values]
    digits = 4
    while len(set(written)) < values.nunique():
        written, digits = [f"{value:,.{digits}g}" for value in values], digits + 1
    return written


def _boxes(values: pd.DataFrame, places: np.ndarray, seed: int) -> list[tuple[int, Box]]:
    """The leaves of the tree, those side by side with the same cluster as one."""
    from sklearn.tree import DecisionTreeClassifier

    smallest = max(SMALLEST_GROUP, int(SMALLEST_LEAF * len(values)))
    fit = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=smallest, random_state=seed)
    tree = fit.fit(values.to_numpy(dtype=float), places).tree_
    whole = (values == values.round()).all()

    def below(node: int, box: Box) -> list[tuple[int, Box]]:
        if tree.children_left[node] < 0:
            return [(int(fit.classes_[tree.value[node].argmax()]), box)]
        feature = values.columns[tree.feature[node]]
        limit = _rounded(tree.threshold[node], whole[feature])
        low, high = box.get(feature, (-np.inf, np.inf))
        parts = below(tree.children_left[node], {**box, feature: (low, min(limit, high))})
        parts += below(tree.children_right[node], {**box, feature: (max(limit, low), high)})
        return [(parts[0][0], box)] if len({place for place, _ in parts}) == 1 else parts

    return below(0, {})


def _rounded(limit: float, whole: bool) -> float:
    """A limit as it is written: the whole number below it, or three digits."""
    if whole:
        return float(np.floor(limit))
    return float(formats.number(float(limit)).replace(",", "").replace(formats.MINUS, "-"))


def _inside(values: pd.DataFrame, box: Box) -> np.ndarray:
    within = np.ones(len(values), dtype=bool)
    for feature, (above, up_to) in box.items():
        within &= (values[feature] > above).to_numpy() & (values[feature] <= up_to).to_numpy()
    return within


def _line(box: Box) -> str:
    return " and ".join(_limits(feature.replace("_", " "), *limits) for feature, limits in box.items()) or "everyone"


def _limits(what: str, above: float, up_to: float) -> str:
    if np.isinf(above):
        return f"{what} ≤ {formats.number(up_to)}"
    if np.isinf(up_to):
        return f"{what} > {formats.number(above)}"
    return f"{formats.number(above)} < {what} ≤ {formats.number(up_to)}"
