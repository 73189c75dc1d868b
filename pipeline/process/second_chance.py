"""What is tried on a word that no spelling of a code list fits.

In here: articles of law in other spellings, and words with look-alike letters. Not in
here: coding a column (`classify.py`), which tells each word read so as a remark.
"""

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.letters import loose
from pipeline.declarations.sources import Source
from pipeline.model import SEPARATOR
from pipeline.process.article import charge_words
from schemas.fields import Field

CHARGE = "charge"


def second_chance(
    word: str, field: Field, codelist: CodeList, source: Source
) -> str | None:
    """Return the code of a word that no spelling fits, or None.

    Args:
        word: one word of a cell, as the source wrote it.
        field: the field it stands in; only one that may hold several codes takes
            "146 и 362".
        codelist: the list of the field.
        source: whose word it is.

    Returns:
        One code, or several joined by `model.SEPARATOR`. None stays an unknown word.
    """
    if codelist.name == CHARGE:
        found = charge_words([word], codelist, source).get(word)
        if found and (field.multiple or SEPARATOR not in found):
            return found
    known = codelist.loosely_known(source.source, source.areas)
    return known.get(loose(normalise(word)))
