"""What is to come.

`purchases` and their models, the `trial_of_models` and its `frequency_groups`, `spend` on an order, `lifetime` value
and its `terms`.
"""
