"""Arms are read with their moments: who is in which, the control first, small ones left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.data import datasets
from helpers.data.synthetic.truth import TRUTH
from shops import covariate, metric


def test_moments_are_those_of_the_rows(assigned):
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"variant": rng.choice(["control", "new"], 500), "spend": rng.exponential(50, 500)})
    rows.loc[rng.random(500) < 0.5, "spend"] = np.nan
    (trial,) = experiments.read(assigned(rows, metric("spend", missing="not eligible")))
    for arm, values in rows.groupby("variant")["spend"]:
        moments = trial.moments[arm, "spend"]
        assert moments.n == values.count()
        assert moments.means[0] == pytest.approx(values.mean())
        assert moments.variances[0] == pytest.approx(values.var())


def test_a_metric_without_a_value_was_not_measured_in_that_experiment(two_arms, assigned):
    rows = two_arms(20, 20).assign(spend=np.nan)
    (trial,) = experiments.read(assigned(rows, metric("spend"), metric("bought", "proportion")))
    assert list(trial.metrics) == ["bought"]


@pytest.mark.parametrize(
    ("arms", "control", "why"),
    [
        (["b", "a", "b"], "a", "name"),
        (["新版", "对照", "新版"], "对照", "name"),
        (["x", "y", "y"], "y", "size"),
    ],
)
def test_without_a_setting_the_control_is_found_by_name_or_size(arms, control, why, assigned):
    (trial,) = experiments.read(assigned({"variant": arms * 5, "spend": [1.0, 2.0, 3.0] * 5}, metric("spend")))
    assert (trial.control, trial.control_from) == (control, why)


def test_the_settings_name_the_control_and_the_primary_metric(two_arms, assigned):
    words = {"test": {"control": "new", "primary": "spend"}}
    rows = two_arms(20, 20).assign(spend=np.arange(40.0))
    (trial,) = experiments.read(assigned(rows, metric("bought", "proportion"), metric("spend"), words=words))
    assert (trial.control, trial.primary, trial.control_from) == ("new", "spend", "settings")


def test_a_control_that_is_asked_for_comes_before_the_settings_and_said_so(two_arms, assigned):
    data = assigned(two_arms(20, 20), words={"test": {"control": "control"}})
    (trial,) = experiments.read(data, control="new")
    assert (trial.control, trial.control_from) == ("new", "parameter")


def test_a_plan_reads_no_experiment_and_another_mode_is_refused(two_arms, assigned):
    data = assigned(two_arms(20, 20))
    assert experiments.read(data, mode="plan") == ()
    with pytest.raises(ValueError, match="mode = 'plans'.*Did you mean 'plan'"):
        experiments.read(data, mode="plans")


def test_a_control_or_covariate_that_does_not_exist_is_named(two_arms, assigned):
    data = assigned(two_arms(20, 20), metric("bought", "proportion"))
    with pytest.raises(ValueError, match="control = 'controll': choose one of control, new."):
        experiments.read(data, control="controll")
    with pytest.raises(ValueError, match="covariates = 'age'"):
        experiments.read(data, covariates=["age"])


def test_the_demos_six_customers_in_two_arms_are_left_out_and_counted(demo_trials, demo):
    coupon = next(trial for trial in demo_trials if trial.name == "spring_coupon")
    assert 2 * coupon.in_two_arms == TRUTH.faults["experiments", "customer in two arms"]
    assert coupon.arms["in_two_arms"].tolist() == [6, 6]
    table = demo.tables["experiments"]
    rows = table.filter(table.experiment == "spring_coupon").execute()
    alone = rows.groupby("customer_id")["variant"].transform("nunique") == 1
    assert coupon.arms.set_index("arm")["customers"].to_dict() == rows[alone]["variant"].value_counts().to_dict()
    assert "6 customers were met in two arms of spring_coupon and left out." in words_of(
        experiments.health(demo_trials)
    )


def test_a_value_of_fewer_than_five_customers_is_not_named(two_arms, assigned):
    rows = two_arms(50, 50).assign(city=["rare"] * 4 + ["b"] * 46 + ["c"] * 25 + ["d"] * 25)
    (trial,) = experiments.read(assigned(rows, metric("bought", "proportion"), covariate("city", "text")))
    assert {name for _, name in trial.covariates} == {"city: b", "city: c", "city: d"}


def test_arms_of_fewer_than_five_customers_are_left_out_and_counted(two_arms, assigned):
    """The name of such an arm, or of an experiment made of them, could point at people."""
    odd = pd.DataFrame({"variant": ["ann@b.cn"] * 4, "bought": 1.0, "customer_id": list("wxyz")})
    alone = odd.assign(experiment="for ann", customer_id=list("stuv"))
    data = assigned(
        pd.concat([two_arms(50, 50).assign(customer_id=[f"c{i}" for i in range(100)]), odd, alone]).fillna(
            {"experiment": "test"}
        ),
        metric("bought", "proportion"),
    )
    (trial,) = experiments.read(data)
    assert trial.arms["arm"].tolist() == ["control", "new"]
    assert trial.quarantined == {"in an arm of too few customers": 8}
    for finding in (experiments.health((trial,)), *experiments.effects((trial,)), experiments.detectable((trial,))):
        assert "b.cn" not in words_of(finding) + finding.summary().to_string()
    assert experiments.read(assigned(odd, metric("bought", "proportion"))) == ()


def test_assignments_after_as_of_change_nothing(tmp_path, two_arms):
    rows = pd.concat([two_arms(30, 30, (0.1, 0.3)), two_arms(0, 500, (0.1, 1.0))], ignore_index=True)
    rows = rows.assign(
        experiment="test",
        customer_id=[f"c{i % 60}" if i > 550 else f"c{i}" for i in range(len(rows))],
        assigned_at=["2025-03-01"] * 60 + ["2025-03-03"] * 500,
    )
    toml = (
        '[tables.experiments]\nfile = "e.csv"\n[tables.experiments.metrics]\n'
        'bought = { from = "bought", kind = "proportion", missing = "0" }\n'
    )
    found = []
    for name, part in (("whole", rows), ("early", rows[:60])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dataset.toml").write_text(toml)
        part.to_csv(tmp_path / name / "e.csv", index=False)
        data = datasets.open(tmp_path / name, "2025-03-02", prepared=tmp_path / "prepared")
        found.append(experiments.decisions(experiments.read(data)).table)
    pd.testing.assert_frame_equal(*found)
    assert found[0]["effect"].iloc[0] == pytest.approx(0.2)
