"""Where a customer stands: `value_tiers` beside the shop's `own_levels`, `life_stages`, and the `gaps` between orders
that part them."""
