"""Whether experiments can be read: `sample_health`, `arrivals` by week, and `history` before the assignment."""
