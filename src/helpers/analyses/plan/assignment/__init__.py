"""Who gets what: whom we leave alone, which action for whom within limits, who is held out, and the list."""
