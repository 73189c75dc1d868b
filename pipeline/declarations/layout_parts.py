"""Parts of layouts: what tables of every shape are told with.

In here: areas, words around a table, totals, joins, blocks, header levels. Not in here:
the tables themselves (`layouts.py`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from rapidfuzz.process import extractOne

from pipeline.declarations.base import Declaration
from schemas.records import RECORDS

Up = Literal["up", "up-left"]
Left = Literal["left", "left-up"]
RecordName = Literal[
    "complaints",
    "checks",
    "investigations",
    "prosecutions",
    "sentences",
    "figures",
    "claims",
    "documents",
    "codes",
]
Fields = dict[str, str]
"""Field of the record → its value, or a template such as "{label}"."""

Labels = dict[str, tuple[str, ...]]
"""Field of the record → the labels that are its values."""


def is_pattern(text: str) -> str:
    """Return a regular expression as it is. Raises ValueError when it is none."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {text!r} ({error})") from error
    return text


def is_fiscal_start(month: int) -> int:
    """Return the month a financial year begins in. Raises ValueError if it is none."""
    if month not in (0, *range(2, 13)):
        raise ValueError("a month from 2 to 12; a calendar year needs no declaration")
    return month


def require_names(forms: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError when a template uses a name that nothing stands for."""
    names = sorted(known)
    for form in forms:
        for _, name, _, _ in Formatter().parse(form):
            if name is not None and name not in names:
                listed = ", ".join(f"{{{one}}}" for one in names) or "none"
                raise ValueError(
                    f"{form!r}: nothing stands for {{{name}}}; expected {listed}; "
                    "mend the name, or add a group (?P<name>...) to the pattern"
                )


def are_templates(like: dict[str, Fields]) -> dict[str, Fields]:
    """Return pattern → templates as they are. Raises ValueError on unknown names."""
    for pattern, fields in like.items():
        require_names(fields.values(), {"label", *re.compile(pattern).groupindex})
    return like


def is_column(letters: str) -> str:
    """Return the letters of a column as they are; ValueError if they are none."""
    if letters and not re.fullmatch("[A-Za-z]{1,3}", letters):
        raise ValueError("the letters of a column, such as A or AB")
    return letters


Pattern = Annotated[str, AfterValidator(is_pattern)]
Templates = Annotated[dict[Pattern, Fields], AfterValidator(are_templates)]
"""Regular expression → field → template, with {label} and the named groups."""


def names_in(columns: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    """Yield the fields that columns are given, one or several each."""
    for names in columns.values():
        yield from (names,) if isinstance(names, str) else names


def by_label(lists: Mapping[str, object]) -> dict[str, Fields]:
    """Return label → the field that it is the value of.

    What is no list of texts is passed over, to be told as a fault of its own key.
    """
    return {
        label: {name: label}
        for name, labels in lists.items()
        if isinstance(labels, list | tuple)
        for label in labels
        if isinstance(label, str)
    }


def unknown_fields(record: str, names: Iterable[str]) -> list[str]:
    """Return in words which names are no fields of a record.

    `period` stands for the fields of a period, which one text states.
    """
    known = {*RECORDS[record].names}
    if "period_start" in known:
        known.add("period")
    return [
        f"{record} has no field {name!r}; did you mean {extractOne(name, known)[0]!r}?"
        for name in sorted(set(names) - known)
    ]


class Area(Declaration):
    """The part of a sheet that a table stands in, by texts that stand on its edges.

    A text is matched with the beginning of a cell. `from` and `left` are the first
    row and column of the area; `to` and `right` the first that are outside.
    """

    from_: str = Field("", alias="from")
    """Text that begins a cell of the first row of the table."""

    to: str = ""
    """Text that begins a cell of the first row below the table."""

    left: str = ""
    """Text that begins a cell of the first column of the table."""

    right: str = ""
    """Text that begins a cell of the first column right of the table."""


class FromText(Declaration):
    """Fields that stand in a title, or in the name of the sheet or file."""

    where: Literal["title", "sheet_name", "file_name"]
    """Where the text stands."""

    pattern: Pattern
    """Regular expression that finds it; its named groups can be used in `fields`."""

    fields: Fields
    """Field → value: "{year}" is the group `year`, "{}" all that was found."""

    @model_validator(mode="after")
    def _uses_its_own_groups(self) -> "FromText":
        require_names(self.fields.values(), {"", *re.compile(self.pattern).groupindex})
        return self


class Period(Declaration):
    """The period of a whole table, as its title or a name states it in words."""

    where: Literal["title", "sheet_name", "file_name"] = "title"
    """Where the words stand."""

    pattern: Pattern = ""
    """Regular expression of the part that states it, where a text states several."""

    period_type: str = ""
    """Code of the list period_type, where the words do not tell it."""


class Difference(Declaration):
    """A difference between a total and its parts that the source explains."""

    by: str
    """The printed total less the sum of its parts."""

    because: str
    """Why the source says so."""


class AnyControl(Declaration):
    """What repeats other cells: loaded to check, not as data.

    `differs` is keyed by the header of the column, or the label of the row, in which
    the total stands. `rounded` allows for the fractions that rounding took away,
    `leaves_out` says what parts that overlap do not hold of the whole.
    """

    kind: Literal["total", "of_which"] = "total"
    """A total, or a part of a total that is told again ("of which")."""

    additive: bool = True
    """Whether the parts add up; false where they overlap."""

    rounded: bool = False
    """Whether the parts may differ from the total by what rounding took away."""

    leaves_out: str = ""
    """What the total has and its parts leave out, in words."""

    differs: dict[str, Difference] = {}
    """Header or label → a difference that the source explains."""


class Control(AnyControl):
    """A row or column of a crosstab that repeats others; `of` tells which."""

    of: Literal["above", "below", "all"] | tuple[str, ...] = "all"
    """Its parts: those above or below it up to the next total, all, or these labels."""


class RowControl(AnyControl):
    """Rows of a flat table that repeat what other rows say.

    `rows` tells them by header → text (`*` stands for any); the parts are the rows
    above since the last such row, or those with the same texts under `by`.
    """

    rows: dict[str, str]
    """Header → text of the rows of totals; * stands for anything."""

    sums: tuple[str, ...] = ()
    """Headers of the columns that are summed."""

    by: tuple[str, ...] = ()
    """Headers of columns: its parts have the same texts there."""

    of: Literal["above", "all"] = "above"
    """Its parts: the rows above it since the last total, or all."""


class Join(Declaration):
    """One field that is spread over several columns: all, or the first one filled."""

    columns: tuple[str, ...]
    """Headers of the columns, in order."""

    with_: str = Field("", alias="with")
    """What is put between them."""

    take: Literal["all", "first"] = "all"
    """All of them joined, or only the first that is filled."""


class Blocks(Declaration):
    """A key on its own row, its details in the rows below.

    The named groups of `key` are fields of each detail; a row that `end` matches
    closes the block.
    """

    key: Pattern
    """Regular expression of a row that begins a block; its named groups are fields."""

    end: Pattern = ""
    """Regular expression of a row that ends a block."""

    without_details: Literal["record", "non_data"] = "record"
    """What a key without details is: a record, or nothing."""


class IgnoredRows(Declaration):
    """Rows of a flat table that are no record of it, with the reason."""

    rows: Annotated[dict[str, str], Field(min_length=1)]
    """Header → text of the rows; * stands for anything, an empty text for a blank."""

    because: str
    """Why they are none."""


class AlsoRecord(Declaration):
    """A further record made of the same rows, where `when` holds.

    `when` is a header whose column must be filled, or header → text (`*` stands for
    any, an empty text for a blank cell). Without it, it is made wherever the record
    of the table is.
    """

    record: RecordName
    """Kind of the further record."""

    columns: dict[str, str | tuple[str, ...]] = {}
    """Header → its field, or several fields."""

    join: dict[str, Join] = {}
    """Field → the columns that it is spread over."""

    constants: Fields = {}
    """Field → value for every such record."""

    when: str | dict[str, str] = ""
    """Header of the column that must be filled for there to be such a record."""

    @property
    def conditions(self) -> dict[str, str]:
        """Return header → text of the rows that are meant; nothing for all."""
        if isinstance(self.when, str):
            return {self.when: "*"} if self.when else {}
        return self.when

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers that the record names."""
        joined = (name for join in self.join.values() for name in join.columns)
        return (*self.columns, *joined, *self.conditions)


class HeaderLevel(Declaration):
    """One row of headers, told by a text that stands in it."""

    row_of: str
    """Text that begins a cell of the row."""

    stands: Up = "up"
    """Up: above its values. Up-left: above those at its right, too."""


class StubColumn(Declaration):
    """One column of row labels, by its header or, where it has none, its letter.

    With a `field` its texts are values of that field, and need no list of rows.
    """

    header: str = ""
    """Header of the column."""

    column: Annotated[str, AfterValidator(is_column)] = ""
    """Letter of the column, where it has no header."""

    stands: Left = "left"
    """Left of its values, or left-up: it counts for the rows below, too."""

    field: str = ""
    """Field that its texts are values of; then no list of rows is needed."""

    @model_validator(mode="after")
    def _is_told_once(self) -> "StubColumn":
        if bool(self.header) == bool(self.column):
            raise ValueError("give either `header:` or `column:` of a stub column")
        return self
