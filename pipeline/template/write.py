"""Write a workbook to fill in, for one register or for all of them.

In here: the order of the sheets, and refusing to overwrite. Not in here: the sheets
(`data_sheet.py`, `other_sheets.py`).

Everything is written as text, never as a formula.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.template import Language, field_labels, template_words
from pipeline.errors import Point27Error
from pipeline.model import SPECIAL_CODES
from pipeline.template.data_sheet import write_register
from pipeline.template.look import Pen, formats_of
from pipeline.template.other_sheets import (
    write_examples,
    write_guide,
    write_lists,
    write_source,
)
from schemas.fields import Record
from schemas.registers import REGISTERS

ALL = "all"
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  xlsxwriter takes it as it stands
"""One day for all of them, so that the same words give the same bytes."""


def registers_named(name: str) -> tuple[Record, ...]:
    """Return the register of a name, or all. Raises Point27Error if there is none."""
    if name == ALL:
        return REGISTERS
    found = tuple(record for record in REGISTERS if record.name == name)
    if not found:
        known = ", ".join(record.name for record in REGISTERS)
        raise Point27Error(f"no register {name!r}; there are {known}, and {ALL}")
    return found


def known_country(code: str, lists: Mapping[str, CodeList]) -> str:
    """Return a country as it is. Raises Point27Error where no list knows it."""
    if code not in lists["ref_area"].codes - {*SPECIAL_CODES}:
        raise Point27Error(f"no country {code!r} in the code list ref_area")
    return code


def refuse_name(path: Path) -> None:
    """Raise Point27Error where a file stands, or where its name is another kind's."""
    if path.exists():
        raise Point27Error(f"{path}: there is a file already; choose another --output")
    if path.suffix.lower() != ".xlsx":
        raise Point27Error(f"{path}: the name of the workbook must end in .xlsx")


def write_template(
    register: str,
    language: Language,
    path: Path,
    lists: Mapping[str, CodeList],
    country: str = "",
) -> Path:
    """Write a workbook to fill in; the same words give the same bytes.

    Args:
        register: name of a register, or "all" for a sheet of each.
        language: of its labels and its guide.
        path: where; a file that is there may have been filled in and stays.
        lists: code lists by name.
        country: whose bodies, laws and regions the lists have, a code of the list
            ref_area; else the one that `schemas/template.yml` names.

    Raises:
        Point27Error: there is no such register or country, or a file stands there.
        DeclarationError: the words of templates are not complete.
    """
    records = registers_named(register)
    refuse_name(path)
    words, labels = template_words(), field_labels()
    about = known_country(country or words.country, lists)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": f"point27: {register}", "created": CREATED})
        formats = formats_of(workbook)
        pen = Pen(workbook, formats, language, about, words, labels, lists)
        write_guide(pen, records)
        write_source(pen, records)
        for record in records:
            write_register(pen, record)
        write_examples(pen, records)
        write_lists(pen, records)
    return path
