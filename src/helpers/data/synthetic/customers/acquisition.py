"""What the demo spends on winning its customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, FIRST_DAY
from helpers.data.synthetic.draws import uniforms
from helpers.data.synthetic.truth import TRUTH

SWING = 0.15  # of a month's spending for a new buyer, to either side


def spending(people: pd.DataFrame) -> pd.DataFrame:
    """One row a channel and month: channel, month (YYYY-MM), whole CNY; buyers cost `TRUTH.acquisition_costs`."""
    day = FIRST_DAY + (people["joined"].to_numpy() // DAY).astype("timedelta64[D]")
    buyers = people.assign(month=day.astype("datetime64[M]").astype(str))[people["buys"]]
    won = buyers.groupby(["month", "channel"]).size().rename("buyers").reset_index()
    swing = 1 + SWING * (2 * uniforms("spending").random(len(won)) - 1)
    cost = np.round(won["buyers"] * won["channel"].map(TRUTH.acquisition_costs) * swing).astype(int)
    return won.assign(cost=cost)[["channel", "month", "cost"]]
