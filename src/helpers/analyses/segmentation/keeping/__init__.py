"""Labels that stay put: the `model_in_use` and its `model_file`, its `labels`, the `moves` between reports, the
likeliest `ways` that customers go, and their `stability`.
"""
