"""How requests are served: `tickets`, the closed `loop` and `loop_by_group`, `waiting` in all, `waits_by_group`
and `waits_by_tier` (whose `tiers` are those of the day), `open_tickets`, `reopening`.
"""
