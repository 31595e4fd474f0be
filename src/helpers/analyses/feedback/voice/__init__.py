"""What customers answer: `answers` on one scale, `satisfaction_levels`, `scale_changes`, `respondents`, and
`associations` with what was before.
"""
