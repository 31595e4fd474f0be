"""What every answer is made of: a table whose columns are declared, a figure, a sentence.

`finding` shows and saves them; `folding` is the rule for small groups; `formats` writes numbers as readers see them;
`charts` draws, with `axes`, `ink` and `typeface`.
"""

from helpers.findings.finding import Finding, NotApplicable, if_applicable, load, save, show

__all__ = ["Finding", "NotApplicable", "if_applicable", "load", "save", "show"]
