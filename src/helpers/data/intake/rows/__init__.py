"""From texts to typed rows: `columns` of `value_types`, with what `lookups` add and `unpivot` turns; one `money`.

`rules` mark what breaks the contract, `purchases` are what was bought, `strays` times that are no facts, by the
`calendar` of days with rows; `losses` stop what would lose too much.
"""
