"""A measurement as a file: ``koers-measurement/1`` as JSON, or one table as CSV or XLSX. See docs/exchange.md."""
