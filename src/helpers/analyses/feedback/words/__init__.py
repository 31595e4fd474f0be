"""What customers write: `terms` cut from texts, and the `topics` they make."""
