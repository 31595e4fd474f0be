"""What each arm changed: `lifts`, `variance` saved or capped, `by_day`, `waiting_times`, and the values' `spread`."""
