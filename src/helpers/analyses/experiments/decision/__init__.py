"""What to do: `guards` of what must not fall, `verdicts` on an arm, and the `advice` for all."""
