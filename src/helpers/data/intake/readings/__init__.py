"""What the values of a column are read as: decided from all of them, told, and applied by the engine.

`shapes` are the texts with 9 for each digit, of which `evidence` counts those of a file; `decisions` finds the reading
of every column of a table, each by its kind: `amounts`, `dates`, `flags`, `ids`; `choices` are the few words that a
column may hold; `nulls` are texts that say nothing.
"""

from helpers.data.intake.readings.decisions import Asked, Decided, Reading, decided
from helpers.data.intake.readings.evidence import Evidence
from helpers.data.intake.readings.shapes import Shape, Undecided

__all__ = ["Asked", "Decided", "Evidence", "Reading", "Shape", "Undecided", "decided"]
