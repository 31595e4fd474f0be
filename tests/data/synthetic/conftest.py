"""The demo's customers and what they do, drawn once, as numbers in memory."""

import pandas as pd
import pytest

from helpers.data.synthetic import behaviour, service


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    return behaviour.customers()


@pytest.fixture(scope="session")
def placed(people) -> pd.DataFrame:
    return behaviour.orders(people)


@pytest.fixture(scope="session")
def asked(placed) -> pd.DataFrame:
    return service.tickets(placed)
