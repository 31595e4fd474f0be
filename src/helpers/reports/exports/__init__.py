"""The list for those who work by it: `crm` makes the files that a CRM takes in."""

from helpers.reports.exports.crm import FOLDER, KINDS, again, write

__all__ = ["FOLDER", "KINDS", "again", "write"]
