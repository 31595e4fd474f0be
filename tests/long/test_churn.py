"""All answers about contracts together, as tests/analyses/test_churn.py asks them about silences."""

from __future__ import annotations

from analyses.test_churn import check_every_finding_speaks_draws_and_tabulates_columns_that_are_declared


def test_every_finding_speaks_draws_and_tabulates_columns_that_are_declared(demo):
    check_every_finding_speaks_draws_and_tabulates_columns_that_are_declared(demo, "contract")
