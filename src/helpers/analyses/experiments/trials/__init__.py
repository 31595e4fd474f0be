"""What is compared: `arms` of customers or of whole `groups`, `moments` that the engine sums up, `declared_rules`."""
