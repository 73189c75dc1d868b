"""`meta`: sources, code lists and tables as declared, for those who query.

In here: writing declarations into the warehouse, and taking out what belongs to none
that is left. Not in here: reading them.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.analyse.linkage.linked import RULES
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.linkage import Linkage
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import TableSpec
from pipeline.store.made_up import said
from pipeline.warehouse import Warehouse, quoted_name
from schemas.records import RECORDS

SOURCE_COLUMNS = (
    *("source_id", "title", "publisher", "licence", "language", "ref_area"),
    *("sensitivity", "synthetic", "coverage", "note"),
)
LIST_VIEWS = "meta.codelist_"
ALL_LISTS = (
    "All code lists, by the column codelist. Each is also a view of its own, "
    "meta.codelist_<name>, with only the columns that it has."
)
COLUMN_NOTES = {
    "code": "Code.",
    "parent": "Code of the same list that this one is part of.",
    "valid_from": "First day on which the row is valid; empty: always.",
    "valid_to": "Last day on which the row is valid; empty: still.",
    "label_en": "Label in English.",
    "label_ru": "Label in Russian.",
    "label_kk": "Label in Kazakh.",
    "label_en_status": "V seen, V-en concept seen, P project's own, M from memory.",
    "label_ru_status": "As label_en_status.",
    "label_kk_status": "As label_en_status.",
    "validity_status": "How sure the dates are, in the same codes.",
}


def store_declarations(
    warehouse: Warehouse,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
    tables: Mapping[str, TableSpec],
) -> None:
    """Write every declaration that a reader of the tables needs."""
    forget_others(warehouse, [*sources])
    warehouse.replace(
        "meta.source",
        pd.DataFrame([source_row(s) for s in sources.values()], columns=SOURCE_COLUMNS),
        "Sources: who supplies what, under which licence, public or restricted.",
    )
    told = "Fields whose numbers a source shares with others, and of which numbering."
    warehouse.replace("meta.shared_number", shared_rows(sources), told)
    warehouse.replace("meta.codelist", all_lists(lists), ALL_LISTS, COLUMN_NOTES)
    warehouse.replace_views(LIST_VIEWS, list_views(lists))
    warehouse.replace(
        "meta.published_table",
        pd.DataFrame(
            [
                table_row(spec) | {"title": said(warehouse, spec.title)}
                for spec in tables.values()
            ]
        ),
        "Published tables: what each answers, its unit, period basis and notes.",
    )


def store_linkage(warehouse: Warehouse, linkage: Linkage) -> None:
    """Write the model by which lists of complaints are linked, whole, as JSON."""
    rules = pd.DataFrame({"rules": [linkage.model_dump_json()]}, dtype="str")
    warehouse.replace(RULES, rules, "Model that links lists of complaints, as JSON.")


def forget_others(warehouse: Warehouse, sources: Sequence[str]) -> None:
    """Take out the deliveries of sources that no longer take part, and what they held.

    Left there, they would count as current, with cells that no record accounts for.
    """
    counts = ["meta.delivery", "raw.cell_count", "raw.control"]
    derived = ["raw.past_reason", "raw.past_revision", "meta.notice"]
    read = [*counts, *(f"raw.{name}" for name in RECORDS), *derived]
    for table in filter(warehouse.has, read):
        found = warehouse.read(f"SELECT DISTINCT source_id FROM {table}")["source_id"]
        if gone := sorted({*found} - {*sources}):
            nothing = warehouse.read(f"SELECT * FROM {table} LIMIT 0")
            warehouse.replace_rows(table, nothing, "source_id", gone)


def all_lists(lists: Mapping[str, CodeList]) -> pd.DataFrame:
    """Return the rows of all lists; a column that a list lacks is missing there."""
    return pd.concat([one.rows.assign(codelist=name) for name, one in lists.items()])


def list_views(lists: Mapping[str, CodeList]) -> dict[str, str]:
    """Return for each list the view that shows it alone, with its own columns."""
    return {
        f"{LIST_VIEWS}{name}": (
            f"SELECT {', '.join(map(quoted_name, one.rows.columns))} "
            f"FROM meta.codelist WHERE codelist = '{name}'"
        )
        for name, one in lists.items()
    }


def source_row(source: Source) -> dict[str, object]:
    """Return one row of `meta.source`."""
    declared = source.model_dump(include={*SOURCE_COLUMNS})
    return {"source_id": source.source, **declared}


def shared_rows(sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return one row for each field of a source that is of a shared numbering."""
    rows = [
        (name, field, numbering)
        for name, source in sources.items()
        for field, numbering in source.shared_numbers.items()
    ]
    columns = ["source_id", "field", "numbering"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def table_row(spec: TableSpec) -> dict[str, object]:
    """Return one row of `meta.published_table`."""
    return {
        "table_name": spec.table,
        "title": spec.title,
        "answers": spec.answers,
        "unit": spec.unit,
        "period_basis": spec.period_basis,
        "coverage": spec.coverage,
        "small_counts": spec.small_counts,
        "notes": "\n".join(spec.notes),
    }
