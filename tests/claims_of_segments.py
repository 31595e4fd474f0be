"""The claims about segments, of 01_profiling and 02_segmentation, on customers whose segment tells nothing of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from claims import Claim, each
from helpers.analyses.profiling.people.by_segment import segment_portraits
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.keeping.moves import Migration, Move
from helpers.analyses.segmentation.keeping.ways import transitions
from helpers.analyses.segmentation.portraits.likes import preferences
from helpers.findings import NotApplicable
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE
from helpers.statistics.clusters import cluster_counts
from shops import shop

CLOUD = [[1, -0.3, -0.3], [-0.3, 1, 0.8], [-0.3, 0.8, 1]]  # of recency, orders and spend
SEGMENTS = ("champions", "loyal", "new", "asleep")
TRAITS = {"gender": 2, "province": 12, "channel": 5, "country": 6, "plan": 4}


def people(customers: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.Series]:
    """Customers of four segments, some small, and five words of each: some values are rare."""
    index = pd.Index([f"C{place}" for place in range(2 * customers)], name="customer_id")
    popular = {name: 1 / np.arange(1, many + 1) ** 1.5 for name, many in TRAITS.items()}
    known = {name: rng.choice(len(p), len(index), p=p / p.sum()) for name, p in popular.items()}
    known = {name: [f"{name} {at}" for at in places] for name, places in known.items()}
    segment = pd.Series(rng.choice(SEGMENTS, len(index), p=(0.1, 0.2, 0.3, 0.4)), index, name="segment")
    return pd.DataFrame(known, index), segment.astype(pd.CategoricalDtype(list(SEGMENTS)))


def differ(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether segments are told to differ in any of five traits."""
    known, segment = people(customers, rng)
    nothing: Any = None
    found = preferences(nothing, Groups(pd.DataFrame(), "segment", segment, {}), known.astype("category"))
    return None if isinstance(found, NotApplicable) else bool((found.tests[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


def stands_out(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether a segment is told to stand out by any value of five fields."""
    known, segment = people(customers, rng)
    found = segment_portraits(shop(known=known.reset_index()), segment.astype(str))
    return None if isinstance(found, NotApplicable) else len(found.traits) > 0


def likeliest(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether one change of segment is told to be likelier than the others: of each, a tenth goes to each other one."""
    before = np.repeat(np.arange(4), customers)
    after = np.where(rng.random(len(before)) < 0.3, (before + rng.integers(1, 4, len(before))) % 4, before)
    move = np.select([after < before, after > before], [Move.UP, Move.DOWN], Move.KEPT)
    table = pd.DataFrame({"before": np.take(SEGMENTS, before), "after": np.take(SEGMENTS, after), "move": move})
    table = table.value_counts().rename("customers").reset_index().assign(before_share=0.1, lower=0.1, upper=0.1)
    found = transitions(Migration(table, "segment", 90, SEGMENTS))
    return None if isinstance(found, NotApplicable) else "most likely way" in str(found.headline())


def clustered(customers: int, rng: np.random.Generator) -> bool:
    """Whether buyers are told to fall into groups by themselves: they are one cloud, orders and spend go together."""
    values = rng.standard_normal((customers, 3)) @ np.linalg.cholesky(CLOUD).T
    return cluster_counts((values - values.mean(axis=0)) / values.std(axis=0), seed=1).chosen > 0


SAME = "5 traits that tell nothing, of 4 segments"
CLAIMS = (
    Claim("segments differ in a trait", "segmentation/portraits/likes", SAME, 0.05, each(differ), costs=50),
    Claim("a segment stands out by a value", "profiling/people/by_segment", SAME, 0.05, each(stands_out), costs=50),
    Claim("buyers fall into groups", "segmentation/cluster/search", "one cloud; orders and spend correlate .8", 0.05,
          each(clustered), (300,), costs=250),
    Claim("one change of segment is the likeliest", "segmentation/keeping/ways", "all changes alike", 0.05,
          each(likeliest), costs=20),
)  # fmt: skip
