"""What to do: `faults` that forbid it, `guards` of what must not fall, `verdicts` on an arm, the `advice` for all."""
