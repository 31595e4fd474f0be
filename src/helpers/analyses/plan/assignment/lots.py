"""Who is held out by lot: of everything in a season, and of single actions once they are chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.data import privacy
from helpers.data.contracts import EVERYTHING
from helpers.data.datasets import Dataset
from helpers.statistics.designs import held_out

EPOCH = dt.date(2020, 1, 1)  # the first day of the first season


def season(plan_on: dt.date, season_days: int) -> str:
    """The season of a day, by its first day; all seasons are equally long."""
    return str(EPOCH + dt.timedelta(days=(plan_on - EPOCH).days // season_days * season_days))


def drawn(data: Dataset, family: str, customers: Iterable[str], share: float, plan_on: dt.date) -> np.ndarray:
    """Whether each customer is held out of a family's actions in the season of `plan_on`: by this folder's own key."""
    named = season(plan_on, data.settings.plan.season_days)
    return held_out(privacy.own_key(privacy.KEY_FILE), named, family, customers, share)


def kept_out(data: Dataset, customers: pd.Index, plan_on: dt.date) -> pd.Index:
    """The customers whom no action reaches in the season of `plan_on`."""
    return customers[drawn(data, EVERYTHING, customers, data.settings.plan.global_holdout, plan_on)]
