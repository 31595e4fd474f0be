"""Messages and what followed: beside slow loops, statsmodels and the power module."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.message.campaigns import ALL_DAY, response_times, responses
from helpers.analyses.journey.message.pressure import fatigue, opt_outs, slope
from helpers.analyses.journey.message.sent import messages
from helpers.analyses.journey.next_test import proof
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Settings
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.designs import sample_sizes

AS_OF, NIGHT = dt.date(2025, 6, 30), pd.Timestamp("2025-07-01")
DAYS = 5


def dataset(customers: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Dataset:
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={},
        experiments={},
        notebooks={},
    )
    found = {name: ibis.memtable(table) for name, table in tables.items()}
    data = Dataset("t", AS_OF, settings, found, pd.DataFrame(), Path(), (), Path())
    data.__dict__["customers"] = pd.DataFrame() if customers is None else customers
    return data


@pytest.fixture(scope="module")
def touches() -> pd.DataFrame:
    """Two thousand messages to 400 customers over half a year, on whole hours; busier customers open more."""
    rng = np.random.default_rng(5)
    customer = np.minimum(rng.geometric(0.01, 2000), 400)
    sent = NIGHT - pd.to_timedelta(rng.integers(0, 180 * 24, 2000) + 1, unit="h")
    opened = rng.random(2000) < np.where(customer < 50, 0.5, 0.25)
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in customer],
            "touched_at": sent,
            "campaign": rng.choice(["spring", "summer", "odd"], 2000, p=[0.6, 0.399, 0.001]),
            "channel": rng.choice(["sms", "mail"], 2000),
            "opened_at": sent.where(opened),
            "clicked_at": sent.where(opened & (rng.random(2000) < 0.4)),
        }
    )


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    at = NIGHT - pd.to_timedelta(rng.integers(0, 200 * 24, 1500) + 1, unit="h")
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in rng.integers(1, 401, 1500)],
            "ordered_at": at,
            "cancelled": rng.random(1500) < 0.2,
        }
    )


@pytest.fixture(scope="module")
def sent(touches, orders):
    return messages(dataset(touches=touches, orders=orders), DAYS)


@pytest.fixture(scope="module")
def slow(touches, orders) -> pd.DataFrame:
    """Every message that can be followed, one after the other."""
    own = {
        customer: rows["ordered_at"].tolist() for customer, rows in orders[~orders["cancelled"]].groupby("customer_id")
    }
    others = {customer: rows["touched_at"].tolist() for customer, rows in touches.groupby("customer_id")}
    window, month = pd.Timedelta(days=DAYS), pd.Timedelta(days=30)
    first, lines = touches["touched_at"].min(), []
    for row in touches.itertuples():
        at, bought = row.touched_at, own.get(row.customer_id, [])
        if at + window >= NIGHT:
            continue
        near = sum(at - month <= each <= at for each in others[row.customer_id]) - 1
        lines.append(
            {
                "customer_id": row.customer_id,
                "campaign": row.campaign,
                "channel": row.channel,
                "sent_at": at,
                "opened": row.opened_at is not pd.NaT,
                "clicked": row.clicked_at is not pd.NaT,
                "ordered": any(at <= each <= at + window for each in bought),
                "ordered_before": any(at - window <= each < at for each in bought),
                "contacts": near if at >= first + month else np.nan,
            }
        )
    return pd.DataFrame(lines)


def sorted_rows(table: pd.DataFrame) -> list[tuple]:
    return sorted(
        table[
            [
                "customer_id",
                "sent_at",
                "campaign",
                "channel",
                "opened",
                "clicked",
                "ordered",
                "ordered_before",
                "contacts",
            ]
        ]
        .fillna({"contacts": -1})
        .itertuples(index=False, name=None)
    )


def test_what_followed_each_message_agrees_with_a_slow_loop(sent, slow):
    assert sorted_rows(sent.rows.execute()) == sorted_rows(slow)
    assert sent.responses == ("opened", "clicked", "ordered")
    assert 0 < slow["ordered"].mean() < 1 and slow["contacts"].max() > 6 and slow["contacts"].isna().any()


def test_campaigns_can_be_left_out_but_still_count_as_contacts(touches, orders, slow):
    found = messages(dataset(touches=touches, orders=orders), DAYS, ["summer"])
    assert sorted_rows(found.rows.execute()) == sorted_rows(slow[slow["campaign"] != "summer"])
    with pytest.raises(ValueError, match="without = 'sumer': no message is of that campaign"):
        messages(dataset(touches=touches, orders=orders), DAYS, ["sumer"])
    with pytest.raises(ValueError, match="without = 'summer': a list"):
        messages(dataset(touches=touches, orders=orders), DAYS, "summer")


def test_responses_by_campaign_count_messages_and_fold_small_groups(sent, slow):
    found = responses(sent, "campaign").summary().set_index("campaign")
    assert list(found.index) == ["spring", "summer"]  # the odd one has fewer than five customers
    for name, rows in slow[slow["campaign"] != "odd"].groupby("campaign"):
        line = found.loc[name]
        assert line["messages"] == len(rows)
        for outcome in ("opened", "clicked", "ordered", "ordered_before"):
            assert line[f"{outcome}_rate"] == pytest.approx(rows[outcome].mean())
        assert line["lower"] < line["ordered_rate"] < line["upper"]
    channels = responses(sent, "channel")
    people = channels.cells[channels.cells["outcome"] == "opened"].set_index("group")["customers"].to_dict()
    assert people == slow.groupby("channel")["customer_id"].nunique().to_dict()
    assert SMALL_GROUPS not in set(channels.cells["group"])
    with pytest.raises(ValueError, match="by = 'content'"):
        responses(sent, "content")


def test_the_headline_of_responses_names_both_ends_and_who_ordered_anyway(sent):
    said = responses(sent, "channel").headline()
    assert "messages were followed by an order within 5 days most often for" in said
    assert "no evidence of a difference" in said and "had ordered anyway" in said


def test_response_times_are_the_shares_of_three_hours_of_a_weekday(sent, slow):
    found = response_times(sent, "opened").cells
    at = slow["sent_at"]
    assert len(found) == 56
    for row in found.itertuples():
        first = int(row.hours[:2])
        own = slow[(at.dt.day_name() == row.weekday) & at.dt.hour.between(first, first + 2)]
        assert (row.messages, row.share) == (len(own), pytest.approx(own["opened"].mean()))
    drawn = response_times(sent).plot()
    assert [text.get_text() for text in drawn.get_yticklabels()][0] == "Monday"
    assert [text.get_text() for text in drawn.get_xticklabels()][:2] == ["00–03", "03–06"]
    plt.close("all")
    with pytest.raises(ValueError, match="response = 'read'"):
        response_times(sent, "read")


def test_messages_without_a_time_of_day_are_compared_by_weekday(touches, orders):
    days = touches.assign(touched_at=touches["touched_at"].dt.normalize())
    found = response_times(messages(dataset(touches=days, orders=orders), DAYS))
    assert set(found.cells["hours"]) == {ALL_DAY} and len(found.cells) == 7
    assert " h (" not in found.headline() and "days (" in found.headline()


def test_fatigue_counts_by_contacts_and_its_slope_is_clustered(sent, slow):
    """The slope beside statsmodels' least squares with errors clustered by customer."""
    import statsmodels.api as sm

    known = slow.dropna(subset="contacts").assign(contacts=lambda table: table["contacts"].clip(upper=6))
    found = fatigue(sent)
    for row in found.cells[found.cells["outcome"] == "opened"].itertuples():
        own = known[known["contacts"] == row.contacts]
        assert (row.rows, row.share) == (len(own), pytest.approx(own["opened"].mean()))
    groups = known["customer_id"].astype("category").cat.codes
    line = sm.OLS(known["opened"].astype(float), sm.add_constant(known["contacts"])).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    told = found.trend.set_index(["response", "compared"]).loc[("opened", "over all messages")]
    many = groups.nunique()
    assert told["change_rate"] == pytest.approx(line.params["contacts"])
    error = line.bse["contacts"] * np.sqrt(many / (many - 1))
    assert told["upper"] - told["change_rate"] == pytest.approx(1.959964 * error, rel=1e-3)
    inside = known.groupby("customer_id")[["contacts"]].transform("mean")["contacts"]
    within = np.polyfit(
        known["contacts"] - inside, known["opened"] - known["opened"].groupby(known["customer_id"]).transform("mean"), 1
    )[0]
    told = found.trend.set_index(["response", "compared"]).loc[("opened", "within the same customer")]
    assert told["change_rate"] == pytest.approx(within)


def test_busy_customers_who_open_more_are_no_fatigue_within_the_same_customer(sent):
    """Customers of many messages open twice as often by their nature; nobody's own share depends on the number."""
    trend = fatigue(sent).trend
    opened = trend[trend["response"] == "opened"].set_index("compared")
    assert opened.loc["over all messages", "adjusted_p_value"] < 0.05 < opened["adjusted_p_value"].iloc[1]
    said = fatigue(sent).headline()
    assert "the share opened rises by" in said and "was not drawn by lot" in said and "because" not in said


def test_a_slope_needs_what_varies():
    rows = ibis.memtable(
        pd.DataFrame({"customer_id": ["a", "b", "c"], "contacts": [1, 1, 1], "opened": [True, False, True]})
    )
    assert np.isnan(slope(rows, "opened")["change_rate"])


def test_opt_outs_are_shares_of_customers_by_messages():
    people = pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(40)], "opted_out": [True] * 6 + [False] * 32 + [None] * 2}
    )
    got = [0] * 10 + [1] * 10 + [4] * 16 + [12] * 4
    touches = pd.DataFrame({"customer_id": np.repeat(people["customer_id"], got)}).assign(touched_at=NIGHT)
    found = opt_outs(dataset(people, touches=touches))
    assert found.table[["messages", "customers", "opted_out_share"]].to_numpy().tolist() == [
        ["0", 10, 0.6],
        ["1", 10, 0.0],
        ["3 to 5", 16, 0.0],
    ]  # of the four with twelve messages two are not known, and two are too few
    assert "60.0%" in found.headline() and "who got no message" in found.headline()
    assert "does not say" in opt_outs(dataset(people.drop(columns="opted_out"), touches=touches)).headline()
    assert "no touches" in opt_outs(dataset(people)).headline()


def test_the_proof_is_sized_by_the_power_module(sent, slow):
    by = {name: responses(sent, name) for name in ("campaign", "channel")}
    found = proof(sent, by["campaign"], by["channel"], fatigue(sent))
    line = found.table.iloc[0]
    shown = slow[slow["campaign"] != "odd"]
    base, after = shown["ordered_before"].mean(), shown["ordered"].mean()
    assert line["question"] == "hold the message back"
    assert line[["base_rate", "difference_rate"]].tolist() == pytest.approx([base, after - base])
    assert line["customers_an_arm"] == np.ceil(sample_sizes.sample_size(after - base, rate=base))
    end = NIGHT - pd.Timedelta(days=DAYS)
    pace = slow.loc[slow["sent_at"] >= end - pd.Timedelta(days=91), "customer_id"].nunique() / 91
    days = sample_sizes.days_to_run(2 * line["customers_an_arm"], pace)
    assert line["days"] == (days if days <= 730 else np.inf)
    assert line["least_in_91_days_rate"] == pytest.approx(sample_sizes.minimum_effect(pace * 91 / 2, rate=base))
    assert "None of this is proof" in found.headline()


def test_what_is_missing_is_said(touches, orders):
    assert "no touches" in messages(dataset(orders=orders)).headline()
    late = touches[touches["touched_at"] > NIGHT - pd.Timedelta(days=3)]
    assert "older than 5 days" in messages(dataset(touches=late, orders=orders), DAYS).headline()
    silent = touches.assign(opened_at=pd.NaT, clicked_at=pd.NaT)
    silent = silent.astype({"opened_at": "datetime64[ns]", "clicked_at": "datetime64[ns]"})
    assert "no message was opened" in messages(dataset(touches=silent), DAYS).headline()
    only = messages(dataset(touches=silent, orders=orders), DAYS)
    assert only.responses == ("ordered",) and "opened_rate" not in responses(only).summary()
    none = NotApplicable("no.")
    assert all(
        each == none for each in (responses(none), response_times(none), fatigue(none), proof(none, none, none, none))
    )
