"""The columns that several rooms of offers share; a room's own stand in its `vocabulary`."""

from __future__ import annotations

from helpers.findings import Column, Kind

GOODS = Column("goods", Kind.COUNT, "how many goods there are")
GOOD = Column("good", Kind.NAME, "the good")
LAST_ON = Column("last_on", Kind.DATE, "the day on which the customer last bought the good", heading="Last bought on")
FAMILY = Column("family", Kind.NAME, "the product family (the category where none are known), or the dearer plan")
STEP_CHANCE = Column(
    "chance", Kind.SHARE, "chance that the next purchase in the family is such a step up, or the move of 180 days"
)
