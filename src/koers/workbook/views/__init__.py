"""The pages of a workbook, by what they are for."""
