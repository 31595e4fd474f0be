"""Groups found in the data: `search` for their number, `fit`, the `model` kept, `words` for it, `match` with the one
before, and `drift` from it.
"""
