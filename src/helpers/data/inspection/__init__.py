"""What is known of a data set before a notebook runs, for `kehu check`.

`mapping`: headers and the columns they answer to; `reading`: how files and columns were read; `keys`: whether tables
meet; `losses`: rows and money set aside; `inspections`: all of it, what to look at, and what is open.
"""

from helpers.data.inspection.inspections import Inspection, inspected
from helpers.data.inspection.losses import Loss
from helpers.data.inspection.reading import Found, Reading

__all__ = ["Found", "Inspection", "Loss", "Reading", "inspected"]
