"""Parsers: one file for each format, all giving the same frozen result (intake/reading.py)."""
