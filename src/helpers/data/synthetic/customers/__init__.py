"""Who the demo's customers are: `people`, `birthdays`, `memberships`, and the `programme` that they take part in."""
