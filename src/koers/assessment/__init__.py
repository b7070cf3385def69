"""Measuring: instruments, measurements, who answers, live workshops, and what was decided."""
