"""Experiments that settings declare and that the data do not have, or not yet."""

from __future__ import annotations

from helpers import parameters
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.language import _

TABLES = (contracts.EXPERIMENTS.name, contracts.EXPERIMENT_TOTALS.name)


def unmet(data: Dataset) -> list[str]:
    """A sentence for each experiment of which settings tell and no row does: nothing of it is on a page."""
    if not data.settings.experiments:
        return []
    tables = [data.tables[name] for name in TABLES if name in data.tables]
    there = {
        name for table in tables for name in table.select("experiment").distinct().execute()["experiment"].dropna()
    }
    words = _("experiments.{name}: the data have no such experiment, so its settings do nothing yet.{hint}")
    absent = sorted(data.settings.experiments.keys() - there)
    return [words.format(name=name, hint=parameters.nearest(name, there)) for name in absent]
