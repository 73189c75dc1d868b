"""Workbooks to fill in: writing them, and telling one that was filled in."""
