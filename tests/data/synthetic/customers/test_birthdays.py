"""Days of birth."""

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import NEVER
from helpers.data.synthetic.customers import birthdays


def test_birthdays_are_as_many_as_planted():
    years = np.where(np.arange(5_000) % 5 > 0, 1960 + np.arange(5_000) % 48, NEVER)
    born_on, lunar = birthdays.drawn(years)
    known = np.array(born_on) != ""
    assert abs(known.mean() - birthdays.KNOWN) < 0.02 and ((np.array(lunar) != "") == known).all()
    assert abs((np.array(lunar) == "1").sum() / known.sum() - birthdays.LUNAR) < 0.02
    on = pd.Series(born_on)[known]
    assert pd.to_datetime(on).dt.year.ne(1900).mean() == (years != NEVER)[known].mean()
    assert on.str.endswith("-02-29").sum() == birthdays.ON_LEAP_DAY
    in_leap_month = [
        birthdays.LEAP_MONTHS.get(int(day[:4])) == int(day[5:7])
        for day, is_lunar in zip(born_on, lunar, strict=True)
        if is_lunar == "1"
    ]
    assert sum(in_leap_month) == birthdays.IN_LEAP_MONTH
