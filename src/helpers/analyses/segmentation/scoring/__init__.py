"""Recency, frequency, money: `rfm` scores, the `rules` that name segments, and their `source` in the engine."""
