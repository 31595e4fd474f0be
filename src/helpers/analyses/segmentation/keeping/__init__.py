"""Labels that stay put: the `model_in_use`, its `labels`, the `moves` between reports, and their `stability`."""
