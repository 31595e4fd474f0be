"""What crosses the parts of engagement: every finding of the demo, and one count by three analyses."""

from __future__ import annotations

import html

import matplotlib.pyplot as plt
import pytest

from answers import words_of
from helpers.analyses.profiling.engagement.active_days import stickiness
from helpers.analyses.profiling.engagement.cohort_counts import Return
from helpers.analyses.profiling.engagement.comings_and_goings import lifecycle
from helpers.analyses.profiling.engagement.retention_rates import retention
from helpers.findings import Finding
from helpers.findings.columns import declared
from helpers.findings.tables import table


@pytest.fixture(scope="module")
def found(demo) -> list[Finding]:
    """Every finding of engagement on the demo."""
    answers = [retention(demo), retention(demo, by="channel"), lifecycle(demo), stickiness(demo)]
    answers += [retention(demo, interval="week", back=Return("bracket", (2, 5)), by="channel")]
    answers += [lifecycle(demo, "events", interval="day"), stickiness(demo, "tickets", interval="week")]
    return answers


def test_every_finding_of_the_demo_speaks_draws_and_shows_only_declared_columns(found):
    for finding in found:
        assert isinstance(finding, Finding) and words_of(finding).endswith(".")
        ax = finding.plot()
        assert ax.has_data() and len(finding.summary())
        plt.close(ax.figure)
        shown = finding.shown or finding.columns
        written = html.unescape(table(finding.summary(), shown))  # LookupError where one is not declared
        assert all(f">{declared(shown, name).above()}</th>" in written for name in finding.summary())
        assert all(declared(finding.columns, name).meaning for name in finding.table)


def test_retention_lifecycle_and_stickiness_count_the_same_customers(found):
    """New customers of a month are its cohort, and customer-months are the active of all months."""
    cohorts, _, stages, there, *_ = found
    sizes = cohorts.table[cohorts.table["interval"] == 0].set_index("cohort")["customers"]
    new = stages.table.set_index("interval_on")["new"]
    assert (new[sizes.dropna().index] == sizes.dropna()).all() and len(sizes) == 12
    assert (there.table["intervals_there"] * there.table["customers"]).sum() == stages.table["active"].sum()
