"""A cell names its customers where they are enough to be a group."""

import importlib
import pkgutil
from dataclasses import dataclass

import pandas as pd
import pytest

from helpers import analyses
from helpers.analyses import churn, feedback, journey, offers, value
from helpers.findings import DeclaredTable
from helpers.findings.privacy.members import Members


@dataclass(frozen=True)
class People(Members):
    table: pd.DataFrame


def people() -> People:
    return People(
        pd.DataFrame(
            {
                "customer_id": [f"c{place:02}" for place in range(30)],
                "tier": pd.Categorical(["Gold 金卡"] * 12 + ["Gold plus"] * 14 + ["Silver 银卡"] * 4),
                "left": [True, False] * 15,
                "began_on": pd.to_datetime(["2025-07-01", "2025-08-01", "2025-09-01"] * 10),
            }
        )
    )


@pytest.mark.parametrize(
    ("cell", "many"),
    [
        ({}, 30),
        ({"tier": "Gold plus"}, 14),
        ({"tier": "金"}, 12),
        ({"tier": "PLUS"}, 14),
        ({"tier": ["Gold plus", "银卡"]}, 18),
        ({"left": True}, 15),
        ({"tier": "Gold plus", "left": False}, 7),
        ({"began_on": "2025-07-01"}, 10),
        ({"began_on": pd.Timestamp("2025-07-01")}, 10),
    ],
)
def test_a_cell_has_its_customers(cell, many):
    ids = people().customers(**cell)
    assert len(ids) == many and ids.name == "customer_id" and ids.is_unique


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"tier": "银"}, "tier = '银': fewer than 5 customers, so none is named."),
        ({"tier": "Gold"}, "tier = 'Gold': several have it. Write one of Gold plus, Gold 金卡."),
        ({"tier": "Bronze"}, "tier = 'Bronze': there is none. Write one of"),
        ({"tear": "Gold"}, "tear = 'Gold': cells are told apart by tier, left, began_on."),
        ({"tier": None}, "tier = None: there is none."),
    ],
)
def test_what_names_nobody_or_too_few_is_told(cell, told):
    with pytest.raises(ValueError, match="=") as caught:
        people().customers(**cell)
    assert told in str(caught.value)


def test_who_stands_twice_in_a_cell_counts_once():
    twice = People(pd.concat([people().table.head(4)] * 2))
    with pytest.raises(ValueError, match="fewer than 5"):
        twice.customers(tier="Gold 金卡")


def test_answers_that_count_customers_of_the_demo_name_as_many_as_they_count(demo):
    """Cells of too few are blank in some tables, and nobody of them is named in any."""
    points, stays = journey.touchpoints(demo), churn.stays(demo)
    road = journey.funnel(points)
    values = value.lifetime_values(value.histories(demo), value.holdout(demo))
    told = {
        ("step",): points,
        ("group",): journey.funnel_by(road),
        ("dropped_after", "next"): journey.drops(road, points),
        ("path",): journey.before_second_order(points),
        ("cohort",): churn.cohorts(stays),
        ("feature",): churn.risk_reasons(churn.risk(stays, demo)),
        ("repetition",): feedback.repeat_complainers(demo),
        ("order_count",): offers.discount_buyers(demo),
        ("channel",): value.by_group(values, value.attribute_of(demo, "channel"), "channel"),
    }
    for columns, finding in told.items():
        counted = "buyers" if "buyers" in finding.table else "customers"
        rows = finding.table[finding.table[counted] >= 10].to_dict("records")
        named = [len(finding.customers(**{column: row[column] for column in columns})) for row in rows]
        assert len(rows) > 1 and named == [row[counted] for row in rows], finding


def every(kind: type) -> list[type]:
    return [each for part in kind.__subclasses__() for each in (part, *every(part))]


def test_every_answer_whose_table_names_customers_gives_them():
    for module in pkgutil.walk_packages(analyses.__path__, "helpers.analyses."):
        importlib.import_module(module.name)
    own = [each for each in every(DeclaredTable) if each.__module__.startswith("helpers.analyses.")]
    lists = [each for each in own if "customer_id" in map(str, each.columns)]
    assert len(lists) > 10
    assert [each.__name__ for each in lists if not issubclass(each, Members) and "customers" not in vars(each)] == []
