"""What is to come: `purchases` and their models, the `trial_of_models`, `lifetime` value and `spend` on an order."""
