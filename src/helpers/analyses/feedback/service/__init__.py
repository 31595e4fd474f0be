"""How requests are served: `tickets`, the closed `loop`, `waiting`, `open_tickets` and `reopening`."""
