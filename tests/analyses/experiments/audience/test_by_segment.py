"""An effect that differs between segments is found and shrunken; one that does not is not said to."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from answers import words_of
from helpers.analyses.experiments.audience.by_segment import segment_effects
from helpers.analyses.experiments.audience.strata import segments
from helpers.findings import NotApplicable
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.heterogeneity import equal_effects, shrunken_effects
from helpers.statistics.inference.corrections import adjust
from segmented_trials import segmented, share

DIFFERENT = {
    "north": {"control": (1000, 100), "new": (1000, 110)},
    "south": {"control": (1000, 100), "new": (1000, 200)},
}
ALIKE = {"young": {"control": (1000, 100), "new": (1000, 150)}, "old": {"control": (1000, 100), "new": (1000, 160)}}


@pytest.fixture(scope="module")
def finding():
    return segment_effects([segmented(town=DIFFERENT, age=ALIKE)])[0]


def test_each_segment_is_compared_as_the_whole_is(finding):
    rows = finding.table.set_index(["by", "segment"])
    expected = compare(share(1000, 100), share(1000, 200), kind="proportion")
    assert rows.loc[("town", "south"), ["effect", "lower", "upper", "p_value"]].tolist() == pytest.approx(
        [expected.effect, expected.lower, expected.upper, expected.p_value]
    )
    assert rows["adjusted_p_value"].tolist() == pytest.approx(adjust(rows["p_value"], "holm").tolist())


def test_a_column_is_tested_and_shrunken_over_its_own_segments(finding):
    compared = [
        compare(share(*by_arm["control"]), share(*by_arm["new"]), kind="proportion") for by_arm in DIFFERENT.values()
    ]
    effects, errors = [each.effect for each in compared], [each.std_error for each in compared]
    test = finding.tests.set_index("by").loc["town"]
    assert (test["q"], test["p_value"]) == pytest.approx(
        (equal_effects(effects, errors).q, equal_effects(effects, errors).p_value)
    )
    rows = finding.table[finding.table["by"] == "town"]
    np.testing.assert_allclose(rows["shrunken_effect"], shrunken_effects(effects, errors).effects)
    assert rows["difference_p_value"].tolist() == pytest.approx([test["adjusted_p_value"]] * 2)


def test_the_tests_are_corrected_over_columns_and_the_clearest_is_first(finding):
    assert finding.tests["by"].tolist() == ["town", "age"]
    assert finding.tests["adjusted_p_value"].tolist() == pytest.approx(
        adjust(finding.tests["p_value"], "holm").tolist()
    )
    assert finding.table["by"].tolist() == ["town", "town", "age", "age"]
    assert finding.tests["adjusted_p_value"].iloc[0] == pytest.approx(2 * finding.tests["p_value"].iloc[0])


def test_the_headline_names_who_gains_most_after_shrinking(finding):
    said = words_of(finding)
    south = finding.table.set_index("segment").loc["south"]
    assert (
        said.startswith("test · new: +")
        and "points where town is “south”, +" in said
        and "The effect of new differs by town" in said
    )
    assert (
        f"+{100 * south['shrunken_effect']:.1f} points where town is “south”" in said and "where it is “north”." in said
    )
    assert "1 of 2 tests (arms × columns)" in said and "differs by age" not in said
    assert south["shrunken_effect"] < south["effect"]


def test_without_a_difference_the_headline_says_so():
    (finding,) = segment_effects([segmented(age=ALIKE)])
    assert words_of(finding) == (
        "No evidence that test works better for some than for others. “Bought”, compared by age."
    )
    (finding,) = segment_effects([segmented(town=ALIKE, age=ALIKE)])
    assert words_of(finding).endswith("compared by town and age.")


def test_arms_that_are_not_as_planned_are_not_read():
    (finding,) = segment_effects([segmented(weights=(3.0, 1.0), town=DIFFERENT)])
    assert "test: trust none of this until its assignment is repaired." in words_of(finding)


def test_each_of_several_arms_is_tested():
    towns = {
        town: {"control": (1000, 100), "a": (1000, 100 + rise), "b": (1000, 110)}
        for town, rise in (("north", 0), ("south", 100))
    }
    (finding,) = segment_effects([segmented((1.0, 1.0, 1.0), town=towns)])
    assert finding.tests["arm"].tolist() == ["a", "b"]
    labels = [tick.get_text().replace("\n", " ") for tick in finding.plot().get_yticklabels()]
    plt.close("all")
    assert labels == ["a · town: north", "a · town: south", "b · town: north", "b · town: south"]


def test_the_figure_shows_effects_as_measured_and_shrunken(finding):
    ax = finding.plot()
    drawn = {line.get_label(): line.get_xdata() for line in ax.lines if line.get_label() in ("as measured", "shrunken")}
    plt.close("all")
    np.testing.assert_allclose(drawn["as measured"], finding.table["effect"])
    np.testing.assert_allclose(drawn["shrunken"], finding.table["shrunken_effect"])


def test_the_figure_stays_within_a_page():
    columns = {
        f"column {i}": {f"s{j}": {"control": (1000, 100), "new": (1000, 120)} for j in range(8)} for i in range(5)
    }
    ax = segment_effects([segmented(**columns)])[0].plot()
    drawn = len(ax.get_yticklabels())
    plt.close("all")
    assert drawn == 16


def test_a_column_with_one_large_segment_is_not_tested():
    one = {"north": DIFFERENT["north"], "south": {"control": (10, 1), "new": (10, 9)}}
    (finding,) = segment_effects([segmented(town=one, age=ALIKE)])
    assert finding.tests["by"].tolist() == ["age"]
    (nothing,) = segment_effects([segmented(town=one)])
    assert isinstance(nothing, NotApplicable) and "30 in each arm" in str(nothing.reason)
    assert segment_effects([nothing]) == (nothing,)


def test_equal_effects_are_said_to_differ_as_often_as_stated():
    """Drawn with one effect, at rates of 5 to 50 %, in towns of 200 to 800: by the share of false alarms."""
    rng, runs = np.random.default_rng(3), 200
    sizes, rates = np.array([200, 400, 800, 300]), np.array([0.05, 0.1, 0.2, 0.5])
    columns = {}
    for run in range(runs):
        bought = [rng.binomial(sizes, rates), rng.binomial(sizes, rates + 0.03)]
        columns[f"draw {run}"] = {
            f"t{i}": {"control": (n, bought[0][i]), "new": (n, bought[1][i])} for i, n in enumerate(sizes)
        }
    (finding,) = segment_effects([segmented(**columns)])
    assert len(finding.tests) == runs
    assert 0.015 < (finding.tests["p_value"] < 0.05).mean() < 0.1
    assert (finding.tests["adjusted_p_value"] < 0.05).sum() <= 1


def test_hillstrom_womens_mail_works_on_those_who_bought_womens_wear(opened, hillstrom):
    """Known answers: experiments.md, heterogeneity of visit by the `womens` flag, and the control's and arm's levels."""
    (finding,) = segment_effects(segments(opened("hillstrom"), hillstrom))
    rows = finding.table.set_index(["arm", "by", "segment"])
    for flag, control, arm, effect in (("0", 0.09981, 0.11089, 0.0111), ("1", 0.11142, 0.18453, 0.0731)):
        row = rows.loc[("Womens E-Mail", "womens", flag)]
        assert (row["control_level"], row["arm_level"]) == pytest.approx((control, arm), abs=5e-6)
        assert row["effect"] == pytest.approx(effect, abs=5e-5)
        assert row["shrunken_effect"] == pytest.approx(effect, abs=5e-4)
    assert finding.tests.iloc[0][["arm", "by"]].tolist() == ["Womens E-Mail", "womens"]
    assert finding.tests["adjusted_p_value"].iloc[0] < 1e-18
    assert "The effect of Womens E-Mail differs by womens, beyond chance (p < 0.001)." in words_of(finding)
