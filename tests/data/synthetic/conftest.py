"""The demo drawn once, as numbers in memory."""

import pandas as pd
import pytest

from helpers.data.synthetic import shop as the_shop


@pytest.fixture(scope="session")
def shop() -> the_shop.Shop:
    return the_shop.drawn()


@pytest.fixture(scope="session")
def people(shop) -> pd.DataFrame:
    return shop.people


@pytest.fixture(scope="session")
def placed(shop) -> pd.DataFrame:
    return shop.bought.placed


@pytest.fixture(scope="session")
def asked(shop) -> pd.DataFrame:
    return shop.asked
