from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import segmentation
from helpers.analyses.segmentation_clusters import cluster_names
from helpers.analyses.segmentation_groups import NO_ORDER, Groups, profile
from helpers.analyses.segmentation_lifecycle import order_gaps
from helpers.analyses.segmentation_rfm import OTHERS, named
from helpers.data import datasets
from helpers.data.privacy import SMALL_GROUPS
from helpers.reports.findings import NotApplicable

AS_OF = dt.date(2025, 6, 30)
TOML = 'currency = "CNY"\n[tables.orders]\nfile = "orders.csv"\n'
WITH_CUSTOMERS = TOML + '[tables.customers]\nfile = "customers.csv"\n'


def ago(days: int) -> str:
    return str(AS_OF - dt.timedelta(days=int(days)))


def opened(folder, rows, customers=None, toml=""):
    """A data set of orders (customer, days before AS_OF, amount[, cancelled]), and of customers where given."""
    folder.mkdir()
    orders = pd.DataFrame([(*row, False)[:4] for row in rows], columns=["customer_id", "days", "amount", "cancelled"])
    orders["ordered_at"] = orders.pop("days").map(ago)
    orders.assign(order_id=[f"o{place}" for place in range(len(orders))]).to_csv(folder / "orders.csv", index=False)
    if customers is not None:
        customers.to_csv(folder / "customers.csv", index=False)
    (folder / "dataset.toml").write_text((TOML if customers is None else WITH_CUSTOMERS) + toml, encoding="utf-8")
    return datasets.open(folder, AS_OF, prepared=folder.parent / "prepared")


def random_orders() -> list[tuple]:
    rng = np.random.default_rng(5)
    return [
        (f"c{customer}", day, round(float(rng.lognormal(3, 1)), 2))
        for customer in range(200) for day in rng.integers(0, 400, rng.geometric(0.4))
    ]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """200 customers who ordered, one who cancelled, nine who only registered."""
    members = pd.DataFrame({"customer_id": [*(f"c{n}" for n in range(200)), "x", *(f"r{n}" for n in range(9))]})
    return opened(tmp_path_factory.mktemp("shop") / "shop", [*random_orders(), ("x", 3, 50, True)], members)


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    """Customer k of 1 … 20 ordered once, k days ago, for k × 100."""
    return opened(tmp_path_factory.mktemp("twenty") / "twenty", [(f"c{k}", k, 100 * k) for k in range(1, 21)])


def groupings(data) -> list:
    rfm = segmentation.scores(data)
    return [segmentation.segments(data, rfm), segmentation.tiers(data), segmentation.stages(data),
            segmentation.clusters(data, segmentation.cluster_count(data))]


def test_scores_follow_r_rfm_on_a_case_by_hand(twenty):
    """Type 7 quantiles of 1 … 20 are 1 + 19p: 4.8, 8.6, 12.4, 16.2; R's rfm scores by value < quantile + 1."""
    rfm = segmentation.scores(twenty)
    assert rfm.cuts.recency == pytest.approx((5.8, 9.6, 13.4, 17.2))
    by_recency = rfm.customers["r_score"].reindex([f"c{k}" for k in range(1, 21)])
    assert by_recency.tolist() == [5] * 5 + [4] * 4 + [3] * 4 + [2] * 4 + [1] * 3
    assert rfm.cuts.monetary == pytest.approx((481, 861, 1241, 1621))
    by_money = rfm.customers["m_score"].reindex([f"c{k}" for k in range(1, 21)])
    assert by_money.tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4


def test_buyers_of_one_order_all_get_the_same_frequency_score(twenty):
    rfm = segmentation.scores(twenty)
    assert rfm.customers["f_score"].unique().tolist() == [1]
    assert rfm.effective_bins() == {"recency": 5, "frequency": 1, "monetary": 5}
    assert "frequency 1 of 5" in rfm.headline() and "100% of the buyers share frequency score 1" in rfm.headline()


def test_customers_with_equal_values_get_equal_labels(shop):
    rfm = segmentation.scores(shop)
    known = shop.customers[shop.customers["orders"] > 0].set_index("customer_id").join(rfm.customers)
    for value, score in (("recency_days", "r_score"), ("orders", "f_score"), ("monetary", "m_score")):
        assert (known.groupby(value)[score].nunique() == 1).all()
    tier = segmentation.tiers(shop, cuts=[10, 40, 90, 200]).labels.reindex(known.index)
    assert (tier.groupby(known["monetary"]).nunique() == 1).all()


def test_the_bands_hold_exactly_the_customers_whose_values_they_promise(shop):
    known = shop.customers[shop.customers["orders"] > 0]
    columns = {"recency": "recency_days", "frequency": "orders", "monetary": "monetary"}
    for band in segmentation.scores(shop).summary().itertuples():
        value = known[columns[band.dimension]]
        inside = (np.isnan(band.at_least) | (value >= band.at_least)) & (np.isnan(band.below) | (value < band.below))
        assert inside.sum() == band.customers


def test_given_cuts_are_used_as_they_are(twenty):
    rfm = segmentation.scores(twenty, cuts=segmentation.RfmCuts(recency=(8, 15)))
    assert rfm.customers["r_score"].value_counts().to_dict() == {3: 7, 2: 7, 1: 6}
    assert rfm.cuts.recency == (8, 15) and len(rfm.cuts.monetary) == 4


def test_the_rules_name_every_cell_and_the_first_that_fits_wins():
    cells = pd.DataFrame(itertools.product(range(1, 6), repeat=3), columns=["r_score", "f_score", "m_score"])
    cuts = segmentation.RfmCuts((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))
    names = named(cells, cuts)
    assert OTHERS not in set(names) and set(names) == set(segmentation.SEGMENTS)
    assert names[(cells == 5).all(axis="columns")].tolist() == ["Champions 重要价值客户"]  # Loyal fits as well
    only_champions = dict(list(segmentation.SEGMENTS.items())[:1])
    assert named(cells, cuts, only_champions).value_counts().to_dict() == {OTHERS: 117, "Champions 重要价值客户": 8}


@pytest.mark.parametrize("bins", [2, 3, 4, 10])
def test_scales_of_other_lengths_reach_both_ends_of_the_rules(bins):
    cuts = segmentation.RfmCuts(*[tuple(range(1, bins))] * 3)
    ends = pd.DataFrame({column: [1, bins] for column in ("r_score", "f_score", "m_score")})
    assert named(ends, cuts).tolist() == ["Hibernating 一般挽留客户", "Champions 重要价值客户"]


def test_every_customer_gets_one_segment_tier_stage_and_cluster(shop):
    table = segmentation.table(shop, segmentation.scores(shop), *groupings(shop))
    assert list(table) == ["customer_id", "r_score", "f_score", "m_score", "segment", "tier", "stage", "cluster"]
    assert table["customer_id"].tolist() == sorted(shop.customers["customer_id"]) and table["customer_id"].is_unique
    assert table[["segment", "tier", "stage", "cluster"]].notna().all(axis=None)
    idle = table[table["r_score"].isna()]
    assert len(idle) == 10 and "x" in set(idle["customer_id"])
    assert set(idle["segment"]) == {NO_ORDER} and set(idle["stage"]) == {"Potential 潜在客户"}
    assert set(idle["tier"]) == {segmentation.TIERS[0]}


def test_sizes_revenue_and_shares_are_those_of_the_group(shop):
    for found in groupings(shop):
        summary = found.profile
        sizes = found.labels.value_counts()
        assert sizes.sum() == len(shop.customers)
        assert summary["customers"].sum() == sizes[sizes >= 5].sum()
        every = shop.customers.set_index("customer_id")
        for row in summary.itertuples():
            held = every.loc[found.labels.index[found.labels == row[1]]]
            assert row.customers == len(held) == pytest.approx(row.customer_share * len(every))
            assert row.revenue == pytest.approx(held["monetary"].sum())
            assert row.revenue_share == pytest.approx(row.revenue / every["monetary"].sum())


def test_a_tier_begins_at_its_cut(twenty):
    tier = segmentation.tiers(twenty, names=["low", "mid", "high"], cuts=[500, 2000])
    assert tier.labels[["c4", "c5", "c19", "c20"]].tolist() == ["low", "mid", "mid", "high"]
    assert "¥500, ¥2,000 (as given)" in tier.headline()


def test_tiers_without_cuts_begin_at_quantiles_of_the_buyers(twenty):
    tier = segmentation.tiers(twenty, names=["low", "high"], quantiles=[0.5])
    assert tier.labels.value_counts().to_dict() == {"low": 10, "high": 10}


@pytest.mark.parametrize("wrong, rule", [
    ({"names": ["a", "b"]}, "2 tiers need 1 in rising order"),
    ({"names": ["a", "a"], "quantiles": [0.5]}, "two different names"),
    ({"cuts": [4, 3, 2, 1]}, "cuts.tier"),
    ({"quantiles": [0.5, 0.8, 0.9, 99]}, "shares between 0 and 1"),
])
def test_tiers_that_cannot_be_are_refused(twenty, wrong, rule):
    with pytest.raises(ValueError, match=rule):
        segmentation.tiers(twenty, **wrong)


def test_each_stage_is_reached_as_its_rule_says(tmp_path):
    days = {"new": [10], "active": [20, 70], "at the limit": [30, 40], "need attention": [31, 40], "at risk": [90, 99],
            "lost": [91], "won back": [5, 96], "gap of exactly 90": [5, 95], "won back before": [5, 15, 200]}
    rows = [(name, day, 10) for name, given in days.items() for day in given]
    rows += [(f"filler{n}", 200, 10) for n in range(20)] + [("cancelled only", 2, 10, True)]
    stage = segmentation.stages(opened(tmp_path / "stages", rows), limits_days=[30, 60, 90]).labels
    assert {name: stage[name].rpartition(" ")[0] for name in (*days, "cancelled only")} == {
        "new": "New", "active": "Active", "at the limit": "Active", "need attention": "Need attention",
        "at risk": "At risk", "lost": "Lost", "won back": "Won back", "gap of exactly 90": "Active",
        "won back before": "Active", "cancelled only": "Potential",
    }


def test_limits_are_quantiles_of_the_days_between_order_days(shop):
    by_hand = []
    for customer in {row[0] for row in random_orders()}:
        days = sorted({row[1] for row in random_orders() if row[0] == customer})
        by_hand += [later - earlier for earlier, later in itertools.pairwise(days)]
    limits = [int(np.ceil(limit)) for limit in np.quantile(by_hand, segmentation.STAGE_QUANTILES)]
    remark = segmentation.stages(shop).remark
    assert remark.startswith(f"Limits: {limits[0]}, {limits[1]} and {limits[2]} days")
    assert f"{len(by_hand):,} returns" in remark


def test_the_last_gap_ends_on_the_snapshots_last_order_day(shop):
    last = order_gaps(shop).execute().groupby("customer_id")["day"].max()
    known = shop.customers.set_index("customer_id")["last_order_on"].reindex(last.index)
    assert len(last) > 50 and (pd.to_datetime(last) == known).all()


def test_stages_need_returns_or_limits(twenty):
    assert "came back only 0 times" in segmentation.stages(twenty).headline()
    assert isinstance(segmentation.stages(twenty, limits_days=[5, 10, 15]), segmentation.Groups)
    with pytest.raises(ValueError, match="three numbers of days"):
        segmentation.stages(twenty, limits_days=[10, 5, 15])
    with pytest.raises(ValueError, match="three shares"):
        segmentation.stages(twenty, quantiles=[0.5, 0.9])


def test_planted_clusters_are_recovered_whatever_the_seed(tmp_path):
    rng = np.random.default_rng(8)
    plan = {"regular": (3, 20, 100), "lapsed": (300, 2, 3000), "small": (40, 1, 5)}
    rows = [
        (f"{name}{n}", int(recency * rng.uniform(1, 1.3)) + 9 * order, amount * rng.uniform(0.8, 1.25))
        for name, (recency, orders, amount) in plan.items() for n in range(60) for order in range(orders)
    ]
    data = opened(tmp_path / "planted", rows)
    for seed in (1, 2):
        count = segmentation.cluster_count(data, seed=seed)
        assert count.chosen == 3 and "a strong structure" in count.headline()
        labels = segmentation.clusters(data, count).labels
        assert adjusted_rand_score(labels.index.str.rstrip("0123456789"), labels) == 1
    by_group = labels.str.lower().groupby(labels.index.str.rstrip("0123456789")).first()
    assert "orders" in by_group["regular"] and "quiet" in by_group["lapsed"] and "low" in by_group["small"]


def test_independent_features_show_no_clear_structure(tmp_path):
    names = [f"taste_{n}" for n in range(8)]
    tastes = pd.DataFrame(np.random.default_rng(3).lognormal(size=(300, 8)), columns=names)
    attributes = "".join(f'{name} = {{ from = "{name}", type = "number" }}\n' for name in names)
    rows = [(f"c{n}", n, 10) for n in range(300)]
    data = opened(tmp_path / "cloud", rows, tastes.assign(customer_id=[row[0] for row in rows]),
                  f"[tables.customers.attributes]\n{attributes}")
    count = segmentation.cluster_count(data, names)
    assert count.chosen == 0 and count.headline().startswith("No clear structure")
    assert "no clear structure" in segmentation.clusters(data, count).headline()


def test_clusters_need_features_that_are_numbers_and_customers_that_differ(shop, twenty):
    with pytest.raises(ValueError, match="features = 'monetry'.*Did you mean 'monetary'"):
        segmentation.cluster_count(shop, ["monetry"])
    assert "by orders there are 1 different buyers" in segmentation.cluster_count(twenty, ["orders"]).headline()


def test_alike_centres_get_different_names():
    centres = pd.DataFrame({"recency_days": [0.1, 0.2, -2.0], "orders": [1.3, 2.6, 0.0]})
    typical = pd.DataFrame({"recency_days": [30.0, 33.0, 2.0], "orders": [6.0, 18.0, 2.0]})
    assert cluster_names(centres, typical) == [
        "Most orders, orders about 6", "Most orders, orders about 18", "Very recent",
    ]


def test_groups_under_five_are_folded_and_left_out_if_still_that_small():
    customers = pd.DataFrame({"customer_id": range(14), "orders": 1, "monetary": 10.0, "recency_days": 5.0})
    labels = pd.Series([*"aaaaaaa", *"bbb", *"cccc"], index=pd.Index(range(14), name="customer_id"), name="segment")
    rules = dict.fromkeys("abc", "a rule")
    assert profile(customers, labels, rules).set_index("segment")["customers"].to_dict() == {"a": 7, SMALL_GROUPS: 7}
    fewer = profile(customers[:10], labels[:10], rules)
    assert Groups("segment", labels[:10], rules, fewer).headline().endswith("fewer than 5 customers is not shown.")
    fewer = fewer.set_index("segment")
    assert fewer["customers"].to_dict() == {"a": 7} and fewer.loc["a", "revenue_share"] == pytest.approx(0.7)


def test_small_cells_of_a_crossing_are_empty(shop):
    segments, tiers = groupings(shop)[:2]
    crossing = segmentation.crossing(segments, tiers)
    wide = crossing.summary().set_index("segment")
    assert wide.min().min() >= 5
    assert wide.sum().sum() + crossing.hidden_customers == len(shop.customers)
    cell = crossing.cells.dropna().iloc[0]
    assert wide.loc[cell["segment"], cell["tier"]] == cell["customers"]
    both = (segments.labels == cell["segment"]) & (tiers.labels == cell["tier"])
    assert cell["customers"] == both.sum()
    assert cell["tier_share"] == pytest.approx(both.sum() / (tiers.labels == cell["tier"]).sum())


def test_labels_hang_on_chance_unless_the_cuts_are_kept(shop):
    loose = segmentation.steadiness(shop).summary().set_index("label")
    assert loose.loc["m score", "changed_share"] > 0 and loose.loc["segment", "changed_share"] > 0
    assert (loose["lower"] <= loose["changed_share"]).all() and (loose["changed_share"] <= loose["upper"]).all()
    kept = segmentation.steadiness(shop, cuts=segmentation.Cuts(segmentation.scores(shop).cuts, (20, 50, 90, 200)))
    assert kept.summary()["changed_share"].tolist() == [0] * 5
    assert kept.headline().startswith("No label depends on chance")


def test_the_cuts_of_one_report_keep_the_labels_of_the_next(shop, tmp_path):
    """Twenty more customers move the quantiles; under the first report's cuts nobody of the others changes."""
    rfm, (segments, tiers, stages, _) = segmentation.scores(shop), groupings(shop)
    used = segmentation.used_cuts(rfm, tiers, stages)
    assert list(used) == ["recency", "frequency", "monetary", "tier", "stage"]
    more = opened(tmp_path / "more", [*random_orders(), *((f"new{n}", n, 500) for n in range(20))])
    given = segmentation.given_cuts(used)
    kept = segmentation.scores(more, cuts=given.rfm)
    moved = segmentation.scores(more)
    for column in ("r_score", "m_score"):
        assert (kept.customers[column].reindex(rfm.customers.index) == rfm.customers[column]).all()
        assert (moved.customers[column].reindex(rfm.customers.index) != rfm.customers[column]).any()
    again = [segmentation.segments(more, kept), segmentation.tiers(more, cuts=given.tier),
             segmentation.stages(more, limits_days=given.stage)]
    for before, after in zip((segments, tiers, stages), again, strict=True):
        old = before.labels.reindex(rfm.customers.index)
        assert (after.labels.reindex(old.index) == old).all()


def test_cuts_with_a_wrong_name_or_order_are_refused():
    with pytest.raises(ValueError, match="cuts = 'recent'.*Did you mean 'recency'"):
        segmentation.given_cuts({"recent": [1]})
    with pytest.raises(ValueError, match="cuts.tier = .*rising order"):
        segmentation.given_cuts({"tier": [2, 1]})


def test_facts_after_as_of_change_nothing(shop, tmp_path):
    later = [*random_orders(), ("x", 3, 50, True), ("c1", -1, 9999), ("c2", -40, 1), ("unborn", -3, 7)]
    again = opened(tmp_path / "later", later, pd.DataFrame({"customer_id": shop.customers["customer_id"]}))
    tables = [segmentation.table(data, segmentation.scores(data), *groupings(data)) for data in (shop, again)]
    pd.testing.assert_frame_equal(*tables)
    assert segmentation.stages(shop).remark == segmentation.stages(again).remark


def test_the_order_of_the_snapshots_rows_changes_nothing(shop):
    shuffled = dataclasses.replace(shop)
    vars(shuffled)["customers"] = shop.customers.sample(frac=1, random_state=1, ignore_index=True)
    tables = [segmentation.table(data, segmentation.scores(data), *groupings(data)) for data in (shop, shuffled)]
    pd.testing.assert_frame_equal(*tables)
    searches = [segmentation.cluster_count(data).search for data in (shop, shuffled)]
    pd.testing.assert_frame_equal(*searches, check_exact=True)
    changes = [segmentation.steadiness(data).summary() for data in (shop, shuffled)]
    pd.testing.assert_frame_equal(*changes, check_exact=True)


def test_the_snapshot_is_left_as_it_was(shop):
    before = shop.customers.copy(deep=True)
    segmentation.table(shop, segmentation.scores(shop), *groupings(shop))
    segmentation.steadiness(shop)
    pd.testing.assert_frame_equal(shop.customers, before)


def test_figures_show_what_the_tables_hold(shop):
    segments, tiers = groupings(shop)[:2]
    ax = segments.plot()
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == segments.summary()["segment"].tolist()
    drawn = [bar.get_width() for bar in ax.patches]
    assert drawn == pytest.approx([*segments.summary()["customer_share"], *segments.summary()["revenue_share"]])
    crossing = segmentation.crossing(segments, tiers)
    assert len(crossing.plot().texts) == crossing.summary().set_index("segment").notna().to_numpy().sum()
    count = segmentation.cluster_count(shop)
    assert count.plot().lines[0].get_ydata().tolist() == count.summary()["silhouette"].tolist()
    rfm = segmentation.scores(shop)
    shown = pd.crosstab(rfm.customers["r_score"], rfm.customers["f_score"]).to_numpy().ravel()
    assert sorted(int(text.get_text()) for text in rfm.plot().texts) == sorted(shown[shown >= 5])


def test_without_buyers_the_answer_is_not_applicable(tmp_path):
    few = opened(tmp_path / "few", [(f"c{n}", n, 10) for n in range(19)])
    rfm = segmentation.scores(few)
    assert isinstance(rfm, NotApplicable) and "19 customers have ordered" in rfm.headline()
    every = [rfm, segmentation.segments(few, rfm), segmentation.tiers(few), segmentation.stages(few),
             segmentation.clusters(few, segmentation.cluster_count(few)), segmentation.steadiness(few),
             segmentation.crossing(segmentation.tiers(few), segmentation.stages(few))]
    assert all(isinstance(found, NotApplicable) for found in every)
    assert segmentation.table(few, *every[:1]).empty
