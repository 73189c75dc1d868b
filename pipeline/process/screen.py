"""Hold back what a restricted source wrote into a field where it does not belong.

In here: records as read, before anything keeps them: a text that is no number, no date
and no known code may be a person's name in a wrong column. Not in here: fields of
free text and identifiers, in which nobody can tell a name; a layout must not map them.
"""

import pandas as pd

from pipeline.errors import Problem, UnknownCodeError
from pipeline.process.classify import Coding, unknown_words
from pipeline.process.distinct import per_distinct
from pipeline.process.fields import parse_texts
from schemas.fields import Field, Record

PARSED_KINDS = ("date", "number", "range")
PRINTED = "value_as_printed"


def screen(records: pd.DataFrame, record: Record, coding: Coding) -> pd.DataFrame:
    """Return the records of a restricted source that may be kept.

    What does not parse becomes a marker that tells only its length; review puts the
    record into quarantine because of it. Records of a public source come back as
    they are.

    Raises:
        UnknownCodeError: a word is not known; nothing of the file may be kept.
    """
    if coding.is_public:
        return records
    kept = records.copy()
    problems: list[Problem] = []
    for field in record.fields:
        if field.kind == "code":
            problems += unknown_words(records, field, coding)
        elif field.kind in PARSED_KINDS:
            kept[field.name] = held_back(records[field.name], field, coding)
    if problems:
        raise UnknownCodeError(problems)
    if PRINTED in kept:
        # A number format can show words beside the number.
        has_words = kept[PRINTED].str.contains(r"[^\W\d_]", regex=True).fillna(False)
        is_refused = kept["value"].ne(records["value"]) & records["value"].notna()
        hides = has_words.astype(bool) | is_refused
        kept[PRINTED] = kept[PRINTED].mask(hides, kept["value"])
    return kept


def held_back(column: pd.Series, field: Field, coding: Coding) -> pd.Series:
    """Return the texts, with a marker in the place of those that do not parse."""

    def screened(texts: pd.Series) -> pd.Series:
        is_parsed = parse_texts(texts, field, coding)["is_parsed"].astype(bool)
        lengths = texts.str.len().astype("Int64").astype("str")
        markers = "\u27e8refused: " + lengths + " characters\u27e9"
        return texts.where(is_parsed, markers)

    return per_distinct(column, screened)
