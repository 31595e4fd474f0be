"""Data sets that several rooms of segmentation ask for, made or opened once a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.keeping.labels import Labels, labelled, segment_plan
from helpers.data.datasets import Dataset
from helpers.findings import Finding, Kind, NotApplicable
from helpers.findings.columns import Column, declared
from helpers.findings.drawing import charts
from shops import AS_OF, shop


@pytest.fixture(scope="session")
def random_orders() -> pd.DataFrame:
    """Orders of 200 customers, and a cancelled one of another."""
    rng = np.random.default_rng(5)
    rows = [
        (f"c{customer}", day, round(float(rng.lognormal(3, 1)), 2), False)
        for customer in range(200)
        for day in rng.integers(0, 400, rng.geometric(0.4))
    ]
    columns = ["customer_id", "days_ago", "amount", "cancelled"]
    orders = pd.DataFrame([*rows, ("x", 3, 50.0, True)], columns=columns)
    return orders.assign(order_id=[f"o{place}" for place in range(len(orders))])


@pytest.fixture(scope="session")
def members() -> pd.DataFrame:
    """The 201 customers of these orders, and nine who only registered."""
    return pd.DataFrame({"customer_id": [*(f"c{n}" for n in range(200)), "x", *(f"r{n}" for n in range(9))]})


@pytest.fixture(scope="session")
def regulars(random_orders, members) -> Dataset:
    """200 customers who ordered, one who cancelled, nine who only registered."""
    return shop(orders=random_orders, customers=members)


@pytest.fixture(scope="session")
def labels(regulars) -> Labels:
    """Their usual labels, without clusters, which are tested in a room of their own."""
    return labelled(regulars, segment_plan(), NotApplicable("not asked for"))


def growing(rng: np.random.Generator, customers: int = 500) -> pd.DataFrame:
    """Orders of customers who joined over 400 days and spend ever more, each at a rate and an amount of their own."""
    joined, repeats = rng.integers(0, 400, customers), rng.gamma(0.8, 1 / 30, customers)
    amount, rows = rng.lognormal(3, 0.8, customers), []
    for place, start in enumerate(joined):
        for days_ago in [start, *rng.integers(0, start + 1, rng.poisson(repeats[place] * start))]:
            paid = amount[place] * rng.gamma(3, 1 / 3) * (1_200 - days_ago) / 800
            rows.append((f"o{len(rows)}", f"c{place}", days_ago, round(paid, 2)))
    return pd.DataFrame(rows, columns=["order_id", "customer_id", "days_ago", "amount"])


@pytest.fixture(scope="session")
def two_days() -> tuple[Dataset, Dataset]:
    """A shop of such customers as of two days, three months apart."""
    orders = growing(np.random.default_rng(5))
    return tuple(shop(orders=orders, as_of=AS_OF - dt.timedelta(days=days)) for days in (91, 0))


@pytest.fixture(scope="session")
def shows_itself() -> Callable[[Finding], bool]:
    """A function that says whether a finding is shown; LookupError where it holds a column or code nobody declared."""

    charts.style()

    def shown(finding: Finding) -> bool:
        for frame, columns in ((finding.table, finding.columns), (finding.summary(), finding.shown or finding.columns)):
            for name in frame:
                _check_codes(declared(columns, name), frame[name])
        markup = finding._repr_mimebundle_()[0]["text/html"]
        return words_of(finding).endswith(".") and "<table" in markup

    return shown


def _check_codes(column: Column, values: pd.Series) -> None:
    strangers = set(values.dropna()) - set(column.words) if column.kind is Kind.CODE else set()
    if strangers:
        raise LookupError(f"{column} = {strangers}: no words stand for them.")
