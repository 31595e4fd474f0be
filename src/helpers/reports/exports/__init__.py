"""What leaves a report: `crm` makes the files of the plan's list that a CRM takes in, `workbook` the report in Excel.

`books` are workbooks that can run nothing, `cells` shows numbers in them as pages do; `paper` is what one of the
`browsers` prints, `post` sends the first page by mail, with `pictures` in it.
"""

from helpers.reports.exports.crm import FOLDER, KINDS, again, write
from helpers.reports.exports.paper import PDF, has_pdf, write_pdf
from helpers.reports.exports.pictures import of_lines, of_paths
from helpers.reports.exports.post import MAIL
from helpers.reports.exports.workbook import WORKBOOK, write_workbook

__all__ = [
    "FOLDER", "KINDS", "MAIL", "PDF", "WORKBOOK", "again", "has_pdf", "of_lines", "of_paths", "write", "write_pdf",
    "write_workbook",
]  # fmt: skip
