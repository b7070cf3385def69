"""The forms of a workbook's pages."""
