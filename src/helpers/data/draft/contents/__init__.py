"""What each file of a stranger's folder holds: `holdings` reads it, `columns` counts in the engine what its cells hold,
`roles` says what a header plays.

`widths` finds the columns of a file without a delimiter, `appearances` knows what looks like a time or a number,
`statuses` what says that an order is none, or that money goes back.
"""
