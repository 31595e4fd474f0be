"""The frozen fit behind the clusters: it scores any later day of the same customers as it scored the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from helpers.statistics.clusters import nearest_centres

Transform = Callable[[np.ndarray], np.ndarray]
TRANSFORMS: dict[str, tuple[Transform, Transform]] = {  # of a feature before it is brought to one scale, and back
    "log1p": (lambda values: np.log1p(np.maximum(values, 0)), np.expm1),  # below zero counts as zero
    "linear": (lambda values: values, lambda values: values),
}


@dataclass(frozen=True)
class FeatureScale:
    """How features in their own units come to one scale: a transform, then standard deviations from the mean."""

    features: tuple[str, ...]
    transforms: tuple[str, ...]  # of each feature, a name of TRANSFORMS
    mean: tuple[float, ...]  # of each transformed feature
    spread: tuple[float, ...]

    @classmethod
    def of(cls, values: pd.DataFrame, transforms: Mapping[str, str]) -> FeatureScale:
        """The scale on which each of the columns has mean 0 and standard deviation 1 after its transform."""
        names = tuple(transforms[feature] for feature in values)
        changed = [column.to_numpy() for _, column in transformed(values, transforms).items()]
        spread = tuple(float(column.std()) for column in changed)
        return cls(tuple(values), names, tuple(float(column.mean()) for column in changed), spread)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Values (customers, features) in their own units, brought to the scale."""
        changed = [TRANSFORMS[name][0](column) for name, column in zip(self.transforms, values.T, strict=True)]
        return (np.stack(changed, axis=1) - self.mean) / self.spread

    def unscaled(self, values: np.ndarray) -> pd.DataFrame:
        """Values on the scale, in the features' own units again."""
        changed = (np.asarray(values) * self.spread + self.mean).T
        back = [TRANSFORMS[name][1](column) for name, column in zip(self.transforms, changed, strict=True)]
        return pd.DataFrame(dict(zip(self.features, back, strict=True)))


@dataclass(frozen=True)
class ClusterModel(FeatureScale):
    """Everything that labels a customer, in plain numbers and words; an entry a feature, or a cluster, in order."""

    centres: tuple[tuple[float, ...], ...]  # a row a cluster, in standard deviations from the mean
    ids: tuple[int, ...]  # of the clusters; an id means one cluster for ever
    next_id: int  # the first that was never used
    names: tuple[str, ...]
    rules: tuple[str, ...]  # what a short tree says of each cluster
    fidelity: float  # share of buyers of whom that tree says the same as the nearest centre
    mean_distance: float  # to the own centre, at the fit
    far_distance: float  # 99% of the buyers were nearer to their centre at the fit
    bin_edges: tuple[tuple[float, ...], ...]  # of each feature, in its own unit
    bin_shares: tuple[tuple[float, ...], ...]  # of the buyers at the fit
    seed: int
    rows: int  # that the centres were fitted to
    buyers: int  # at the fit, with all features known
    fitted_on: str  # YYYY-MM-DD

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON has it: lists, numbers and text; floats keep all their digits."""
        return _listed(asdict(self))

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ClusterModel:
        """The model that `to_dict` gave. Raises ValueError when an entry is missing, or of another length."""
        missing = [field.name for field in fields(cls) if field.name not in saved]
        if missing:
            raise ValueError(f"cluster model = without {', '.join(missing)}: every entry is needed. Fit it anew.")
        model = cls(**{field.name: _tupled(saved[field.name]) for field in fields(cls)})
        by_feature = (model.transforms, model.mean, model.spread, model.bin_edges, model.bin_shares, *model.centres)
        by_cluster = (model.ids, model.names, model.rules)
        if {len(part) for part in by_feature} != {len(model.features)} or {len(part) for part in by_cluster} != {
            len(model.centres)
        }:
            raise ValueError("cluster model = entries of different lengths: one a feature, or a cluster. Fit it anew.")
        return model

    def lacking(self, customers: pd.DataFrame) -> list[str]:
        """The features that are not among the columns."""
        return [feature for feature in self.features if feature not in customers.columns]

    def placed(self, customers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The place of each customer's cluster among the centres, and the distance to it in standard deviations.

        Place −1 and distance NaN where a feature is not known.
        """
        return nearest_centres(customers[list(self.features)], self.centres, self.scaled)


def transformed(values: pd.DataFrame, transforms: Mapping[str, str]) -> pd.DataFrame:
    """The columns after their transforms, as they are compared before they are brought to one scale."""
    return values.apply(lambda column: TRANSFORMS[transforms[column.name]][0](column))


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(part) for name, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(part) for part in value) if isinstance(value, list | tuple) else value
