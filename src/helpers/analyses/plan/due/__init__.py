"""Who is due for what: what is known of each customer, which rules ask, and what an action would bring."""
