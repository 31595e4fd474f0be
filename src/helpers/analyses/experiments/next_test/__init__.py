"""What the next test takes: a `rehearsal` on the history, and weekly `looks` at the test while it runs."""
