"""The demo's files, read with pandas alone: the same bytes again, the planted faults, and the truth recovered."""

from __future__ import annotations

import gzip
import re
import tomllib
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data import synthetic
from helpers.data.synthetic.contact import service
from helpers.data.synthetic.customers import people
from helpers.data.synthetic.tables import FOLDER
from helpers.data.synthetic.truth import TRUTH

LAST_DAY = pd.Timestamp("2025-12-31")


def read(name: str, **options: str) -> pd.DataFrame:
    """A committed file of the demo, every value as text, with the headers stripped."""
    frame = pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False, **options)
    return frame.rename(columns=str.strip)


def unpacked(path: Path) -> bytes:
    """What a file of the demo holds."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def cents(money: pd.Series) -> pd.Series:
    """Text with two decimals as whole cents."""
    return money.str.replace(".", "", regex=False).astype(int)


def days_and_minutes(text: pd.Series) -> pd.Series:
    """Times written YYYY-MM-DD HH:MM; missing where they cannot be read."""
    return pd.to_datetime(text, format="%Y-%m-%d %H:%M", errors="coerce")


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return pd.concat([read("orders_2024.csv"), read("orders_2025.csv")], ignore_index=True)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return read("customers.csv", encoding="utf-8-sig")


@pytest.fixture(scope="module")
def memberships(customers: pd.DataFrame) -> pd.DataFrame:
    """Sound memberships with channel, whole days followed and whether they ended."""
    frame = read("subscriptions.csv").merge(customers[["客户编号", "来源渠道"]], validate="many_to_one")
    started, ended = pd.to_datetime(frame["开通日期"]), pd.to_datetime(frame["退会日期"])
    frame = frame.assign(days=(ended.fillna(LAST_DAY) - started).dt.days, left=ended.notna())
    return frame[frame["days"] >= 0]


@pytest.fixture(scope="module")
def assigned() -> pd.DataFrame:
    """Customers in one arm of an experiment, with numbers where the export's empty text means zero or not eligible."""
    frame = read("experiments.csv").drop_duplicates(["experiment", "customer_id"], keep=False)
    spend = pd.to_numeric(frame["spend"]).fillna(0.0)
    return frame.assign(
        converted=frame["converted"].astype(float), spend=spend, app_visits=pd.to_numeric(frame["app_visits"])
    )


def welch(assigned: pd.DataFrame, experiment: str, variant: str, metric: str):
    """SciPy's Welch test of an arm against control, over those who have the metric."""
    arms = assigned[assigned["experiment"] == experiment].dropna(subset=[metric]).groupby("variant")[metric]
    return stats.ttest_ind(arms.get_group(variant), arms.get_group("control"), equal_var=False)


def test_the_committed_files_are_made_again_byte_for_byte(tmp_path):
    """Packed ones unpacked: what packs them need not be the same everywhere."""
    synthetic.write(tmp_path / "demo")
    made = {path.name: unpacked(path) for path in (tmp_path / "demo").iterdir()}
    committed = {path.name: unpacked(path) for path in FOLDER.iterdir() if path.name != "dataset.toml"}
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_the_folder_is_smaller_than_eight_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 8_000_000


def test_files_come_in_the_encodings_and_line_ends_that_they_promise():
    content = {path.name: unpacked(path) for path in FOLDER.iterdir()}
    assert [name for name, text in content.items() if text.startswith(b"\xef\xbb\xbf")] == ["customers.csv"]
    assert content["tickets.csv"].decode("gb18030").startswith("工单编号,客户编号")
    with pytest.raises(UnicodeDecodeError):
        content["tickets.csv"].decode("utf-8")
    assert content["orders_2025.csv"].decode().split("\n", 1)[0].split(",")[2] == "下单时间 "
    assert all(b"\r" not in text and text.endswith(b"\n") for text in content.values())


def test_dataset_toml_maps_headers_that_the_files_have_and_no_personal_ones():
    tables = tomllib.loads((FOLDER / "dataset.toml").read_text(encoding="utf-8"))["tables"]
    assert len(tables) == 16
    for name, table in tables.items():
        mapped = [
            *table.get("columns", {}).values(),
            *table.get("attributes", {}).values(),
            *table.get("metrics", {}).values(),
            *table.get("covariates", {}).values(),
        ]
        headers = {each if isinstance(each, str) else each["from"] for each in mapped if "sql" not in each}
        assert not headers & {"手机号", "Email"}
        for path in FOLDER.glob(table["file"]):
            text = unpacked(path).decode(table.get("encoding", "utf-8-sig"))
            found = {header.strip() for header in re.split("[,;\t]", text.split("\n", 1)[0])}
            assert headers <= found, name


def test_orders_carry_exactly_the_planted_faults(orders):
    found = {
        ("orders", "no customer"): (orders["客户编号"] == "").sum(),
        ("orders", "date cannot be read"): days_and_minutes(orders["下单时间"]).isna().sum(),
        ("orders", "negative refund"): (orders["退款金额"].astype(float) < 0).sum(),
        ("orders", "order_id repeated"): orders.duplicated("订单编号").sum(),
    }
    assert found == {fault: rows for fault, rows in TRUTH.faults.items() if fault[0] == "orders"}


def test_no_order_has_two_faults_and_repeated_orders_are_equal_rows(orders):
    faults = pd.DataFrame(
        {
            "customer": orders["客户编号"] == "",
            "date": days_and_minutes(orders["下单时间"]).isna(),
            "refund": orders["退款金额"].str.startswith("-"),
            "repeated": orders.duplicated("订单编号"),
        }
    )
    assert faults.sum(axis=1).max() <= 1
    assert orders.duplicated().sum() == TRUTH.faults["orders", "order_id repeated"]


def test_other_tables_carry_exactly_the_planted_faults():
    members, answers, assigned = read("subscriptions.csv"), read("surveys.csv"), read("experiments.csv")
    score = answers["score"].map(lambda text: float(unicodedata.normalize("NFKC", text)))
    backwards = (members["退会日期"] != "") & (members["退会日期"] < members["开通日期"])
    found = {
        ("subscriptions", "ends before it starts"): backwards.sum(),
        ("surveys", "score outside 0 to 100"): (~score.between(0, 100)).sum(),
        ("experiments", "customer in two arms"): assigned.duplicated(["experiment", "customer_id"], keep=False).sum(),
    }
    assert found == {fault: rows for fault, rows in TRUTH.faults.items() if fault[0] != "orders"}


def test_full_width_values_are_as_many_as_told_and_fold_to_the_usual_ones(customers):
    answers = read("surveys.csv")
    assert answers["score"].str.contains("[０-９]").sum() == TRUTH.full_width["surveys", "score"]
    assert customers["城市"].str.endswith("\u3000").sum() == TRUTH.full_width["customers", "city"]
    assert customers["城市"].str.strip().nunique() == len(synthetic.CITIES)


def test_items_add_up_to_the_amount_of_every_sound_order(orders):
    items = read("order_items.csv.gz", sep=";")
    off = items["数量"].astype(int) * cents(items["单价"]) - cents(items["金额"])
    sound = orders[~orders["订单编号"].str.startswith("X")].drop_duplicates()
    of_items = cents(items["金额"]).groupby(items["订单编号"]).sum()
    pd.testing.assert_series_equal(
        of_items, cents(sound.set_index("订单编号")["订单金额"]).sort_index(), check_names=False
    )
    of_orders = cents(sound.set_index("订单编号")["优惠金额"]).sort_index()
    pd.testing.assert_series_equal(off.groupby(items["订单编号"]).sum(), of_orders, check_names=False)
    assert (sound["退款金额"].astype(float) <= sound["订单金额"].astype(float)).all()


def test_every_fact_belongs_to_a_customer_and_comes_after_joining_within_the_log(orders, customers):
    joined = pd.to_datetime(customers.set_index("客户编号")["注册时间"])
    events = read("events.tsv.gz", sep="\t")
    shanghai = pd.to_datetime(events["timestamp_ms"].astype("int64"), unit="ms") + pd.Timedelta(hours=8)
    tickets, answers, sent = read("tickets.csv", encoding="gb18030"), read("surveys.csv"), read("touches.csv.gz")
    sound = orders[(orders["客户编号"] != "") & days_and_minutes(orders["下单时间"]).notna()]
    facts = pd.concat(
        [
            pd.DataFrame({"customer": customer.to_numpy(), "at": pd.to_datetime(at).to_numpy()})
            for customer, at in (
                (sound["客户编号"], sound["下单时间"]),
                (events["customer_id"], shanghai),
                (tickets["客户编号"], tickets["创建时间"]),
                (answers["customer_id"], answers["answered_at"]),
                (sent["Customer ID"], sent["Touched At"]),
            )
        ]
    )
    after_joining = facts["at"] - joined.reindex(facts["customer"]).to_numpy()
    # A session begins up to twelve minutes before the order that it ends with.
    assert after_joining.notna().all() and after_joining.min() >= -pd.Timedelta(minutes=12)
    assert facts["at"].max().normalize() == LAST_DAY
    assert customers["客户编号"].is_unique and joined.max() < LAST_DAY + pd.Timedelta(days=1)


def test_double_11_and_618_are_the_busiest_days(orders):
    busiest = orders["下单时间"].str[:10].value_counts().nlargest(4).index
    assert sorted(busiest) == ["2024-06-18", "2024-11-11", "2025-06-18", "2025-11-11"]


def test_a_fifth_of_the_buyers_bring_more_than_half_of_the_revenue(orders):
    spent = orders["订单金额"].astype(float).groupby(orders["客户编号"]).sum().drop("").sort_values(ascending=False)
    assert 0.5 < spent.head(len(spent) // 5).sum() / spent.sum() < 0.8


def test_memberships_are_left_faster_by_plan_and_channel_as_they_are_in_the_truth(memberships):
    """Content members leave at the truth's rate, and no member's days strain beyond halved visits for half of them."""
    groups = memberships.groupby(["套餐", memberships["来源渠道"].where(memberships["来源渠道"] == "抖音", "")])
    for (plan, channel), group in groups:
        daily_rate, content = group["left"].sum() / group["days"].sum(), 1 - TRUTH.stay_share(plan, channel, 1)
        error = daily_rate / np.sqrt(group["left"].sum())
        assert content - 3 * error < daily_rate < 1.4 * content + 3 * error, (plan, channel)
    assert groups.ngroups == 6


def test_reasons_have_their_true_shares(memberships):
    reasons = memberships.loc[memberships["left"], "退会原因"]
    for reason, share in TRUTH.reason_shares.items():
        assert abs((reasons == reason).mean() - share) < 3 * np.sqrt(share * (1 - share) / len(reasons))
    assert set(reasons) == set(TRUTH.reason_shares)
    assert (memberships.loc[~memberships["left"], "退会原因"] == "").all()


def test_tickets_pass_their_stages_and_reopen_at_the_true_rates():
    tickets = read("tickets.csv", encoding="gb18030")
    settled = tickets[(tickets["关闭时间"] != "") & (tickets["创建时间"] < "2025-11")]  # others may have stages to come
    seen = {
        "followed up": settled["跟进时间"] != "",
        "revisited": settled["回访时间"] != "",
        "summarised": settled["总结时间"] != "",
        "reopened": settled["重开次数"] != "0",
    }
    for what, happened in seen.items():
        share = TRUTH.ticket_work[what]
        assert abs(happened.mean() - share) < 3 * np.sqrt(share * (1 - share) / len(settled)), what


def test_a_tickets_stages_stand_in_order():
    tickets = read("tickets.csv", encoding="gb18030")
    stages = tickets[["创建时间", "受理时间", "首次响应时间", "跟进时间", "关闭时间", "回访时间"]]
    times = stages.replace("", np.nan).apply(pd.to_datetime).ffill(axis="columns")
    assert all((times.iloc[:, place] <= times.iloc[:, place + 1]).all() for place in range(5))


def test_invitations_are_answered_at_the_true_rate_of_each_channel(customers):
    channel = customers.set_index("客户编号")["来源渠道"]
    sent, answers = read("touches.csv.gz"), read("surveys.csv")
    invited = sent[(sent["Campaign"] == service.SURVEY_CAMPAIGN) & (sent["Touched At"] < "2025/12")]
    assert (answers["question"] == "nps").sum() > 0.9 * (invited["Clicked At"] != "").sum()
    answered = (invited["Clicked At"] != "").groupby(invited["Customer ID"].map(channel) == "抖音")
    for is_douyin, rate in ((True, TRUTH.response_rates["抖音"]), (False, TRUTH.response_rates[""])):
        clicked = answered.get_group(is_douyin)
        assert abs(clicked.mean() - rate) < 3 * np.sqrt(rate * (1 - rate) / len(clicked))


def test_customers_are_referred_by_earlier_ones_at_the_true_share(customers):
    linked = customers[customers["来源渠道"].isin(people.REFERRING)]
    share = (linked["推荐人编号"] != "").mean()
    assert abs(share - TRUTH.referred_share) < 3 * np.sqrt(share * (1 - share) / len(linked))
    referred = customers[customers["推荐人编号"] != ""]
    joined = customers.set_index("客户编号")["注册时间"]
    assert set(referred["来源渠道"]) == set(people.REFERRING)
    assert (joined.reindex(referred["推荐人编号"]).to_numpy() <= referred["注册时间"].to_numpy()).all()


@pytest.mark.parametrize(
    ("experiment", "variant"),
    [
        ("spring_coupon", "treatment"),
        ("checkout_aa", "treatment"),
        ("push_copy", "price_copy"),
        ("push_copy", "story_copy"),
    ],
)
def test_intervals_hold_the_true_effects(assigned, experiment, variant):
    truths = {
        "converted": TRUTH.conversion_effect(experiment, variant),
        "spend": TRUTH.spend_effect(experiment, variant),
        "app_visits": 0.0,
    }
    for metric, truth in truths.items():
        interval = welch(assigned, experiment, variant, metric).confidence_interval()
        assert interval.low < truth < interval.high, metric


def test_the_coupon_works_and_the_a_a_test_does_not(assigned):
    assert TRUTH.conversion_effect("spring_coupon", "treatment") == pytest.approx(0.04)
    assert TRUTH.spend_effect("spring_coupon", "treatment") == pytest.approx(6.0)
    assert welch(assigned, "spring_coupon", "treatment", "converted").pvalue < 0.01
    assert (
        min(
            welch(assigned, "checkout_aa", "treatment", metric).pvalue
            for metric in ("converted", "spend", "app_visits")
        )
        > 0.05
    )


def test_arms_are_of_equal_size_but_for_chance(assigned):
    sizes = assigned.groupby(["experiment", "variant"]).size()
    assert sizes["spring_coupon"].min() > 1_700
    for experiment in TRUTH.conversions:
        assert stats.chisquare(sizes[experiment]).pvalue > 0.01


def test_visits_before_assignment_tell_of_conversion_and_not_of_the_arm(assigned):
    coupon = assigned[assigned["experiment"] == "spring_coupon"]
    visits = coupon["prior_visits"].astype(float)
    assert np.corrcoef(visits, coupon["converted"])[0, 1] > 0.2
    arms = [visits[coupon["variant"] == variant] for variant in ("control", "treatment")]
    assert stats.ttest_ind(*arms).pvalue > 0.01


def test_metrics_are_empty_for_the_not_eligible_alone(assigned, customers):
    device = assigned["customer_id"].map(customers.set_index("客户编号")["设备"])
    assert (assigned["app_visits"].isna() == (device == "网页")).all()
    assert ((assigned["spend"] > 0) <= (assigned["converted"] == 1)).all()
