"""What to do: what `repeated_reports` may say, `harms` that arms do, `guards` of what must not fall, `verdicts` on an
arm, and the `advice` for all.
"""
