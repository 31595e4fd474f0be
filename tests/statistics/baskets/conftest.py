"""The grocer's month of arules, which is public data and may be absent."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.statistics.baskets import incidence
from shops import SHARED

GROCERIES = SHARED / "groceries/groceries.csv.gz"


@pytest.fixture(scope="package")
def groceries():
    """Baskets × goods, and the goods' names."""
    if not GROCERIES.exists():
        pytest.skip("needs ../shared/data/groceries")
    lines = pd.read_csv(GROCERIES)
    good, names = pd.factorize(lines["good"], sort=True)
    return incidence(pd.factorize(lines["basket"])[0], good), list(names)
