"""Age bands by the year of birth."""

import datetime as dt

import pandas as pd
import pytest

from helpers.data.ages import BANDS, age_bands


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [(2008, "under 18"), (2007, "18–24"), (2001, "18–24"), (2000, "25–34"), (1961, "55–64"), (1960, "65 and over")],
)
def test_the_age_is_the_one_reached_in_the_year(birth_year, band):
    for day in (dt.date(2025, 1, 1), dt.date(2025, 12, 31)):
        assert age_bands(pd.Series([birth_year]), day).tolist() == [band]


def test_a_year_of_birth_that_is_not_known_or_cannot_be_has_no_band():
    years = pd.Series([pd.NA, 2030, 1800], dtype="Int64")
    assert age_bands(years, dt.date(2025, 6, 30)).isna().all()


def test_bands_stand_in_the_order_of_ages_whatever_is_there():
    bands = age_bands(pd.Series([1950, 2020]), dt.date(2025, 6, 30))
    assert bands.cat.categories.tolist() == list(BANDS) and bands.cat.ordered
