"""What to do: `guards` of what must not fall, `verdicts` on an arm, the `advice` for all."""
