from __future__ import annotations

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.offers.goods.baskets import together
from helpers.analyses.offers.goods.levels import level
from helpers.findings import NotApplicable


@pytest.fixture(scope="module")
def found(sold, random_baskets):
    return together(level(sold(random_baskets)))


def test_the_planted_pair_is_told_and_no_other(found):
    assert found.beyond == 1 and found.sure[["good_a", "good_b"]].to_numpy().tolist() == [["f", "i"]]
    assert words_of(found).startswith("One pair of goods is bought together more often")
    assert "“f · kind f” with “i · kind i”: in " in words_of(found)
    assert found.wholesale == 0 and found.baskets == 600 and found.tested == 66


def test_the_usual_measures_are_those_of_a_loop(found, random_baskets):
    row = found.table.iloc[0]
    both, f, i = (sum(set(goods) <= basket for basket in random_baskets) for goods in ("fi", "f", "i"))
    assert row[["baskets", "customers"]].tolist() == [both, both]
    assert row[["basket_share", "confidence_ab", "confidence_ba", "lift"]].tolist() == pytest.approx(
        [both / 600, both / f, both / i, both * 600 / (f * i)]
    )
    assert row["adjusted_lift"] == pytest.approx(both / row["expected_baskets"])
    assert row["lower"] < row["adjusted_lift"] < row["upper"]


def test_where_nothing_goes_together_the_page_says_so(sold, random_baskets):
    rng = np.random.default_rng(0)
    alone = [set(rng.choice(list("abcdefgh"), rng.integers(1, 5), replace=False)) for _basket in range(400)]
    answer = together(level(sold(alone)))
    assert answer.beyond == 0
    assert words_of(answer).startswith("No evidence that any two goods go together")


def test_a_habit_of_few_customers_is_no_pair(sold, random_baskets):
    customers = [f"c{row % 4}" if row < 50 else f"c{row}" for row in range(600)]
    apart = [basket if row < 50 else basket - {"i"} for row, basket in enumerate(random_baskets)]
    extra = apart + [{"i"}] * 150
    answer = together(level(sold(extra, customers + [f"d{row}" for row in range(150)])))
    assert answer.beyond == 0 and (answer.table["customers"] >= 5).all()


def test_wholesale_is_left_out_and_counted(sold, random_baskets):
    answer = together(level(sold(random_baskets)), largest_basket=3)
    assert answer.wholesale == sum(len(basket) > 3 for basket in random_baskets)
    assert "baskets of more than 3 goods are wholesale" in words_of(answer)


@pytest.mark.parametrize("baskets", [[{"a"}, {"b"}], [{"a", "b"}, {"b"}]])
def test_of_too_few_baskets_nothing_is_told(sold, baskets):
    assert isinstance(together(level(sold(baskets))), NotApplicable)


def test_it_draws_and_shows_the_surest_pairs(found):
    assert found.plot().get_yticklabels()
    assert found.summary().columns.tolist() == list(found.shown)
