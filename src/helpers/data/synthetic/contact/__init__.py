"""How the demo meets its customers: `campaigns`, `visits`, `service` and its `texts`, `plans` and `trials`."""
