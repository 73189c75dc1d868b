"""What is printed for a code: a word that leads back to this code, else the code.

In here: choosing among the labels of a code list. Not in here: where it is printed.
"""

from collections.abc import Hashable, Mapping

from pipeline.declarations.codelists import (
    ACCEPTED_STATUS,
    CodeList,
    normalise,
    of_areas,
)
from pipeline.declarations.template import INSTEAD, Language
from pipeline.model import SEPARATOR, TOTAL

NOBODY = ""
"""No source in particular: what all of them may write."""


def printed_codes(
    codelist: CodeList, language: Language, country: str
) -> dict[str, str]:
    """Return code → what is printed for it: those of a country, without the total.

    The latest label of the language where its status lets it be printed, else that of
    the language that stands in its place, else the code. A label that would be read
    as another code is not printed. No row of a register is a total.
    """
    known = codelist.known(NOBODY, {country})
    rows = codelist.rows[of_areas(codelist.rows, {country})]
    latest = {str(row["code"]): row for row in rows.to_dict("records")}
    return {
        code: label_of(code, row, known, language)
        for code, row in latest.items()
        if code != TOTAL
    }


def label_of(
    code: str, row: Mapping[Hashable, str], known: Mapping[str, str], language: Language
) -> str:
    """Return the label of one code, or the code where none leads back to it."""
    for one in INSTEAD[language]:
        label = row[f"label_{one}"]
        is_reviewed = label and row[f"label_{one}_status"] in ACCEPTED_STATUS
        leads_back = known.get(normalise(label)) == code and SEPARATOR not in label
        if is_reviewed and leads_back:
            return label
    return code
