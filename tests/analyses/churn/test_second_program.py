"""The second opinion: the same on the demo, with late entries, days of 0 and repeated stays; and planted faults."""

from __future__ import annotations

from dataclasses import replace

import lifelines
import numpy as np
import pandas as pd
from lifelines.exceptions import ConvergenceError

from answers import words_of
from helpers.analyses.churn.drivers import hazards as hazards_module
from helpers.analyses.churn.drivers import samples
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.second_program import second_opinion
from helpers.findings import NotApplicable
from helpers.statistics import survival
from helpers.statistics.hazards import cox, fit_cox, partial_likelihood


def differing(opinion):
    return set(opinion.table.loc[~opinion.table["agrees"], "result"])


def test_another_program_says_the_same_of_the_demo(contracts, hazards):
    opinion = second_opinion(contracts, hazards)
    assert opinion.table["agrees"].all() and opinion.table["result"].tolist() == ["curve", "ratios", "errors"]
    assert opinion.table["compared"].tolist()[1:] == [len(hazards.table)] * 2
    assert words_of(opinion) == (
        "A second, independent program finds the same. The curve of lifelines is the same within 0.001 points. "
        "Its hazard ratios and standard errors are the same within 0.001%."
    )


def test_late_entries_and_stays_of_no_day_are_read_alike(late):
    assert (late.table["entry_days"] > 0).any() and (late.table["duration_days"] == 0).any()
    assert not differing(second_opinion(late, hazard_ratios(late)))


def test_a_curve_that_ends_before_others_are_watched_is_compared_as_far_as_it_is_told(contracts):
    """lifelines refuses a curve that falls to 0 while most customers are not watched yet."""
    early = {"duration_days": range(1, 31), "left": True, "entry_days": 0.0}
    late = {"duration_days": [2_000] * 70, "left": False, "entry_days": 1_000.0}
    parts = [pd.DataFrame(part) for part in (early, late)]
    table = pd.concat(parts, ignore_index=True).assign(customer_id=lambda rows: rows.index.astype(str))
    opinion = second_opinion(replace(contracts, table=table), NotApplicable("no ratios."))
    assert opinion.table[["compared", "agrees"]].to_numpy().tolist() == [[11, True]]  # until fewer than 20 are left
    nobody = table[table["entry_days"].gt(0) | table["duration_days"].eq(30)]
    assert isinstance(second_opinion(replace(contracts, table=nobody), NotApplicable("no ratios.")), NotApplicable)


def test_who_stays_twice_is_compared_without_regard_to_it(whole):
    table = whole.table.assign(customer_id=whole.table["customer_id"].where(whole.table.index % 3 > 0, "again"))
    twice = replace(whole, table=table)
    assert not differing(second_opinion(twice, hazard_ratios(twice)))


def test_of_many_stays_a_sample_is_fitted_and_said(monkeypatch, contracts, hazards):
    monkeypatch.setattr(samples, "MOST_STAYS", 1_000)
    opinion = second_opinion(contracts, hazards)
    assert not differing(opinion)
    assert words_of(opinion).endswith(f" Fitted to 1,000 of {len(contracts.table):,} stays, at random.")


def test_without_ratios_the_curve_alone_is_compared(contracts, hazards):
    for given in (NotApplicable("no column."), replace(hazards, separated=True)):
        opinion = second_opinion(contracts, given)
        assert opinion.table["result"].tolist() == ["curve"]
        assert "Ratios were not compared" in words_of(opinion)
    assert isinstance(second_opinion(NotApplicable("nothing."), hazards), NotApplicable)


def test_no_answer_of_the_other_program_is_a_warning(monkeypatch, contracts, hazards):
    def fails(self, *args, **named):
        raise ConvergenceError("no maximum")

    monkeypatch.setattr(lifelines.CoxPHFitter, "fit", fails)
    opinion = second_opinion(contracts, hazards)
    assert differing(opinion) == {"ratios", "errors"}
    assert words_of(opinion).startswith("Warning: ") and "lifelines has no answer where" in words_of(opinion)


def test_the_figure_has_both_curves(contracts, hazards):
    ax = second_opinion(contracts, hazards).plot()
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"this report", "lifelines"}


# Faults planted in our programs


def test_a_wrong_sign_in_the_term_of_ties_shows(monkeypatch, contracts):
    def design(*args, **named):
        right = partial_likelihood.design(*args, **named)
        return replace(right, removed=-right.removed)

    monkeypatch.setattr(cox, "design", design)
    opinion = second_opinion(contracts, hazard_ratios(contracts))
    assert "ratios" in differing(opinion)
    assert words_of(opinion).startswith("Warning: ") and "lifelines differs by up to " in words_of(opinion)


def test_an_entry_that_is_dropped_shows(monkeypatch, late):
    monkeypatch.setattr(hazards_module, "fit_cox", lambda *args, entry, **named: fit_cox(*args, **named))
    assert differing(second_opinion(late, hazard_ratios(late))) == {"ratios", "errors"}


def test_a_wrong_standard_error_shows(contracts, hazards):
    maximum = replace(hazards.fit.maximum, covariance=hazards.fit.maximum.covariance * 1.01)
    wrong = replace(hazards, fit=replace(hazards.fit, maximum=maximum))
    assert differing(second_opinion(contracts, wrong)) == {"errors"}


def test_a_curve_that_is_moved_by_a_day_shows(monkeypatch, contracts, hazards):
    right = survival.kaplan_meier

    def moved(durations, *args, **named):
        return right(np.asarray(durations) + 1, *args, **named)

    monkeypatch.setattr(survival, "kaplan_meier", moved)
    opinion = second_opinion(contracts, hazards)
    assert differing(opinion) == {"curve"}
    assert "share still there (Kaplan–Meier)" in words_of(opinion)
