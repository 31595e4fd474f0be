"""How the business stands: `windows` of time and `figures` within them, `key_figures`, `key_shares`, `goals`,
`activity`, `movement` of contracts, `repurchase`, the customers' `voice`, and `orders` from placed to kept.
"""
