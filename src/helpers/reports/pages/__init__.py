"""How a page is made: `publish` prints what `proof` makes fit to print, and `monday` gathers the first page.

`prose` is a notebook's own text, `anchors` are places that links lead to, `downloads` files of tables, `search` words,
`excerpts` what of a page stands on paper, `series` which answers wait below their headlines, `ties` what no line parts.
"""
