"""What every answer is made of: a table whose columns are declared, a figure, a sentence.

`finding` shows them, `files` keeps them, `scopes` says of whom they are told; `sentence` is what they say in any
language, with its `facts`; `columns` declares what a column is, `vocabulary` those that words share; `evidence` says
what is beyond chance; `folding` makes one of small groups; `formats` writes numbers as readers see them, `tables`
tables of them. `privacy` is the room that every table and sentence passes before readers see it, `drawing` the one of
figures.
"""

from helpers.findings.columns import Column, Kind
from helpers.findings.files import load, save
from helpers.findings.finding import DeclaredTable, Finding, Listing, NotApplicable, if_applicable
from helpers.findings.scopes import analysis
from helpers.findings.sentence import Sentence, say

__all__ = [
    "Column", "DeclaredTable", "Finding", "Kind", "Listing", "NotApplicable", "Sentence", "analysis", "if_applicable",
    "load", "save", "say",
]  # fmt: skip
