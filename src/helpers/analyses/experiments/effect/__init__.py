"""What each arm changed: `lifts`, `variance` saved or capped, `by_day`, `waiting_times`, the values' `spread`, what
was in `reach`."""
