"""Which customers deserve what: RFM segments, value tiers, lifecycle stages and clusters, and how steady they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation_clusters import (
    FEATURES,
    ClusterCount,
    cluster_count,
    clusters,
)
from helpers.analyses.segmentation_groups import (
    Crossing,
    Groups,
    buyers,
    crossing,
    group,
    spans,
    unfit,
)
from helpers.analyses.segmentation_lifecycle import QUANTILES as STAGE_QUANTILES
from helpers.analyses.segmentation_lifecycle import stages
from helpers.analyses.segmentation_rfm import (
    COLUMNS,
    SEGMENTS,
    VALUES,
    RfmCuts,
    RfmScores,
    Rule,
    fitted_cuts,
    named,
    scored,
    scores,
    segments,
)  # fmt: skip
from helpers.data.datasets import Dataset
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics import scoring

__all__ = [
    "FEATURES", "SEGMENTS", "STAGE_QUANTILES", "TIERS", "TIER_QUANTILES", "ClusterCount", "Crossing", "Cuts",
    "Groups", "RfmCuts", "RfmScores", "Rule", "Steadiness", "cluster_count", "clusters", "crossing", "given_cuts",
    "scores", "segments", "stages", "steadiness", "table", "tiers", "used_cuts",
]  # fmt: skip

TIERS = ("Bronze 普通会员", "Silver 银卡会员", "Gold 金卡会员", "Platinum 白金会员", "Diamond 钻石会员")
TIER_QUANTILES = (0.50, 0.80, 0.95, 0.99)
RESAMPLES = 50


@dataclass(frozen=True)
class Cuts:
    """Cuts that are given, so that the labels of two days compare; an empty one is taken from the data."""

    rfm: RfmCuts = RfmCuts()
    tier: tuple[float, ...] = ()  # money
    stage: tuple[float, ...] = ()  # days


@dataclass(frozen=True)
class Steadiness:
    """How many buyers' labels hang on who happened to be in the data when cuts were taken from quantiles."""

    changes: pd.DataFrame  # label, changed_share, lower, upper
    resamples: int

    def summary(self) -> pd.DataFrame:
        """One row for each label."""
        return self.changes

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean share of buyers whose label changes, with the middle 95% of resamples."""
        return charts.forest(self.changes, estimate="changed_share", label="label", ax=ax)

    def headline(self) -> str:
        """What new quantiles would do to the segments, though no customer did anything."""
        row = self.changes.set_index("label").loc["segment"]
        if not self.changes["changed_share"].any():
            return "No label depends on chance: with these cuts, resampling the customers changes none."
        moved = formats.percent(row["changed_share"])
        usual = formats.interval(row["lower"], row["upper"], formats.percent)
        return f"Cuts taken from another sample of such customers would move {moved} of the buyers to another " \
            f"segment ({usual} in 95% of {self.resamples} resamples), though nobody bought anything. " \
            "Keep the cuts from run to run."


def given_cuts(cuts: Mapping[str, Sequence[float]]) -> Cuts:
    """The cuts that a notebook's parameter names: recency, frequency, monetary, tier and stage, all optional.

    Raises ValueError for another name, or numbers that do not rise.
    """
    for name, numbers in cuts.items():
        parameters.one_of("cuts", name, (*VALUES, "tier", "stage"))
        if not all(isinstance(number, int | float) for number in numbers) or (np.diff(numbers) < 0).any():
            raise ValueError(f"cuts.{name} = {numbers}: give numbers in rising order.")
    given = {name: tuple(numbers) for name, numbers in cuts.items()}
    rfm = RfmCuts(**{name: given.pop(name) for name in VALUES if name in given})
    return Cuts(rfm, **given)


def used_cuts(
    rfm: RfmScores | NotApplicable, tier: Groups | NotApplicable, stage: Groups | NotApplicable
) -> dict[str, list[float]]:
    """All cuts behind these labels, as `given_cuts` reads them: the next report keeps its labels steady with them."""
    scored_by = asdict(rfm.cuts) if isinstance(rfm, RfmScores) else {}
    grouped_by = {found.kind: found.cuts for found in (tier, stage) if isinstance(found, Groups)}
    return {name: [round(float(cut), 6) for cut in cuts] for name, cuts in {**scored_by, **grouped_by}.items()}


def tiers(
    data: Dataset, names: Sequence[str] = TIERS, quantiles: Sequence[float] = TIER_QUANTILES, cuts: Sequence[float] = ()
) -> Groups | NotApplicable:
    """The value tier of every customer by net revenue so far, from `names`, lowest first.

    A tier begins at its cut: one of `cuts`, in the data set's currency, or else of the `quantiles` of the buyers'
    revenue. Customers without a completed order are in the lowest tier. Raises ValueError unless there is one cut
    fewer than names, in rising order.
    """
    missing = unfit(data)
    if missing:
        return missing
    _check_tiers(names, quantiles, cuts)
    spent = buyers(data)["monetary"]
    used = _tier_cuts(spent, quantiles, cuts)
    rules = dict(reversed(list(zip(names, spans(used, "revenue"), strict=True))))
    origin = "as given" if len(cuts) else "quantiles of the buyers' revenue"
    said = f"Tiers begin at {', '.join(formats.money(cut, data.settings.currency) for cut in used)} ({origin})."
    return replace(group(data, _tier_labels(spent, names, used), rules, others=names[0]), cuts=used, remark=said)


def table(
    data: Dataset, rfm: RfmScores | NotApplicable, *groupings: Groups | NotApplicable
) -> pd.DataFrame:
    """One row a customer, by customer_id: three scores (missing without an order), segment, tier, stage, cluster.

    A grouping that is not applicable leaves its column empty; without scores there is no row at all.
    """
    columns = ["customer_id", *COLUMNS.values(), "segment", "tier", "stage", "cluster"]
    if isinstance(rfm, NotApplicable):
        return pd.DataFrame(columns=columns)
    every = data.customers["customer_id"].sort_values()
    labels = {found.kind: found.labels for found in groupings if isinstance(found, Groups)}
    parts = rfm.customers.astype("Int64").reindex(every)
    parts = parts.assign(**{kind: names.reindex(every) for kind, names in labels.items()})
    return parts.rename_axis("customer_id").reset_index().reindex(columns=columns)


def steadiness(
    data: Dataset, bins: int = 5, tier_quantiles: Sequence[float] = TIER_QUANTILES, cuts: Cuts = Cuts(), seed: int = 1
) -> Steadiness | NotApplicable:
    """Share of buyers whose scores, segment and tier differ when cuts come from a bootstrap sample of the buyers.

    Cuts that are given do not move. Means and 2.5% and 97.5% quantiles over 50 seeded resamples (Efron 1979).
    """
    missing = unfit(data)
    if missing:
        return missing
    known = buyers(data)
    names = [str(place) for place in range(len(cuts.tier or tier_quantiles) + 1)]

    def labelled(sample: pd.DataFrame) -> pd.DataFrame:
        used = fitted_cuts(sample, bins, cuts.rfm)
        given = scored(known, used)
        tier = _tier_labels(known["monetary"], names, _tier_cuts(sample["monetary"], tier_quantiles, cuts.tier))
        return given.assign(segment=named(given, used), tier=tier)

    rng = np.random.default_rng(seed)
    usual = labelled(known)
    changed = pd.DataFrame([
        (labelled(known.iloc[rng.integers(len(known), size=len(known))]) != usual).mean() for _ in range(RESAMPLES)
    ])
    changes = pd.DataFrame({
        "label": [name.replace("_", " ") for name in changed.columns], "changed_share": changed.mean().to_numpy(),
        "lower": changed.quantile(0.025).to_numpy(), "upper": changed.quantile(0.975).to_numpy(),
    })
    return Steadiness(changes, RESAMPLES)


def _tier_cuts(spent: pd.Series, quantiles: Sequence[float], cuts: Sequence[float]) -> tuple[float, ...]:
    return tuple(cuts) if len(cuts) else tuple(float(cut) for cut in np.quantile(spent, quantiles))


def _tier_labels(spent: pd.Series, names: Sequence[str], cuts: Sequence[float]) -> pd.Series:
    places = scoring.scores(spent, cuts) - 1
    return pd.Series(np.array(names, dtype=object)[places], index=spent.index, name="tier", dtype=object)


def _check_tiers(names: Sequence[str], quantiles: Sequence[float], cuts: Sequence[float]) -> None:
    subject, given = ("cuts.tier", cuts) if len(cuts) else ("tier_quantiles", quantiles)
    if len(set(names)) != len(names) or len(names) < 2:
        raise ValueError(f"tier_names = {list(names)}: give at least two different names, lowest first.")
    if len(given) != len(names) - 1 or (np.diff(given) < 0).any():
        raise ValueError(f"{subject} = {list(given)}: {len(names)} tiers need {len(names) - 1} in rising order.")
    if not len(cuts) and not all(0 < share < 1 for share in quantiles):
        raise ValueError(f"tier_quantiles = {list(quantiles)}: write shares between 0 and 1.")
