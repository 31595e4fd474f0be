"""What happened to the contracts that run: how many began and ended, and what their fees changed by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.analyses.profiling.business.goals import Better
from helpers.analyses.profiling.business.movement import movement_of_subscriptions
from helpers.analyses.profiling.business.windows import Trade, Window, running
from helpers.analyses.profiling.standing.watched import MEMBERS, direction, share_of
from helpers.findings import Sentence, facts, say
from helpers.findings.briefs import Direction, News, Topic, sureness
from helpers.findings.evidence import Z

MONTHS_AT_STAKE = 3  # of fees, as stakes are told for a quarter


@dataclass(frozen=True)
class Members:
    """Contracts that began and ended in the window, the same before, and the money of a month that came or went."""

    joined: int
    left: int
    earlier_joined: int
    left_direction: Direction  # of the share that left, against the window before
    monthly_change: float

    @property
    def net(self) -> int:
        """By how many the members are more than at the window's start."""
        return self.joined - self.left

    def news(self, currency: str) -> News | None:
        """What happened to the members, where that is beyond chance for comings and goings that are independent."""
        error = math.sqrt(self.joined + self.left)
        if abs(self.net) <= Z * error:
            return None
        fees = facts.Money(self.monthly_change, currency, signed=True)
        told = self._told().resting_on(
            say(
                "{joined} began and {left} ended; in the window before {earlier} began.",
                joined=facts.Count(self.joined), left=facts.Count(self.left), earlier=facts.Count(self.earlier_joined),
            ),
            say("Their fees of a month changed by {money}.", money=fees) if self.monthly_change else None,
        )  # fmt: skip
        better = Direction.BETTER if self.net > 0 else Direction.WORSE
        stake = abs(self.monthly_change) * MONTHS_AT_STAKE
        return News(Topic.CHANGE, MEMBERS, told, stake, sureness(self.net, error), better, self.net)

    def _told(self) -> Sentence:
        net = facts.Count(abs(self.net))
        if self.net > 0:
            return say("Running ⟨contracts⟩ grew by {net}: more began than ended.", net=net)
        if self.left_direction is Direction.WORSE:
            return say("Running ⟨contracts⟩ fell by {net}: more of them ended than before.", net=net)
        if self.joined < self.earlier_joined:
            return say("Running ⟨contracts⟩ fell by {net}: no more ended than usual, but fewer began.", net=net)
        return say("Running ⟨contracts⟩ fell by {net}: more ended than began.", net=net)


def members_of(trade: Trade, window: Window) -> Members | None:
    """What happened to the contracts that run; None without them."""
    now, then = movement_of_subscriptions(trade, window), movement_of_subscriptions(trade, window.before)
    if now is None or then is None or not then.at_start:
        return None
    ends = {day: running(trade.data, day) for day in (window.end, window.before.end)}
    counts = {day: int(sums["customers"]) for day, sums in ends.items()}
    left = now.at_start - now.remaining
    monthly = ends[window.end]["monthly_revenue"] - ends[window.before.end]["monthly_revenue"]
    this, earlier = (share_of(moves.at_start - moves.remaining, moves.at_start) for moves in (now, then))
    return Members(
        joined=counts[window.end] - now.remaining, left=left, earlier_joined=counts[window.before.end] - then.remaining,
        left_direction=direction(this, earlier, Better.LOWER), monthly_change=float(monthly),
    )  # fmt: skip
