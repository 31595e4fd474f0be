"""What is compared: `arms` of customers, `moments` that the engine sums up, `declared_rules` of the decision."""
