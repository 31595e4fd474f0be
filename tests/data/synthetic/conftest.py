"""The demo's customers and what they do, drawn once, as numbers in memory."""

import pandas as pd
import pytest

from helpers.data.synthetic import people as crowd
from helpers.data.synthetic import purchases, service


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    return crowd.customers()


@pytest.fixture(scope="session")
def placed(people) -> pd.DataFrame:
    return purchases.orders(people)


@pytest.fixture(scope="session")
def asked(placed) -> pd.DataFrame:
    return service.tickets(placed)
