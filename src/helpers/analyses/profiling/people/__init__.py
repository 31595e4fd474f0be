"""Who customers are: `groups`, their `behaviour`, `requests` and `filled_fields`, and portraits `by_segment`."""
