"""What is compared: `arms` of customers or whole `groups`, `moments` that the engine sums up, `declared_rules` of the
decision, and for whom a question is `applicable`.
"""
