"""What each arm changed: `changes` from `lifts`, told in `sizes`; `variance` saved, `caps`, `by_day` from
`daily_looks`, `waiting_times` to `awaited_events`, the values' `spread` and
`quantiles`, what was in `reach`.
"""
