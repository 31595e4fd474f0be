"""How far labels shift when their cuts come from another sample, and that they do not where cuts are given."""

from __future__ import annotations

import dataclasses

from answers import words_of
from helpers.analyses.segmentation.keeping.labels import segment_plan
from helpers.analyses.segmentation.keeping.stability import steadiness
from helpers.analyses.segmentation.scoring.rfm import scores


def test_labels_hang_on_chance_unless_the_cuts_are_kept(regulars):
    loose = steadiness(regulars).table.set_index("changed_label")
    assert loose.loc["m_score", "changed_share"] > 0 and loose.loc["segment", "changed_share"] > 0
    assert (loose["lower"] <= loose["changed_share"]).all() and (loose["changed_share"] <= loose["upper"]).all()
    rfm = scores(regulars).cuts
    given = {**dataclasses.asdict(rfm), "tier": (20, 50, 90, 200)}
    kept = steadiness(regulars, segment_plan(cuts=given))
    assert kept.table["changed_share"].tolist() == [0] * 5
    assert words_of(kept).startswith("No label depends on chance")
