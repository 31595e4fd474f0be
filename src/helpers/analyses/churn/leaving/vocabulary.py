"""The columns of a stay, and of a silence taken for its end."""

from __future__ import annotations

from helpers.findings import Column, Kind

# a stay
STARTED_ON = Column("started_on", Kind.DATE, "the day on which the stay began")
ENDED_ON = Column("ended_on", Kind.DATE, "the day on which it ended; empty while it runs")
ENTRY_DAYS = Column("entry_days", Kind.DAYS, "days since it began from which it was watched; 0 for from the start")
DURATION_DAYS = Column("duration_days", Kind.DAYS, "how long it lasted, or was seen to last")
DESCRIPTION = Column("{}", Kind.MIXED, "one column for each attribute that describes the customer")
BEGAN_OR_LEFT = Column("what", Kind.NAME, "whether the stays began or ended in the month")

# silence
SILENCE_DAYS = Column("silence_days", Kind.DAYS, "days without an order, beyond which a customer counts as having left")
SILENCES = Column("silences", Kind.COUNT, "how often somebody was silent for so long", people=True)
RETURNED_SO_FAR_RATE = Column(
    "returned_so_far_rate", Kind.SHARE, "share of these silences that an order has followed", of="silences"
)
WRONG_RATE = Column(
    "wrong_rate", Kind.SHARE, "share of these silences that an order follows, open ones allowed for", of="silences"
)
REACTIVATION_RATE = Column("reactivation_rate", Kind.SHARE, "share of silences that an order has followed")
