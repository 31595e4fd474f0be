"""Numbers: their `marks`, what stands beside them (`affixes`, `currencies`, `sides` of an account), and `scales`.

`numerals` are spelled by Chinese characters, `ladders` are answers in words that stand for numbers, `directions` say
where low ones are good; `stand_ins` are numbers that may stand for none.
"""
