"""Whether the data can be trusted: `accounting` for rows, `verification`, `column_readings`, `column_quality`,
`column_profile`, `common_values`, `timeliness`, `references`, `repeats`, `change` since before, and `unusual_values`,
which are `suspicions` of `sentinels`, `spellings` and `units`. `vocabulary` declares the columns of all these tables.
"""
