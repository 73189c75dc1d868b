"""The words of workbooks to fill in, in every language, and the labels of fields.

In here: the shape of `schemas/template.yml` and of `schemas/labels/fields.csv`, and
which word is printed in a language. Not in here: writing the workbook (`template`).
"""

from functools import cache
from typing import Literal, get_args

import pandas as pd
from pydantic import model_validator

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.declarations.codelists import ACCEPTED_STATUS, read_table
from pipeline.declarations.sources import Meaning
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY
from schemas.registers import REGISTERS

Language = Literal["en", "ru", "kk"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
INSTEAD: dict[Language, tuple[Language, ...]] = {
    "en": ("en",),
    "ru": ("ru", "en"),
    "kk": ("kk", "ru", "en"),
}
"""The languages that may stand in the place of one, the best first."""

LABELS_FILE = "schemas/labels/fields.csv"
LABEL_COLUMNS = (
    *("record", "field", "label_en", "label_ru", "label_kk"),
    *("label_en_status", "label_ru_status", "label_kk_status", "help_ru"),
)


class Wording(Declaration):
    """One text in the languages of the project; Kazakh may be open."""

    en: str
    """In English."""

    ru: str
    """In Russian."""

    kk: str = ""
    """In Kazakh."""

    def every(self) -> tuple[str, ...]:
        """Return the text in each language in which there is one."""
        return tuple(text for text in (self.en, self.ru, self.kk) if text)


class Texts(Declaration):
    """Short texts: titles, headers of columns, what a program says of a cell."""

    guide_title: Wording
    rows_heading: Wording
    fallback_note: Wording
    required: Wording
    optional: Wording
    several: Wording
    choose: Wording
    choose_several: Wording
    date_help: Wording
    number_help: Wording
    bad_list_title: Wording
    bad_list: Wording
    bad_date_title: Wording
    bad_date: Wording
    bad_number_title: Wording
    bad_number: Wording
    machine_row: Wording
    lists_title: Wording
    lists_note: Wording
    list_column: Wording
    code_column: Wording
    write_column: Wording
    column_column: Wording
    needed_column: Wording
    how_column: Wording
    meaning_column: Wording
    columns_heading: Wording
    examples_title: Wording
    source_title: Wording
    fact_column: Wording
    answer_column: Wording
    program_note: Wording


class Section(Declaration):
    """A part of the guide: a heading and its lines."""

    heading: Wording
    lines: tuple[Wording, ...]


class Fact(Declaration):
    """One fact of a source, to be filled in: a key of its declaration.

    What may be chosen is either a code list or `choices`, value → its words.
    """

    fact: Literal[
        "source",
        "title",
        "publisher",
        "licence",
        "language",
        "ref_area",
        "sensitivity",
        "coverage",
        "synthetic",
        "note",
    ]
    label: Wording
    help: Wording
    required: bool = False
    list: str = ""
    choices: dict[str, Wording] = {}


class TemplateWords(Declaration):
    """Everything that a workbook to fill in says."""

    format: str
    country: str
    statuses: dict[Language, str]
    marks: dict[str, Meaning]
    texts: Texts
    rows: dict[str, Wording]
    guide: tuple[Section, ...]
    kinds: dict[str, Wording]
    facts: tuple[Fact, ...]
    examples: dict[str, tuple[dict[str, str], ...]]

    @model_validator(mode="after")
    def _tells_of_every_register(self) -> "TemplateWords":
        names = {record.name for record in REGISTERS}
        for told in (self.rows, self.examples):
            if odd := sorted(names ^ set(told)):
                raise ValueError(f"one entry for each register; differs by {odd}")
        return self

    def said(self, wording: Wording, language: Language) -> str:
        """Return a text in a language, or in the one that stands in its place."""
        for one in INSTEAD[language]:
            text = str(getattr(wording, one))
            if text and self.statuses.get(one) in ACCEPTED_STATUS:
                return text
        raise DeclarationError(f"template.yml: nothing to print for {wording.en!r}")


class FieldLabels:
    """The labels of the fields of registers, and what they mean."""

    def __init__(self, rows: pd.DataFrame) -> None:
        keys = zip(rows["record"], rows["field"], strict=True)
        self.rows: dict[tuple[str, str], dict[str, str]] = dict(
            zip(keys, rows.to_dict("records"), strict=True)  # type: ignore[arg-type]
            # read as text, with these columns
        )

    def label(self, record: str, field: str, language: Language) -> str:
        """Return the label of a field in a language, or what stands in its place.

        A label from memory (M) is not printed.
        """
        row = self.rows[record, field]
        for one in INSTEAD[language]:
            if row[f"label_{one}"] and row[f"label_{one}_status"] in ACCEPTED_STATUS:
                return row[f"label_{one}"]
        raise DeclarationError(
            f"{LABELS_FILE}: {record}.{field} has no label to print in {language}"
        )

    def help(self, record: str, field: str, language: Language) -> str:
        """Return what a field means; in English the fields themselves say it."""
        if language == "en":
            registers = {one.name: one for one in REGISTERS}
            return registers[record].field(field).description
        return self.rows[record, field]["help_ru"]


@cache
def template_words() -> TemplateWords:
    """Return the words of workbooks to fill in. Raises DeclarationError."""
    return read_declaration(REPOSITORY / "schemas" / "template.yml", TemplateWords)


@cache
def field_labels() -> FieldLabels:
    """Return the labels of all fields of registers.

    Raises:
        DeclarationError: a field has no row, or two, or a row is of no field; or one
            register would have two columns of one label.
    """
    rows = read_table(REPOSITORY / LABELS_FILE, LABEL_COLUMNS)
    found = list(zip(rows["record"], rows["field"], strict=True))
    wanted = [(one.name, name) for one in REGISTERS for name in one.names]
    odd = sorted(set(found) ^ set(wanted)) or sorted(
        pair for pair in set(found) if found.count(pair) > 1
    )
    if odd:
        raise DeclarationError(
            f"{LABELS_FILE}: one row for each field of a register; differs by "
            + ", ".join(".".join(pair) for pair in odd)
        )
    labels = FieldLabels(rows)
    for record in REGISTERS:
        for language in LANGUAGES:
            printed = [labels.label(record.name, n, language) for n in record.names]
            if len({*printed}) < len(printed):
                raise DeclarationError(
                    f"{LABELS_FILE}: {record.name} has a label twice in {language}"
                )
    return labels
