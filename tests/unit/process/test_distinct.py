"""Work is done on each distinct text once, and the rows get what belongs to them."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.process.distinct import distinct, is_among, per_distinct

TEXTS = st.lists(st.sampled_from(["a", "b", "", "ä", None]), max_size=9)


def measured(texts: pd.Series) -> pd.DataFrame:
    """Return a number and a text made of each text."""
    return pd.DataFrame({"length": texts.str.len(), "twice": texts + texts})


@given(texts=TEXTS)
def test_rows_get_what_a_function_of_each_row_gives(texts) -> None:
    column = pd.Series(texts, dtype="str", index=range(5, 5 + len(texts)))
    found = per_distinct(column, measured)
    pd.testing.assert_frame_equal(found, measured(column), check_dtype=bool(texts))


@given(texts=TEXTS)
def test_the_function_sees_each_text_once(texts) -> None:
    found = distinct(pd.Series(texts, dtype="str"))
    assert found.texts.is_unique
    assert set(found.texts.dropna()) == {text for text in texts if text is not None}


@given(texts=TEXTS, some=TEXTS)
def test_texts_are_found_among_others_as_by_isin(texts, some) -> None:
    column = pd.Series(texts, dtype="str", index=range(7, 7 + len(texts)))
    wanted = pd.Series(some, dtype="str").dropna()
    pd.testing.assert_series_equal(is_among(column, wanted), column.isin(wanted))
