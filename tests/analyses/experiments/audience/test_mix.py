"""A shift in who was met is told from an effect, and Simpson's paradox is named where it happened."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.stats import chi2_contingency

from answers import words_of
from helpers.analyses.experiments.audience.mix import mix_shift
from helpers.findings import NotApplicable
from helpers.statistics.effects.comparisons import compare, post_stratified
from helpers.statistics.effects.moments import total
from segmented_trials import segmented, share

# New beats control in both towns (+5 points), yet loses as a whole: most of it is in the town where few buy.
PARADOX = {"rich": {"control": (1800, 900), "new": (200, 110)}, "poor": {"control": (200, 20), "new": (1800, 270)}}
ALIKE = {"young": {"control": (1000, 460), "new": (1010, 190)}, "old": {"control": (1000, 460), "new": (990, 190)}}


def mixed(**columns):
    """The finding on segments of (customers, buyers) by column, segment and arm."""
    return mix_shift([segmented(**columns)])[0]


def test_simpsons_paradox_is_named_with_both_effects():
    finding = mixed(town=PARADOX)
    row = finding.table.iloc[0]
    assert row["effect"] == pytest.approx(380 / 2000 - 920 / 2000)
    assert row["stratified_effect"] == pytest.approx(0.05)  # that of either town
    assert row["signs_differ"]
    said = words_of(finding)
    assert "Simpson's paradox" in said and "with equal mixes of town" in said
    assert "−27.0 points" in said and "+5.0 points" in said


def test_both_effects_are_those_of_the_estimators():
    row = mixed(town=PARADOX).table.iloc[0]
    control, new = ({town: share(*by_arm[arm]) for town, by_arm in PARADOX.items()} for arm in ("control", "new"))
    pooled = compare(total(control.values()), total(new.values()), kind="proportion")
    equal = post_stratified(control, new, kind="proportion")
    assert row[["effect", "lower", "upper", "p_value"]].tolist() == pytest.approx(
        [pooled.effect, pooled.lower, pooled.upper, pooled.p_value]
    )
    assert row[
        ["stratified_effect", "stratified_lower", "stratified_upper", "stratified_p_value"]
    ].tolist() == pytest.approx([equal.effect, equal.lower, equal.upper, equal.p_value])


def test_shares_are_by_arm_and_their_mix_is_tested():
    finding = mixed(age=ALIKE, town=PARADOX)
    shares = finding.summary()
    assert shares.columns.tolist() == ["by", "segment", "control_share", "new_share", "mix_p_value"]
    assert shares["by"].tolist() == ["town", "town", "age", "age"]  # the clearest shift first
    rows = shares.set_index("segment")
    assert rows.loc["rich", ["control_share", "new_share"]].tolist() == pytest.approx([0.9, 0.1])
    expected = chi2_contingency([[1000, 1010], [1000, 990]], correction=False).pvalue
    assert rows.loc["young", "mix_p_value"] == pytest.approx(expected)  # Holm: the larger of two keeps its own


def test_the_same_mix_leaves_the_effect():
    said = words_of(mixed(age=ALIKE))
    assert "test: the arms have the same mix, so it explains nothing." in said
    assert "no effect changes its sign" in said and "Simpson" not in said


def test_a_shift_that_turns_no_sign_is_named_all_the_same():
    shifted = {"rich": {"control": (1200, 600), "new": (800, 480)}, "poor": {"control": (800, 80), "new": (1200, 360)}}
    said = words_of(mixed(town=shifted))
    assert "the arms differ in their mix by town, beyond chance" in said
    assert "no effect changes its sign" in said and "+8.0 points becomes +15.0 points" in said


def test_signs_that_differ_by_chance_are_no_paradox():
    near = {"rich": {"control": (1000, 500), "new": (980, 492)}, "poor": {"control": (1000, 100), "new": (1020, 102)}}
    finding = mixed(town=near)
    assert finding.table["signs_differ"].all()
    said = words_of(finding)
    assert "Simpson" not in said and "not clear of 0" in said


def test_customers_of_small_segments_stay_in_both_effects_and_out_of_the_table():
    finding = mixed(town={**PARADOX, "tiny": {"control": (10, 1), "new": (20, 15)}})
    assert finding.summary()["segment"].tolist() == ["rich", "poor"]
    row = finding.table.iloc[0]
    assert row["effect"] == pytest.approx(395 / 2020 - 921 / 2010)
    weights = np.array([2000, 2000, 30]) / 4030
    assert row["stratified_effect"] == pytest.approx(weights @ [0.05, 0.05, 0.65])


def test_the_figure_sets_both_effects_side_by_side():
    finding = mixed(town=PARADOX, age=ALIKE)
    ax = finding.plot()
    drawn = {line.get_label(): line.get_xdata() for line in ax.lines}
    plt.close("all")
    np.testing.assert_allclose(drawn["as measured"], finding.table["effect"])
    np.testing.assert_allclose(drawn["with equal mixes"], finding.table["stratified_effect"])


def test_a_column_with_one_large_segment_has_no_mix():
    one = {"rich": PARADOX["rich"], "poor": {"control": (3, 1), "new": (3, 1)}}
    nothing = mixed(town=one)
    assert isinstance(nothing, NotApplicable) and "two segments" in str(nothing.reason)
    assert mix_shift([nothing]) == (nothing,)
