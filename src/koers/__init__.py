"""Koers: the workbench with which a local government sets the course of its digital transformation."""

__version__ = "0.1.0"
