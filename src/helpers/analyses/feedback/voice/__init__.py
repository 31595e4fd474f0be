"""What customers answer: `answers` on one scale, `satisfaction_levels`, `respondents`, and `associations` with what
was before.
"""
