"""The segment model outlives the data it was made from: it is read back whole, whichever version wrote it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers.analyses.segmentation.keeping.labels import segment_plan
from helpers.analyses.segmentation.keeping.model_file import FILE, SegmentModel, kept_model, write
from helpers.analyses.segmentation.keeping.model_in_use import keep, labels_under, segment_model

PLAN = segment_plan()


def test_a_model_is_read_back_as_it_was_written(first, shops, tmp_path):
    keep(first, shops[0], tmp_path / "tables")
    kept = kept_model(tmp_path / "tables")
    assert kept.to_json() == first.model.to_json() and kept.fitted_on == "2025-06-27"
    assert [path.name for path in (tmp_path / "tables").iterdir()] == [FILE]
    under = labels_under(shops[0], segment_model(shops[0], PLAN, kept))
    pd.testing.assert_frame_equal(under.by_customer().table, first.labels.by_customer().table)


def test_it_holds_no_customer(first, shops):
    text = first.model.to_json()
    assert not [each for each in shops[0].customers["customer_id"] if each in text]


def test_a_file_that_is_none_is_told_with_a_remedy(tmp_path):
    assert kept_model("") is None and kept_model(tmp_path) is None
    for text in ("{", "[]", json.dumps({"format": 99}), json.dumps({"format": 1, "cuts": 3})):
        (tmp_path / FILE).write_text(text)
        with pytest.raises(ValueError, match=r"^segment_model.json = .*Delete the file"):
            kept_model(tmp_path)


def test_a_model_kept_by_the_version_before_is_read(shops):
    """`segment_model.json` as earlier versions left it, word for word: it labels, and it is kept."""
    words = {
        "format": 1,
        "fitted_on": "2025-03-31",
        "used_on": "2025-05-31",
        "plan": {"tiers": {"names": "levels"}, "features": ["recency_days", "orders", "monetary"], "seed": 1},
        "cuts": {
            "rfm": {"recency": [30.0, 90.5], "frequency": [2.0, 5.0], "monetary": [100.0, 900.0]},
            "tier": [300.0, 1200.0],
            "stage": {"": [20, 40, 60, 80]},
        },
        "clusters": None,
        "no_clusters": "the buyers show no stable structure, so no clusters are made of them.",
        "versions": {"numpy": "2.2.0", "pandas": "2.3.3", "scikit-learn": "1.7.0"},
    }
    before = SegmentModel.from_json(json.dumps(words, ensure_ascii=False))
    assert before.cuts.rfm.recency == (30.0, 90.5) and before.cuts.stage == {"": [20, 40, 60, 80]}
    assert str(before.clusters.reason).startswith("the buyers show no stable structure")
    assert before.plan["tiers"] == {"names": "levels", "months": 0}  # as tiers were made then
    used = segment_model(shops[0], segment_plan(**before.plan), before)
    assert used.why == "kept" and used.labels.tiers.cuts == (300.0, 1200.0)
    assert json.loads(before.to_json()) == {**words, "plan": before.plan}
    unsaid, year = (
        segment_plan(**words["plan"]),
        segment_plan(**{**words["plan"], "tiers": {"names": "levels", "months": 12}}),
    )
    unchanged = segment_model(shops[0], unsaid, before)
    assert unchanged.labels.tiers.cuts == (300.0, 1200.0) and unchanged.plan.tiers.months == 0
    assert segment_model(shops[0], year, before).why == "other_plan"


def test_a_model_is_written_whole_in_place_of_the_one_before(first, tmp_path):
    (tmp_path / FILE).write_text("{")
    write(first.model, tmp_path)
    assert kept_model(tmp_path).to_json() == first.model.to_json()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
