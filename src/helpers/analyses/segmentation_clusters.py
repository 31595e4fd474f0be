"""Clusters of buyers by k-means on declared features, named from their centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.cluster.vq import vq
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from helpers import parameters
from helpers.analyses.segmentation_groups import Groups, buyers, group, unfit
from helpers.data.datasets import Dataset
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable

FEATURES = ("recency_days", "orders", "monetary")
COUNTS = range(2, 9)
STARTS = 10
FIT_ROWS, SILHOUETTE_ROWS = 20_000, 2_000

# Kaufman & Rousseeuw (1990), Finding Groups in Data, table 4: what a mean silhouette above each value speaks for.
STRUCTURES = (
    (0.70, "a strong structure"),
    (0.50, "a reasonable structure"),
    (0.25, "a weak structure, where groups flow into one another"),
)
NO_STRUCTURE, NOT_CLUSTERED = "No clear structure", "Not clustered"

# What a feature is called one and two steps below and above the middle, from (1.25, 0.4) standard deviations on.
STEPS = (-1.25, -0.4, 0.4, 1.25)
WORDS = {
    "recency_days": ("very recent", "recent", "", "quiet", "long quiet"),
    "orders": ("fewest orders", "few orders", "", "many orders", "most orders"),
    "monetary": ("lowest spend", "low spend", "", "high spend", "highest spend"),
}


@dataclass(frozen=True)
class ClusterCount:
    """How well 2 to 8 clusters would separate the buyers, and the number chosen; 0 where none is clear."""

    features: tuple[str, ...]
    seed: int
    scaled: pd.DataFrame  # index customer_id: log1p of the features, less its mean, by its standard deviation
    mean: pd.Series  # of log1p of each feature
    spread: pd.Series
    search: pd.DataFrame  # clusters, silhouette, smallest_share
    centres: pd.DataFrame  # of the chosen number of clusters, on the scale of `scaled`; none where none is clear

    @property
    def chosen(self) -> int:
        """The number of clusters chosen."""
        return len(self.centres)

    def summary(self) -> pd.DataFrame:
        """One row for each number of clusters."""
        return self.search

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean silhouette by number of clusters."""
        return charts.line(self.search, x="clusters", y="silhouette", ax=ax)

    def headline(self) -> str:
        """The number chosen and what its silhouette speaks for."""
        best = self.search.loc[self.search["silhouette"].idxmax()]
        score = f"mean silhouette {formats.number(best['silhouette'])}"
        if not self.chosen:
            return f"No clear structure: the best of all, {best['clusters']:.0f} clusters, has a {score}, under 0.25."
        said = f"{self.chosen} clusters separate best, with a {score}: {_structure(best['silhouette'])}."
        return f"{said} The smallest holds {formats.percent(best['smallest_share'])} of the buyers."


def cluster_count(data: Dataset, features: Sequence[str] = FEATURES, seed: int = 1) -> ClusterCount | NotApplicable:
    """Silhouettes of k-means with 2 to 8 clusters of the buyers, on log1p features brought to one scale.

    Values below zero count as zero; buyers who lack a feature are left out, and so is a feature that is the same for
    all. Fitted from 10 seeded starts on at most 20,000 buyers; silhouettes (Rousseeuw 1987) are means over at most
    2,000. Raises ValueError for a feature that is not a number of the snapshot.
    """
    missing = unfit(data)
    if missing:
        return missing
    known = buyers(data)
    scaled, mean, spread = _scaled(known, _checked(features, known))
    distinct = len(np.unique(scaled.to_numpy(), axis=0)) if len(scaled.columns) else 1
    if distinct <= COUNTS[-1]:
        return NotApplicable(
            f"by {', '.join(features)} there are {distinct} different buyers; clusters need {COUNTS[-1] + 1}."
        )
    some = _sample(scaled, FIT_ROWS, seed)
    judged = _sample(some, SILHOUETTE_ROWS, seed)
    with threadpool_limits(1):  # notebooks run side by side: threads would only wait for one another
        models = {count: KMeans(count, n_init=STARTS, random_state=seed).fit(some.to_numpy()) for count in COUNTS}
        search = pd.DataFrame([_quality(model, judged) for model in models.values()])
    best = search.loc[search["silhouette"].idxmax()]
    found = models[int(best["clusters"])].cluster_centers_ if _structure(best["silhouette"]) else None
    centres = pd.DataFrame(found, columns=scaled.columns)
    return ClusterCount(tuple(scaled.columns), seed, scaled, mean, spread, search, centres)


def clusters(data: Dataset, count: ClusterCount | NotApplicable) -> Groups | NotApplicable:
    """The cluster of every buyer, under the number that `cluster_count` chose."""
    if isinstance(count, NotApplicable):
        return count
    if not count.chosen:
        return NotApplicable("the buyers show no clear structure, so no clusters are made of them.")
    places, _ = vq(count.scaled.to_numpy(), count.centres.to_numpy())
    typical = np.expm1(count.centres * count.spread + count.mean)
    names = cluster_names(count.centres, typical)
    known = buyers(data)
    labels = pd.Series([names[place] for place in places], index=count.scaled.index, name="cluster", dtype=object)
    by_revenue = known["monetary"].groupby(labels).sum().sort_values(ascending=False).index
    rules = {name: f"nearest to {_centre(typical.loc[names.index(name)])}" for name in by_revenue}
    unclustered = known.index.difference(labels.index)
    if len(unclustered):
        rules[NOT_CLUSTERED] = "a feature is not known"
    return group(data, labels.reindex(known.index, fill_value=NOT_CLUSTERED), rules)


def cluster_names(centres: pd.DataFrame, typical: pd.DataFrame) -> list[str]:
    """A name for each centre, given in standard deviations: what sets it apart, the most striking first.

    Centres that share a name are told apart by the `typical` value of the feature in which they differ most.
    """
    names = pd.Series([_name(centre) for _, centre in centres.iterrows()], index=centres.index, dtype=object)
    for name in names[names.duplicated()].unique():
        alike = names.index[names == name]
        feature = (centres.loc[alike].max() - centres.loc[alike].min()).idxmax()
        for place, value in typical.loc[alike, feature].items():
            names[place] = f"{name}, {formats.label(feature).lower()} about {formats.number(value)}"
    return names.tolist()


def _name(centre: pd.Series) -> str:
    striking = centre.reindex(centre.abs().sort_values(ascending=False, kind="stable").index)
    words = [_words(feature)[int(np.searchsorted(STEPS, value))] for feature, value in striking.items()]
    said = ", ".join(filter(None, words)) or "middling in everything"
    return said[:1].upper() + said[1:]


def _words(feature: str) -> tuple[str, ...]:
    plain = formats.label(feature).lower()
    return WORDS.get(feature, (f"lowest {plain}", f"low {plain}", "", f"high {plain}", f"highest {plain}"))


def _centre(typical: pd.Series) -> str:
    return ", ".join(f"{formats.label(feature).lower()} {formats.number(value)}" for feature, value in typical.items())


def _checked(features: Sequence[str], known: pd.DataFrame) -> list[str]:
    numeric = known.select_dtypes("number").columns
    return [parameters.one_of("features", feature, numeric) for feature in features]


def _scaled(known: pd.DataFrame, features: list[str]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """The features that vary, on one scale, with the mean and the spread of their logarithms."""
    logged = np.log1p(known[features].astype(float).clip(lower=0)).dropna()
    logged = logged.loc[:, logged.nunique() > 1]
    mean, spread = logged.mean(), logged.std(ddof=0)
    return (logged - mean) / spread, mean, spread


def _sample(frame: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """`rows` of the frame drawn without replacement, in their order; all of a shorter one."""
    if len(frame) <= rows:
        return frame
    drawn = np.random.default_rng(seed).choice(len(frame), rows, replace=False)
    return frame.iloc[np.sort(drawn)]


def _quality(model: KMeans, judged: pd.DataFrame) -> dict[str, float]:
    places = model.predict(judged.to_numpy())
    several = len(np.unique(places)) > 1
    return {
        "clusters": model.n_clusters,
        "silhouette": silhouette_score(judged.to_numpy(), places) if several else np.nan,
        "smallest_share": np.bincount(model.labels_, minlength=model.n_clusters).min() / len(model.labels_),
    }


def _structure(silhouette: float) -> str:
    return next((words for least, words in STRUCTURES if silhouette > least), "")
