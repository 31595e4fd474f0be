"""How requests are served: `tickets`, the closed `loop`, `waiting` in all and `waits_by_group`, `open_tickets`,
`reopening`.
"""
