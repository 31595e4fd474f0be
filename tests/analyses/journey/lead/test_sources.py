"""How many leads of each source become customers, beside the share so far, by which new sources lose."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.lead.sources import LeadConversion, lead_conversion
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from shops import shop


def asked_of(shares: dict[str, float], ages: dict[str, int] | None = None, size: int = 500, seed: int = 1):
    """The conversion of so many leads a source, of whom a share converts after 30 days in the mean."""
    rng = np.random.default_rng(seed)
    source = np.repeat(list(shares), size)
    age = np.array([(ages or {}).get(each, 600) for each in source]) * rng.random(len(source))
    wait = np.where(
        rng.random(len(source)) < np.array([shares[each] for each in source]), rng.exponential(30, len(source)), np.inf
    )
    created = pd.Timestamp("2025-07-01") - pd.to_timedelta(age * 86_400, unit="s").round("s")
    at = created + pd.to_timedelta(np.minimum(wait, 9_999) * 86_400, unit="s").round("s")
    rows = pd.DataFrame({"lead_id": range(len(source)), "source": source, "created_at": created,
                         "converted_at": at.where(wait <= age), "customer_id": np.where(wait <= age, "c", None)})  # fmt: skip
    return lead_conversion(shop(leads=rows)), rows


def test_a_new_source_that_converts_as_others_do_is_no_worse_though_its_share_so_far_is():
    found, rows = asked_of({"web": 0.3, "fair": 0.3, "live": 0.3}, {"live": 45})
    naive = rows.groupby("source")["converted_at"].count() / 500
    assert naive["live"] < naive["web"] - 0.1
    table = found.table.set_index("source")
    assert table.loc["live", "convert_30d_rate"] == pytest.approx(table.loc["web", "convert_30d_rate"], abs=0.08)
    assert np.isnan(table.loc["live", "convert_90d_rate"])  # nobody was seen for so long
    assert "no evidence that sources differ" in str(found.headline())


def test_a_source_that_converts_more_often_is_told_with_its_interval():
    found, _ = asked_of({"web": 0.25, "fair": 0.25, "referral": 0.5})
    row = found.table.set_index("source").loc["referral"]
    truth = 0.5 * (1 - np.exp(-3))
    assert row["lower"] < truth < row["upper"]
    assert row["half_days"] == pytest.approx(-30 * np.log(1 - (1 - np.exp(-3)) / 2), abs=5)
    assert str(found.headline()).startswith("Leads from “referral” become customers more often: ")
    assert "open ones count for as long as they were seen" in words_of(found)
    less, _ = asked_of({"web": 0.4, "fair": 0.4, "cold": 0.1})
    assert str(less.headline()).startswith("Leads from “cold” become customers less often: ")
    assert found.plot().has_data()
    plt.close("all")


def test_shares_of_leads_that_were_all_seen_long_enough_are_those_counted_one_by_one():
    found, rows = asked_of({"web": 0.3, "fair": 0.5})
    old = rows[rows["created_at"] < pd.Timestamp("2025-07-01") - pd.Timedelta(days=90)]
    late = lead_conversion(shop(leads=old)).table.set_index("source")
    soon = (old["converted_at"] - old["created_at"]) <= pd.Timedelta(days=90)
    for name, share in soon.groupby(old["source"]).mean().items():
        assert late.loc[name, "convert_90d_rate"] == pytest.approx(share)
    assert isinstance(found, LeadConversion)


def test_small_sources_are_one_and_short_histories_are_told_for_30_days():
    many = {"web": 0.3, **{f"list {n}": 0.3 for n in range(12)}}
    found, _ = asked_of(many, size=40)
    assert len(found.table) <= 8 and "(small groups)" in found.table["source"].tolist()
    young, _ = asked_of({"web": 0.6, "fair": 0.2}, {"web": 60, "fair": 60})
    assert young.within == 30 and "within 30 days" in str(young.headline())


def test_it_says_what_is_missing():
    assert "export them with source and day" in words_of(
        lead_conversion(shop(orders={"customer_id": ["a"], "days_ago": [1]}))
    )
    open_ones = pd.DataFrame({"lead_id": range(50), "days_ago": range(50), "source": "web"})
    assert "export the converted ones too" in words_of(lead_conversion(shop(leads=open_ones)))
    undated = open_ones.assign(customer_id="c")
    assert isinstance(lead_conversion(shop(leads=undated)), NotApplicable)


def test_the_demo_shows_what_was_planted(demo):
    table = lead_conversion(demo).table.set_index("source")
    for source in ("官网", "展会", "转介绍"):
        truth = TRUTH.lead_rates[source] * (1 - np.exp(-3))
        assert table.loc[source, "lower"] < truth < table.loc[source, "upper"]
    assert table.loc["直播", "so_far_share"] < 0.6 * table.loc["官网", "so_far_share"]
    assert table.loc["直播", "convert_30d_rate"] == pytest.approx(0.25 * (1 - np.exp(-1)), abs=0.05)
    assert table["adjusted_p_value"].idxmin() == "转介绍"
