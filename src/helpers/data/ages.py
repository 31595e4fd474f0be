"""Age bands, the same on every page."""

from __future__ import annotations

import datetime as dt

import pandas as pd

EDGES = (0, 18, 25, 35, 45, 55, 65, 200)
BANDS = ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over")


def age_bands(birth_year: pd.Series, as_of: dt.date) -> pd.Series:
    """The band of the age reached in the year of `as_of`; missing where the year of birth is."""
    return pd.cut(as_of.year - birth_year.astype("float64"), EDGES, right=False, labels=BANDS)
