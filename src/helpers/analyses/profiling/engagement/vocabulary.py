"""The columns of this room's tables: intervals of time, who came in them, and who came back."""

from __future__ import annotations

from helpers.findings.columns import Column, Kind

# what customers did to be there, by the table that says so
DONE = Column(
    "done",
    Kind.CODE,
    "what customers did",
    words={
        "orders": "ordered", "events": "were active", "tickets": "asked for help", "surveys": "answered",
        "touches": "were contacted",
    },
)  # fmt: skip
ONE = Column("one", Kind.CODE, "a single interval", words={"day": "one day", "week": "one week", "month": "one month"})

# intervals of time
NAMED = {  # an interval by its name, by its length
    "day": Column("day", Kind.NAME, "the day"),
    "week": Column("week", Kind.NAME, "the week, by its first day"),
    "month": Column("month", Kind.NAME, "the month"),
}
INTERVAL_ON = Column("interval_on", Kind.DATE, "the first day of the interval")

# who came in an interval
ACTIVE = Column("active", Kind.COUNT, "how many customers were there in the interval", people=True)
NEW = Column("new", Kind.COUNT, "how many of them for the first time in the data", people=True)
RETURNING = Column(
    "returning",
    Kind.COUNT,
    "how many of them were there in the interval before too",
    heading="Came again",
    people=True,
)
RESURRECTING = Column(
    "resurrecting",
    Kind.COUNT,
    "how many of them came back after a longer pause",
    heading="Back after a pause",
    people=True,
)
DORMANT = Column(
    "dormant",
    Kind.COUNT,
    "how many were there in the interval before only; counted below zero",
    heading="Fell silent",
    people=True,
)
STAGE = Column(
    "stage",
    Kind.CODE,
    "where customers stand in an interval",
    words={
        "new": "new",
        "returning": "came again",
        "resurrecting": "back after a pause",
        "dormant": "fell silent",
    },
)

# in how many intervals customers came
INTERVALS_THERE = Column("intervals_there", Kind.COUNT, "in how many intervals customers were there")
NAMED_THERE = {
    unit: Column(
        f"{unit}s_there", Kind.NAME, f"in how many {unit}s customers were there", heading=f"{unit.capitalize()}s"
    )
    for unit in NAMED
}

# who came back
COHORT = Column("cohort", Kind.DATE, "the interval in which customers began, by its first day")
INTERVAL = Column("interval", Kind.COUNT, "how many intervals after its own the cohort is looked at; 0 is its own")
LAST_INTERVAL = Column("last_interval", Kind.COUNT, "the last interval, where several are looked at together")
AFTER = {
    unit: Column(f"{unit}s_after", Kind.COUNT, f"how many {unit}s after its own", heading=unit.capitalize())
    for unit in NAMED
}
RETURNED = Column("returned", Kind.COUNT, "how many of them came back", people=True, of="customers")
RATE = Column("rate", Kind.SHARE, "share that came back", of="customers")
MATURE = Column("mature", Kind.FLAG, "whether the interval is over for the whole cohort")
COHORTS = Column("cohorts", Kind.COUNT, "how many cohorts the mean is over")
SIMPLE_MEAN_RATE = Column("simple_mean_rate", Kind.SHARE, "mean of the cohorts' shares, all cohorts alike")
RATES_THEN = {
    unit: Column(
        f"{unit}_{{}}_rate", Kind.SHARE, f"share that came back so many {unit}s after their own",
        heading=f"Back in {unit} {{}}",
    )
    for unit in AFTER
}  # fmt: skip
GROUPED_BY = Column("{}", Kind.NAME, "the group, under the name of the column by which customers are grouped")
