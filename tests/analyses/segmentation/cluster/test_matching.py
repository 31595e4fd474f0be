"""Names and ids outlive a refit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.segmentation.cluster.matching import rematched
from shops import shop


def test_ids_and_names_outlive_a_refit_whatever_the_new_numbers(three):
    data, search = three
    old = dataclasses.replace(search.model, ids=(4, 7, 9), next_id=10, names=("A", "B", "C"))
    turned = [2, 0, 1]
    new = dataclasses.replace(search.model, centres=tuple(search.model.centres[place] for place in turned))
    match = rematched(old, new, data)
    assert match.model.ids == (9, 4, 7) and match.model.names == ("C", "A", "B") and match.model.next_id == 10
    assert match.kept_share == 1 == match.adjusted_rand and "100% of 180 customers keep" in words_of(match)


def test_a_new_cluster_gets_an_id_that_was_never_used_and_a_name_of_its_own(three):
    """The small cluster is split; the old model has used ids up to 11, of which two are long gone."""
    data, search = three
    model = search.model
    old = dataclasses.replace(model, ids=(2, 5, 8), next_id=12)
    small = model.names.index(
        next(name for name in model.names if "lowest" in name.lower() or "low spend" in name.lower())
    )
    centre = np.array(model.centres[small])
    away = tuple((centre + [0.02, 0, 0]).tolist())
    new = dataclasses.replace(
        model,
        centres=(*model.centres, away),
        ids=(1, 2, 3, 4),
        next_id=5,
        names=(*model.names, model.names[small]),
        rules=(*model.rules, "x"),
        fitted_on="2025-09-30",
    )
    match = rematched(old, new, data)
    kept = [place for place in range(4) if match.model.ids[place] < 12]
    assert set(match.model.ids) - {12} <= {2, 5, 8} and len(kept) == 3 and match.model.next_id == 13
    fresh = match.model.ids.index(12)
    assert len(set(match.model.names)) == 4 and "since 2025-09-30" in match.model.names[fresh]
    again = rematched(match.model, new, data)
    assert again.model.ids == match.model.ids and again.model.next_id == 13
    back = rematched(match.model, old, data)
    assert 12 not in back.model.ids and back.model.next_id == 13  # an id that is gone is not given again


def test_clusters_that_dissolve_are_new(three):
    data, search = three
    model = search.model
    one = dataclasses.replace(
        model, centres=model.centres[:1], ids=(1,), next_id=2, names=("All",), rules=("everyone",)
    )
    match = rematched(one, model, data)
    assert match.model.ids == (2, 3, 4) and match.kept_share == 0 and match.adjusted_rand == 0
    table = match.summary()
    assert table["kept"].sum() == 0 and table["cluster_id"].dropna().tolist() == [2, 3, 4]


def test_bars_are_the_overlaps_of_the_pairs(three):
    data, search = three
    match = rematched(search.model, search.model, data)
    assert [bar.get_width() for bar in match.plot().patches] == [1, 1, 1]


def test_fewer_than_five_customers_in_both_clusters_are_not_shown(three):
    data, search = three
    is_small = data.customers["customer_id"].str.startswith("small")
    three_small = shop(known=pd.concat([data.customers[~is_small], data.customers[is_small].head(3)]))
    match = rematched(search.model, search.model, three_small)
    assert sorted(match.table["customers"]) == [3, 60, 60] and match.to_show()["customers"].isna().sum() == 1
