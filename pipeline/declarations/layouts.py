"""Layouts: how the cells of a sheet become records, as a source declares it.

In here: the shape of a table in `schemas/sources/*.yml`: flat tables, crosstabs,
where they stand on a sheet, and what is read from titles and names. Not in here: the
source as a whole (`sources.py`); applying a layout (`collect`).

The words for where a header stands seen from its values (up, left, up-left, left-up)
are those of unpivotr and tidychef, the two libraries of the field.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from pipeline.declarations.base import Declaration
from pipeline.declarations.layout_parts import (
    AlsoRecord,
    Area,
    Blocks,
    Control,
    Fields,
    FromText,
    HeaderLevel,
    IgnoredRows,
    Join,
    Labels,
    Pattern,
    Period,
    RecordName,
    RowControl,
    StubColumn,
    Templates,
    by_label,
    is_fiscal_start,
    names_in,
    unknown_fields,
)
from schemas.records import RECORDS


class Table(Declaration):
    """What flat tables and crosstabs share."""

    record: RecordName
    """Kind of record that a row or cell becomes."""

    area: Area = Field(default_factory=lambda: Area.model_validate({}))
    """Where the table stands, if others stand on the sheet."""

    constants: Fields = {}
    """Field → value for every record; {row}, {sheet} and {file} stand for the place."""

    notes: tuple[str, ...] = ()
    """What rows begin with that are notes and no data."""

    footnotes: dict[str, str] = {}
    """Sign glued to texts and numbers → mark: note, r, p, e, c, x …"""

    from_: tuple[FromText, ...] = Field((), alias="from")
    """Fields that a title, or the name of the sheet or file states."""

    period: Period | None = None
    """Where the period of the whole table is stated in words."""

    fiscal_start: Annotated[int, AfterValidator(is_fiscal_start)] = 0
    """Month in which financial years such as 2018/19 begin."""

    @property
    def fields_told(self) -> dict[str, set[str]]:
        """Return record → the fields that the layout fills, by columns or otherwise."""
        return {self.record: {*self.constants, *self.fields_around}}

    @property
    def fields_around(self) -> set[str]:
        """Return the fields that texts around the rows fill, in all their records."""
        return {name for told in self.from_ for name in told.fields}

    @model_validator(mode="after")
    def _fills_fields_that_exist(self) -> "Table":
        if unknown := [
            told
            for record, names in self.fields_told.items()
            for told in unknown_fields(record, names)
        ]:
            raise ValueError("; ".join(unknown))
        return self


class FlatTable(Table):
    """A table whose header names its columns; one row is one record, or several.

    Under `fill_down` an empty cell has the text of the one above, under `fill_merged`
    a merged one counts for each of its rows.
    """

    layout: Literal["flat"]
    """One row is one record."""

    header_rows: Annotated[int, Field(ge=1, le=9)] = 1
    """How many rows the header has."""

    header_name: Literal["path", "first", "last"] = "path"
    """What names a column: all levels joined by " | ", the first or the last."""

    repeats_header: bool = False
    """Whether the header is printed again in the middle."""

    columns: dict[str, str | tuple[str, ...]]
    """Header → field, or several fields."""

    join: dict[str, Join] = {}
    """Field → the columns that it is spread over."""

    split: dict[str, Pattern] = {}
    """Header → regular expression between several codes in one cell."""

    one_record_each: dict[str, Pattern] = {}
    """Header → regular expression between the entries; each is a record."""

    fill_down: tuple[str, ...] = ()
    """Headers of columns whose blank cells mean the one above."""

    fill_merged: tuple[str, ...] = ()
    """Headers of columns whose merged cells count for each of their rows."""

    ignore_rows: tuple[IgnoredRows, ...] = ()
    """Rows that are no record of the table, with the reason."""

    blocks: Blocks | None = None
    """Keys on rows of their own, with their details below."""

    controls: tuple[RowControl, ...] = ()
    """Rows that repeat what other rows say."""

    also: tuple[AlsoRecord, ...] = ()
    """Further records made of the same rows."""

    dropped: dict[str, str] = {}
    """Header → reason of a column that is never read."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return every header that the sheet must have, each once."""
        joined = (name for join in self.join.values() for name in join.columns)
        others = (name for more in self.also for name in more.headers)
        named = (*self.columns, *joined, *others, *self.dropped)
        controls = (name for control in self.controls for name in control.rows)
        ignored = (name for rows in self.ignore_rows for name in rows.rows)
        return tuple(dict.fromkeys((*named, *controls, *ignored)))

    @property
    def fields_told(self) -> dict[str, set[str]]:
        """Return record → the fields that the layout fills, by columns or otherwise."""
        told = super().fields_told
        told[self.record] |= {*names_in(self.columns), *self.join}
        for more in self.also:
            own = {*names_in(more.columns), *more.join, *more.constants}
            told[more.record] = told.get(more.record, set()) | own
        return told

    @property
    def fields_around(self) -> set[str]:
        """Return the fields that titles, names and keys fill, in all records."""
        keys = re.compile(self.blocks.key).groupindex if self.blocks else {}
        return super().fields_around | {*keys}

    @model_validator(mode="after")
    def _names_its_headers(self) -> "FlatTable":
        by = (
            name for control in self.controls for name in (*control.by, *control.sums)
        )
        told = (*self.split, *self.one_record_each, *self.fill_down, *by)
        told += self.fill_merged
        known = set(self.headers)
        if unknown := sorted(set(told) - known):
            raise ValueError(f"no column is declared with the header {unknown}")
        for header, text in self.one_record_each.items():
            if re.compile(text).groups:
                raise ValueError(
                    f"one_record_each: {header}: no groups; write (?:...) for (...)"
                )
        return self

    @model_validator(mode="after")
    def _gives_figures_their_values(self) -> "FlatTable":
        made: tuple[FlatTable | AlsoRecord, ...] = (self, *self.also)
        for one in made:
            told = {*names_in(one.columns), *one.join, *one.constants}
            if one.record == "figures" and "value" not in told | self.fields_around:
                raise ValueError(
                    "a table of figures has no column with the field `value`; expected "
                    "the column that holds the numbers; add it under `columns:`"
                )
        return self

    @model_validator(mode="after")
    def _has_blocks_or_ignores_rows(self) -> "FlatTable":
        if self.blocks and self.ignore_rows:
            raise ValueError("`ignore_rows:` does not go together with `blocks:`")
        return self

    @model_validator(mode="after")
    def _keeps_persons_apart(self) -> "FlatTable":
        fields = RECORDS[self.record].fields
        persons = {field.name for field in fields if field.kind == "pseudonym"}
        named = [
            (header, name)
            for header, names in self.columns.items()
            for name in ((names,) if isinstance(names, str) else names)
            if name in persons
        ]
        if several := sorted({h for h, _ in named} & {*self.split}):
            raise ValueError(
                f"split: {several} would make one person of several; give each a "
                "record of its own with one_record_each"
            )
        if len({name for _, name in named}) < len(named):
            raise ValueError(
                "two columns fill one field of a person: join what is one name with "
                "join, and give each of two persons a record of its own"
            )
        return self


class CrosstabTable(Table):
    """A table with labels at the left and above; one cell is one record.

    `rows_of` and `columns_of` list labels by the field that they are values of.
    """

    layout: Literal["crosstab"]
    """One cell is one record."""

    stub: str | tuple[StubColumn, ...]
    """The columns of row labels: a header, or a list of columns."""

    header: tuple[HeaderLevel, ...] = ()
    """The rows of headers, where they are not those of the header of the labels."""

    rows: dict[str, Fields] = {}
    """Row label → field values."""

    rows_like: Templates = {}
    """Regular expression of row labels → field values, with {label} and its groups."""

    row_controls: dict[str, Control] = {}
    """Row label → total or part that repeats other rows."""

    columns: dict[str, Fields] = {}
    """Header → field values."""

    columns_like: Templates = {}
    """Regular expression of headers → field values, with {label} and its groups."""

    column_controls: dict[str, Control] = {}
    """Header → total or part that repeats other columns."""

    controls: tuple[RowControl, ...] = ()
    """Rows of totals told by the texts in their label columns."""

    ignore_rows: dict[str, str] = {}
    """Row label → reason why the row is not read."""

    ignore_columns: dict[str, str] = {}
    """Header → reason why the column is not read."""

    column_numbers: bool = False
    """Whether a row under the header holds the numbers of the columns."""

    rows_of: Labels = {}
    """Field → row labels that are its values."""

    columns_of: Labels = {}
    """Field → headers that are its values."""

    @model_validator(mode="before")
    @classmethod
    def _labels_are_values(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        both = dict(told)
        for axis in ("rows", "columns"):
            if isinstance(lists := told.get(f"{axis}_of"), dict):
                both[axis] = by_label(lists) | dict(told.get(axis) or {})
        return both

    @property
    def fields_told(self) -> dict[str, set[str]]:
        """Return record → the fields that the layout fills, by labels or otherwise."""
        told = super().fields_told
        for fields in (
            *(*self.rows.values(), *self.rows_like.values()),
            *(*self.columns.values(), *self.columns_like.values()),
        ):
            told[self.record] |= set(fields)
        told[self.record] |= {one.field for one in self.stub_columns if one.field}
        return told

    @property
    def stub_columns(self) -> tuple[StubColumn, ...]:
        """Return the columns of row labels, from left to right."""
        if isinstance(self.stub, str):
            return (StubColumn(header=self.stub),)
        return self.stub


TableLayout = Annotated[FlatTable | CrosstabTable, Field(discriminator="layout")]


REFUSED_SHEET = "point27_refused"
"""The sheet of reasons in a workbook that we give back; in one that returns it is
declared non-data by itself."""


class NonDataSheet(Declaration):
    """A sheet that holds no data, with the reason."""

    sheet: str
    """Name of the sheet."""

    non_data: str
    """Why it holds no data."""


class SheetOptions(Declaration):
    """What is told of a sheet with data, whatever stands on it.

    `sheet` may be a pattern such as "20*", for one sheet a year or region. From the
    first row that begins with `notes_from`, all is notes.
    """

    sheet: str
    """Name of the sheet, or a pattern such as "20*"."""

    hidden: Literal["refuse", "use"] = "refuse"
    """Whether hidden rows, columns or sheets are refused, or read as all others."""

    notes_from: str = ""
    """Text that begins the first row of notes; all below it is notes."""


class FlatSheet(SheetOptions, FlatTable):
    """A sheet with one flat table."""


class CrosstabSheet(SheetOptions, CrosstabTable):
    """A sheet with one crosstab."""


class SheetOfTables(SheetOptions):
    """A sheet with several tables, below or beside each other."""

    tables: tuple[TableLayout, ...]
    """The tables, each with its area."""

    notes: tuple[str, ...] = ()
    """What texts outside of all tables begin with."""


def kind_of_sheet(told: Any) -> object:
    """Return what tells the kinds of sheet apart, or nothing where it is not said.

    A fault is then told of the kind that is meant, not of each that there is.
    """
    said = told if isinstance(told, dict) else getattr(told, "__dict__", {})
    keys = (key for key in ("non_data", "tables") if key in said)
    return next(keys, said.get("layout"))


SheetLayout = Annotated[
    Annotated[NonDataSheet, Tag("non_data")]
    | Annotated[SheetOfTables, Tag("tables")]
    | Annotated[FlatSheet, Tag("flat")]
    | Annotated[CrosstabSheet, Tag("crosstab")],
    Discriminator(
        kind_of_sheet,
        custom_error_type="kind_of_sheet",
        custom_error_message="expected `layout: flat`, `layout: crosstab`, `tables:` "
        "or `non_data:` (a reason); say what is on the sheet",
    ),
]


def tables_of(layout: SheetLayout) -> tuple[FlatTable | CrosstabTable, ...]:
    """Return the tables declared on a sheet."""
    if isinstance(layout, NonDataSheet):
        return ()
    return layout.tables if isinstance(layout, SheetOfTables) else (layout,)


def records_of(table: FlatTable | CrosstabTable) -> tuple[str, ...]:
    """Return the kinds of record that a table is made into."""
    also = table.also if isinstance(table, FlatTable) else ()
    return (table.record, *(more.record for more in also))
