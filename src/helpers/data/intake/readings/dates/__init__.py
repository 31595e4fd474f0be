"""Times and days: `times` in the `layouts` that a column's `spellings` allow, in the `day_order` that its values prove.

Names of `months`, `weeks`, years of other `eras`, and days that a spreadsheet has `turned`.
"""
