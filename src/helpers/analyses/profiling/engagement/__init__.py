"""Who comes back: `facts` of activity on a `clock`, `presence` by interval, `cohort_counts` and `retention_rates`,
`comings_and_goings`, `active_days`. `vocabulary` declares the columns of their tables.
"""
