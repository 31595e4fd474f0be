"""For whom it works and whom to treat: `strata`, effects `by_segment`, the `mix` of arms, `outcome_models`, `ranking`
and `policies`.
"""
