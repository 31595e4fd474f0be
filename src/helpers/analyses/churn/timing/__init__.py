"""When customers leave: `curves` by group, hazards over `tenure`, and `by_cohort`."""
