from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import segmentation
from helpers.analyses.segmentation.groups import NO_ORDER, Groups, profile
from helpers.analyses.segmentation.scoring.rfm import OTHERS, named
from helpers.analyses.segmentation.standing.gaps import order_gaps
from helpers.analyses.segmentation.standing.value_tiers import METALS
from helpers.data import datasets
from helpers.findings import NotApplicable, charts
from helpers.findings.folding import SMALL_GROUPS

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
        for customer in range(200)
        for day in rng.integers(0, 400, rng.geometric(0.4))
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


def labels_of(data, **words) -> segmentation.Labels:
    """Labels by a plan of `words`; clusters are tested in a file of their own."""
    return segmentation.labelled(data, segmentation.segment_plan(**words), NotApplicable("not asked for"))


def groupings(data) -> list[Groups]:
    return [found for found in labels_of(data).groupings.values() if isinstance(found, Groups)]


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
    tier = labels_of(shop, cuts={"tier": [10, 40, 90, 200]}).tiers.labels.reindex(known.index)
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


def test_every_customer_gets_one_segment_tier_and_stage(shop):
    table = labels_of(shop).table(shop)
    assert list(table) == ["customer_id", "r_score", "f_score", "m_score", "segment", "tier", "stage", "cluster"]
    assert table["customer_id"].tolist() == sorted(shop.customers["customer_id"]) and table["customer_id"].is_unique
    assert table[["segment", "tier", "stage"]].notna().all(axis=None) and table["cluster"].isna().all()
    idle = table[table["r_score"].isna()]
    assert len(idle) == 10 and "x" in set(idle["customer_id"])
    assert set(idle["segment"]) == {NO_ORDER} and set(idle["stage"]) == {"Potential 潜在客户"}
    assert set(idle["tier"]) == {METALS[0]}


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


def test_the_last_gap_ends_on_the_snapshots_last_order_day(shop):
    last = order_gaps(shop).execute().groupby("customer_id")["day"].max()
    known = shop.customers.set_index("customer_id")["last_order_on"].reindex(last.index)
    assert len(last) > 50 and (pd.to_datetime(last) == known).all()


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
    rfm = segmentation.scores(shop).cuts
    given = {**dataclasses.asdict(rfm), "tier": (20, 50, 90, 200)}
    kept = segmentation.steadiness(shop, segmentation.segment_plan(cuts=given))
    assert kept.summary()["changed_share"].tolist() == [0] * 5
    assert kept.headline().startswith("No label depends on chance")


def test_the_cuts_of_one_report_keep_the_labels_of_the_next(shop, tmp_path):
    """Twenty more customers move the quantiles; under the first report's cuts nobody of the others changes."""
    first = labels_of(shop)
    more = opened(tmp_path / "more", [*random_orders(), *((f"new{n}", n, 500) for n in range(20))])
    cuts = {**dataclasses.asdict(first.rfm.cuts), "tier": first.tiers.cuts, "stage": first.stages.limits.given()}
    kept, moved = labels_of(more, cuts=cuts), labels_of(more)
    same = first.rfm.customers.index
    for column in ("r_score", "m_score"):
        assert (kept.rfm.customers[column].reindex(same) == first.rfm.customers[column]).all()
        assert (moved.rfm.customers[column].reindex(same) != first.rfm.customers[column]).any()
    for kind in ("segment", "tier", "stage"):
        assert (kept.groupings[kind].labels.reindex(same) == first.groupings[kind].labels.reindex(same)).all()


def test_cuts_with_a_wrong_name_or_order_are_refused():
    with pytest.raises(ValueError, match="cuts = 'recent'.*Did you mean 'recency'"):
        segmentation.given_cuts({"recent": [1]})
    with pytest.raises(ValueError, match="cuts.tier = .*rising order"):
        segmentation.given_cuts({"tier": [2, 1]})


def test_facts_after_as_of_change_nothing(shop, tmp_path):
    later = [*random_orders(), ("x", 3, 50, True), ("c1", -1, 9999), ("c2", -40, 1), ("unborn", -3, 7)]
    again = opened(tmp_path / "later", later, pd.DataFrame({"customer_id": shop.customers["customer_id"]}))
    tables = [labels_of(data).table(data) for data in (shop, again)]
    pd.testing.assert_frame_equal(*tables)
    assert segmentation.stages(shop).remark == segmentation.stages(again).remark


def test_the_order_of_the_snapshots_rows_changes_nothing(shop):
    shuffled = dataclasses.replace(shop)
    vars(shuffled)["customers"] = shop.customers.sample(frac=1, random_state=1, ignore_index=True)
    tables = [labels_of(data).table(data) for data in (shop, shuffled)]
    pd.testing.assert_frame_equal(*tables)
    changes = [segmentation.steadiness(data).summary() for data in (shop, shuffled)]
    pd.testing.assert_frame_equal(*changes, check_exact=True)


def test_the_snapshot_is_left_as_it_was(shop):
    before = shop.customers.copy(deep=True)
    labels_of(shop).table(shop)
    segmentation.steadiness(shop)
    pd.testing.assert_frame_equal(shop.customers, before)


def test_figures_show_what_the_tables_hold(shop):
    charts.style()
    segments, tiers = groupings(shop)[:2]
    ax = segments.plot()
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == segments.summary()["segment"].tolist()
    drawn = [bar.get_width() for bar in ax.patches]
    assert drawn == pytest.approx([*segments.summary()["customer_share"], *segments.summary()["revenue_share"]])
    crossing = segmentation.crossing(segments, tiers)
    assert len(crossing.plot().texts) == crossing.summary().set_index("segment").notna().to_numpy().sum()
    rfm = segmentation.scores(shop)
    shown = pd.crosstab(rfm.customers["r_score"], rfm.customers["f_score"]).to_numpy().ravel()
    assert sorted(int(text.get_text()) for text in rfm.plot().texts) == sorted(shown[shown >= 5])


def test_without_buyers_the_answer_is_not_applicable(tmp_path):
    few = opened(tmp_path / "few", [(f"c{n}", n, 10) for n in range(19)])
    labels = labels_of(few)
    assert "19 customers have ordered" in labels.rfm.headline()
    every = [
        labels.rfm,
        *labels.groupings.values(),
        segmentation.steadiness(few),
        segmentation.crossing(labels.tiers, labels.stages),
    ]
    assert all(isinstance(found, NotApplicable) for found in every)
    assert labels.table(few).empty
