"""The demo shop as a whole."""

import numpy as np

from helpers.data.synthetic.clock import DAY, NEVER


def test_steps_fit_together(shop):
    assert len(shop.cents) == len(shop.bought.placed) and (shop.cents > 0).all()
    assert shop.items["order"].nunique() == len(shop.cents)
    assert shop.bought.placed["minute"].is_monotonic_increasing


def test_requests_and_calls_are_of_members_and_buyers(shop):
    members = shop.members.set_index("customer")
    calls = shop.planned[shop.planned["action"] == "save_call"]
    started, ended = (members[each].reindex(calls["customer"]).to_numpy() for each in ("started", "ended"))
    assert (started < calls["planned"]).all() and ((ended == NEVER) | (ended > calls["planned"])).all()
    done = (calls["done"] != NEVER).to_numpy()
    assert ((ended == NEVER) | (ended >= calls["done"] // DAY))[done].all()
    assert np.isin(calls["status"][~done], ["", "failed", "refused", "dropped"]).all()
