"""What customers answer: `answers` on one scale, `satisfaction_levels`, `levels_by_group`, `scale_changes`,
`respondents`, and `associations` with what was before.
"""
