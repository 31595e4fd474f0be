"""Groups found in the data: `search` for their number, `fit`, the `model` kept, `descriptions` of it, `matching` with
the one before, and `drift` from it.
"""
