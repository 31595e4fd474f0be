"""What is still to come of cohorts that are not yet complete: `chain_ladders`, with their error."""

from helpers.statistics.reserves.chain_ladders import (
    ChainLadder,
    chain_ladder,
)

__all__ = [
    "ChainLadder",
    "chain_ladder",
]
