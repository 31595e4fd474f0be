"""Times and days: `times` in the `layouts` that a column's `spellings` allow, in the `day_order` that its values prove.

`wrappings` around times, names of `months`, `weeks`, years of other `eras`, and days that a spreadsheet has `turned`.
"""
