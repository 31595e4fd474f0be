"""How customers begin: `newcomers` and what they did when, `early_steps` by cohort, and who stays, `later_stays`."""
