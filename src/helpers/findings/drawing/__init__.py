"""Figures: `charts` has one function a kind, on `axes` that all share, in the house's `ink` and `typeface`.

`sketch` is a figure in small, without words.
"""
