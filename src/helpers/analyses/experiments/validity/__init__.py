"""Whether experiments can be read: `sample_health`, `arrivals` by week, `history` and `likeness` before the assignment,
`unknown_values`, and the `faults` that forbid it.
"""
