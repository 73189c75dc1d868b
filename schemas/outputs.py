"""A published row: the columns that every table of `out` has.

In here: their names, order and meaning. Not in here: the dimensions and attributes of
one table; those are declared in `schemas/tables/`.
"""

LEADING = {
    "cell_id": "Identifier of the cell; the same table, dimensions and period give "
    "the same identifier in every release.",
    "ref_area": "Country.",
    "time_period": "Period: 2014, 2014-S1, 2014-Q2, 2014-03, an ISO interval, _T "
    "or _U.",
    "freq": "Frequency of the series: A, S, Q, M, or N where it is none of these.",
}

TRAILING = {
    "unit_measure": "What one of the value is.",
    "obs_value": "The value; empty where withheld or not supplied.",
    "mark": "b break, x not supplied, c withheld, z cannot exist, p provisional …",
    "obs_status": "SDMX observation status.",
    "conf_status": "SDMX confidentiality status.",
    "source_id": "The source, or `registers`.",
    "synthetic": "Whether the data are made up for demonstration.",
}

PROVENANCE = {
    "table_name": "Published table.",
    "cell_id": "Published cell.",
    "record_id": "Record that the cell counts or shows.",
    "source_id": "Source of the record.",
    "file": "File it was read from.",
    "sha256": "SHA-256 of that file.",
    "sheet": "Sheet.",
    "cell": "Cell.",
}
