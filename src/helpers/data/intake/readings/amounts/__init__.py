"""Numbers: their `marks`, what stands beside them (`affixes`, `currencies`, `sides` of an account), and `scales`.

`ladders` are answers in words that stand for numbers.
"""
