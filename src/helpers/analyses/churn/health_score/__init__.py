"""How healthy each customer is, and whether the score knew before: `measures` of each customer, `scales` that place
them among the customers of a frozen day, `plans` of how they are weighed, `trials` on earlier days, `rankings`,
`left_by_band` and `single_measures` of what these show, `standings` of all on the report's day, and `movements` since.
"""
