"""Times and days: `times` in the `layouts` that a column's `spellings` allow, in the `day_order` that its values prove.

`wrappings` around times, names of `months`, `weeks`, years of other `eras`, `counts` from other beginnings, names of
time `zones`, and days that a spreadsheet has `turned`.
"""
