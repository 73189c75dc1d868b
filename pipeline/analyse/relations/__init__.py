"""What is counted: one relation per table of registers, as SQL over `core`.

In here: the rows that a cube counts, with their dimensions, the key of the unit and
the record behind each row. Not in here: grouping, totals and traces (`aggregate.py`).
"""
