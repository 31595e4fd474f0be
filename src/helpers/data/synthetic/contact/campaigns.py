"""The demo's campaigns: messages sent, opened and clicked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, NEVER, day_number
from helpers.data.synthetic.draws import exponential, label, uniforms

CAMPAIGNS = {  # campaign → day on which it is sent
    "2024 618": "2024-06-05",
    "2024 中秋": "2024-09-10",
    "2024 双11": "2024-11-01",
    "2025 年货节": "2025-01-08",
    "2025 三八节": "2025-03-03",
    "2025 618": "2025-06-05",
    "2025 中秋": "2025-09-26",
    "2025 双11": "2025-11-01",
}


def touches(people: pd.DataFrame) -> pd.DataFrame:
    """One row per message of a campaign: customer, campaign, sent, opened, clicked (minutes or NEVER), channel.

    None goes to the opted out.
    """
    rng = uniforms("touches")
    sent = []
    for campaign, day in CAMPAIGNS.items():
        minute = day_number(day) * DAY + 10 * 60
        reached = (people["joined"] < minute) & ~people["opted_out"] & (rng.random(len(people)) < 0.3)
        sent.append(pd.DataFrame({"customer": np.flatnonzero(reached), "campaign": campaign, "sent": minute}))
    frame = pd.concat(sent, ignore_index=True)
    opened, clicked = opened_and_clicked(frame["sent"], rng)
    channel = label(rng.random(len(frame)), {"短信": 45, "微信": 40, "邮件": 15})
    return frame.assign(channel=channel, opened=opened, clicked=clicked)


def opened_and_clicked(sent: pd.Series, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """When messages `sent` at these minutes are opened and clicked (or NEVER): 30 % of them, and 25 % of these."""
    n = len(sent)
    opened = sent.to_numpy() + 1 + np.floor(300 * exponential(rng.random(n))).astype(int)
    opens, clicks = rng.random(n) < 0.3, rng.random(n) < 0.25
    return np.where(opens, opened, NEVER), np.where(opens & clicks, opened + 1, NEVER)
