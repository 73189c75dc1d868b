"""Hold back what a restricted source wrote into a field where it does not belong.

In here: records as read, before anything keeps them: a text that is no number, no date
and no known code may be a person's name in a wrong column. Not in here: fields of
free text and identifiers, in which nobody can tell a name; a layout must not map them.
"""

import pandas as pd

from pipeline.errors import Problem, UnknownCodeError
from pipeline.process.classify import Coding, code_column
from pipeline.process.validate import parse_field
from schemas.fields import Record

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
    if coding.source.sensitivity == "public":
        return records
    kept = records.copy()
    problems: list[Problem] = []
    for field in record.fields:
        if field.kind == "code":
            problems += code_column(records, field, coding)[1]
        elif field.kind in PARSED_KINDS:
            _, is_parsed = parse_field(records[field.name], field, coding)
            kept[field.name] = held_back(records[field.name], is_parsed)
    if problems:
        raise UnknownCodeError(problems)
    if PRINTED in kept:
        # A number format can show words beside the number.
        has_words = kept[PRINTED].str.contains(r"[^\W\d_]", regex=True).fillna(False)
        kept[PRINTED] = kept[PRINTED].mask(has_words.astype(bool), kept["value"])
    return kept


def held_back(text: pd.Series, is_parsed: pd.Series) -> pd.Series:
    """Return the texts, with a marker in the place of those that did not parse."""
    markers = {
        word: f"\u27e8refused: {len(word)} characters\u27e9"
        for word in text[~is_parsed].dropna().unique()
    }
    return text.where(is_parsed, text.map(markers)).astype("str")
