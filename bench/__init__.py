"""Measurements of the product beside floors that run in turns on the same machine (see README.md)."""
