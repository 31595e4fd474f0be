"""The road and its steps: `touches`, `chains` of them, `steps` of the funnel, `conversion` of groups, `exits`,
`paths`, and `precursors` of silence and of a second order.
"""
