"""The form of a workbook to fill in, which writing and reading share.

In here: names of its sheets, rows and signs. Not in here: its words (`schemas`).

The sheet of a register has the labels in its first row and the machine names below
them: reading looks at the machine names and never depends on a word.
"""

DATA_LABELS, DATA_NAMES, DATA_FROM = 0, 1, 2
"""Rows of the sheet of a register: labels, machine names, first row of data."""

SOURCE, GUIDE, EXAMPLES, LISTS = "source", "guide", "examples", "lists"
NO_DATA = {
    SOURCE: "what the data are: read into the facts of the source",
    GUIDE: "how to fill in the workbook",
    EXAMPLES: "made-up examples",
    LISTS: "what may be chosen",
}
"""Sheets beside those of the registers, and why they hold no data."""

MARKER = "point27_template"
"""Stands in A1 of the sheet `source` of every such workbook."""

NAME_COLUMN, LABEL_COLUMN, VALUE_COLUMN, HELP_COLUMN = 0, 1, 2, 3
"""Columns of the sheet `source`: machine name, question, answer, what is meant."""

COLUMNS_OF = "columns_"
"""Begins the machine name of a row that tells the columns of a register's sheet: their
machine names in the column of answers, their labels beside it."""

BETWEEN = " | "
"""Between the columns told there."""

REQUIRED_SIGN = "\u00a0*"
"""Behind a label of what must be filled in; the blank does not break the line."""
