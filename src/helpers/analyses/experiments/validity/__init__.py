"""Whether experiments can be read: `sample_health`, `arrivals` by week, `history` before the assignment, and the
`faults` that forbid it.
"""
