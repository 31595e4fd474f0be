"""What each arm changed: `changes` from `lifts`, told in `sizes`; `variance` saved or capped, `by_day`,
`waiting_times`, the values' `spread`, what was in `reach`.
"""
