"""Effects where whole clusters (stores, regions) were assigned, not customers: errors, correlation, planning."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.effects.comparisons import Effect, compare
from helpers.statistics.effects.moments import Moments


def clustered_effect(
    control: pd.DataFrame, treatment: pd.DataFrame, *, relative: bool = False, alpha: float = 0.05
) -> Effect:
    """Difference of the means per customer, with an error that holds when customers of a cluster are alike.

    Each arm has one row a cluster: customers, total (Σ of the metric over them). A mean is Σ total / Σ customers; its
    variance by the delta method over clusters, m / (m − 1) Σ (total − mean × customers)² / (Σ customers)², is the
    cluster-robust one (Liang & Zeger 1986; Deng, Knoblich & Lu 2018). Welch's t, whose degrees of freedom come from
    the number of clusters: NaN with one cluster in an arm. Assumes independent clusters; with fewer than ten an arm,
    or a few that hold most customers, p-values come out too small. The periods of a switchback are clusters only if
    nothing carries over from one to the next.
    """
    arms = (Moments.of(_checked(arm)[["total", "customers"]]) for arm in (control, treatment))
    effect = compare(*arms, kind="ratio", relative=relative, alpha=alpha)
    convention = f"clusters of customers; {effect.convention.replace('ratios', 'means')}"
    return dataclasses.replace(effect, convention=convention)


def intra_cluster_correlation(*arms: pd.DataFrame) -> float:
    """How alike customers of one cluster are: the share of the variance that lies between clusters of an arm.

    Each arm (or the one history before a test) has one row a cluster: customers, total, squares (Σ of the metric's
    squares). 0: as different as strangers; 1: all the same; below 0 when clusters differ less than chance would have
    it. NaN where no arm has two clusters, no cluster two customers, or nothing varies.
    The analysis-of-variance estimator within arms (Donner & Klar 2000).
    """
    between, within, weight, clusters, customers = 0.0, 0.0, 0.0, 0, 0.0
    filled = [_checked(arm) for arm in arms if len(arm)]
    for arm in filled:
        n, total = arm["customers"].to_numpy(dtype=float), arm["total"].to_numpy(dtype=float)
        between += (total**2 / n).sum() - total.sum() ** 2 / n.sum()
        within += arm["squares"].sum() - (total**2 / n).sum()
        weight += n.sum() - (n**2).sum() / n.sum()
        clusters += len(arm)
        customers += n.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.float64(weight) / (clusters - len(filled))
        between, within = np.float64(between) / (clusters - len(filled)), np.float64(within) / (customers - clusters)
        return float((between - within) / (between + (size - 1) * within))


def design_effect(correlation: float, customers: ArrayLike) -> float:
    """How many times as many customers a test needs, for assigning clusters instead of customers.

    `customers` has the size of each cluster, `correlation` is intra-cluster: 1 + (Σn² / Σn − 1) × correlation (Kish
    1965; unequal sizes: Eldridge, Ashby & Kerry 2006).
    """
    sizes = np.asarray(customers, dtype=float)
    if not (sizes.size and (sizes > 0).all() and np.isfinite(sizes).all()):
        raise ValueError(f"customers = {sizes.tolist()}: one number above 0 a cluster. Leave empty clusters out.")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation = {correlation}: lies between -1 and 1. Estimate it from the history.")
    return float(1 + ((sizes**2).sum() / sizes.sum() - 1) * correlation)


def cluster_std_dev(std_dev: float, correlation: float, customers: ArrayLike) -> float:
    """Standard deviation of a cluster's mean, for planning in clusters instead of customers.

    Give it to `power`, `sample_size` or `minimum_effect` as `std_dev`, with n the clusters in control: their t
    distribution then has the degrees of freedom of the clusters. `std_dev` is that of one customer
    (√(p (1 − p)) for a rate), `customers` the size of each cluster. √(std_dev² × design effect / mean size).
    """
    sizes = np.asarray(customers, dtype=float)
    return float(std_dev * np.sqrt(design_effect(correlation, sizes) / sizes.mean()))


def _checked(arm: pd.DataFrame) -> pd.DataFrame:
    if not (arm["customers"] > 0).all():
        raise ValueError("customers = 0 in some cluster: each cluster has customers. Leave empty clusters out.")
    return arm
