"""Propose: look at a workbook and draft the declaration that would read it."""
