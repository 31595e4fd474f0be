"""Files of customers."""

import io

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.clock import DAY, DAYS
from helpers.data.synthetic.customers import birthdays
from helpers.data.synthetic.files import customer_files


@pytest.fixture(scope="module")
def customers(shop) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(customer_files.customers(shop)), dtype=str, keep_default_na=False)


def test_days_of_birth_are_known_as_often_as_planted(customers):
    born = customers["生日"]
    assert (born.str.endswith("-02-29")).sum() == birthdays.ON_LEAP_DAY
    years = customers["出生年份"][born != ""]
    assert (born[born != ""].str[:4] == years.where(years != "", str(birthdays.NO_YEAR))).all()


def test_high_tiers_spend_four_times_as_much_and_did_so_before(shop):
    """The trap: tiers change nothing, members of high ones are who they are."""
    level, placed = customer_files.level(shop), shop.bought.placed
    year = ~placed["cancelled"] & (placed["minute"] >= (DAYS - 365) * DAY)
    paid = np.bincount(placed["customer"][year], shop.cents[year] / 100, minlength=len(level))
    high = np.isin(level, ["金卡", "钻石"])
    before = ~placed["cancelled"] & (placed["minute"] < (DAYS - 365) * DAY)
    earlier = np.bincount(placed["customer"][before], shop.cents[before] / 100, minlength=len(level))
    old = (shop.people["joined"] < 300 * DAY) & (paid > 0)
    assert paid[high].min() > customer_files.LEVEL_SPEND[1] - 1
    assert paid[high].mean() > 4 * paid[~high & (paid > 0)].mean()
    assert earlier[high & old].mean() > 1.5 * earlier[~high & old].mean()


def test_consents_have_a_line_each(shop):
    lines = customer_files.consents(shop.people).splitlines()
    assert lines[0] == "customer_id,channel,asked_at,given" and {line[-1] for line in lines[1:]} == {"0", "1"}
