"""Files of what was done, said and planned."""

import io

import pandas as pd
import pytest

from helpers.data import contracts
from helpers.data.synthetic.files import contact_files
from helpers.data.synthetic.truth import TRUTH


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def planned(shop) -> pd.DataFrame:
    return table(contact_files.planned_actions(shop))


def test_each_planned_action_has_a_key_and_the_global_holdout_is_among_them(shop, planned):
    assert planned["action_key"].is_unique and planned["action_key"].str.fullmatch("[0-9a-f]{16}").all()
    everything = planned["action"] == contracts.EVERYTHING
    assert set(planned["arm"][everything]) == {"holdout"} and everything.sum() > 150
    assert not set(planned["customer_id"][everything]) & set(planned["customer_id"][~everything])
    assert set(planned["action"][~everything]) == set(TRUTH.actions)


def test_results_and_touches_are_of_actions_that_were_to_be_carried_out(shop, planned):
    results, sent = table(contact_files.action_results(shop)), table(contact_files.touches(shop))
    treated = planned[planned["arm"] == "treat"]
    assert set(results["action_key"]) == set(treated["action_key"])
    done = results[results["status"] == "done"]
    assert (done["done_at"] >= done["planned_at"]).all() and not results["done_at"][results["status"] != "done"].any()
    assert set(sent["Action Key"]) - {""} == set(done["action_key"])
    assert set(sent["Purpose"]) == {"marketing", "survey", "service"}
