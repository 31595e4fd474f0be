"""Tests that are looked at more than once: at any time (confidence sequences) or at planned looks (boundaries)."""

from helpers.statistics.confidence_sequences import confidence_sequence
from helpers.statistics.group_sequential import Spending, boundaries, naive_error

__all__ = ["Spending", "boundaries", "confidence_sequence", "naive_error"]
