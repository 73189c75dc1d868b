"""What a number of a figure carries beside itself: footnote signs, a qualifier.

In here: taking these off the text of a value into fields of their own. Not in here:
the forms of the words (`value_text.py`); texts that stand for no number, and reading
the number itself (`process/`).
"""

from collections.abc import Mapping

import numpy.typing as npt
import pandas as pd

from pipeline.collect.value_text import split_qualifier, strip_signs
from pipeline.model import SEPARATOR


def with_value_parts(
    records: pd.DataFrame, footnotes: Mapping[str, str]
) -> pd.DataFrame:
    """Return figures whose `value` is the number alone.

    Signs of footnotes that tell of the number (revised …) become `obs_mark`, "более"
    and the like `qualifier`. `value_as_printed` keeps the whole.
    """
    texts = records["value"]
    told = parts_of_values(texts.dropna().unique(), footnotes)
    found = {name: texts.map(told[name]).astype("str") for name in told.columns}
    if "qualifier" in records:
        found["qualifier"] = found["qualifier"].fillna(records["qualifier"])
    if "obs_mark" in records:  # of its labels
        own = found["obs_mark"].fillna("")
        marks = (records["obs_mark"].fillna("") + SEPARATOR + own).str.strip(SEPARATOR)
        found["obs_mark"] = marks.mask(marks.eq(""))
    return records.assign(**found)


def parts_of_values(
    distinct: npt.ArrayLike, footnotes: Mapping[str, str]
) -> pd.DataFrame:
    """Return columns `value`, `obs_mark`, `qualifier`, one row per text, as index."""
    texts = pd.Series(distinct, dtype="str")
    texts = texts.set_axis(pd.Index(texts))
    plain, marks = strip_signs(texts, footnotes)
    numbers, qualifiers = split_qualifier(plain)
    return pd.DataFrame({"value": numbers, "obs_mark": marks, "qualifier": qualifiers})
