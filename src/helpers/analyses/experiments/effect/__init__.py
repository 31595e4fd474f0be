"""What each arm changed: `lifts`, `variance` saved and capped, `by_day`, `waiting_times`, and the `spread` of values.
"""
