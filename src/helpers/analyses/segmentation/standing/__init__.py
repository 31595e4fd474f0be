"""Where a customer stands: `value_tiers`, `life_stages`, and the `gaps` between orders that part them."""
