"""Read a date that is written with words: "12 марта 2014 г.", "весна 2021".

In here: texts that are one date and nothing else, in Russian, Kazakh and English. Not
in here: dates in digits (`parse.py`), or the words (`schemas/periods.yml`).
"""

import re

import pandas as pd

from pipeline.collect.period_tokens import EARLIEST_YEAR, LATEST_YEAR, plain, tokens_of
from pipeline.collect.period_words import with_days
from pipeline.declarations.periods import PeriodWords, builtin_period_words

HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
BETWEEN = re.compile(r"[\s.,]*")
FORMS = (
    (re.compile(r"dg?"), "DAY"),
    (re.compile(r"m-?yg?|yg?m"), "MONTH"),
    (re.compile(r"yg?|v-?yg?|yg?v"), "YEAR"),
)


def date_in_words(
    text: str, words: PeriodWords | None = None
) -> tuple[pd.Timestamp, str] | None:
    """Return the first day that a text can mean and how exactly it is known, or None.

    Args:
        text: any text.
        words: what `read_period_words` returned; the built-in words by default.

    Returns:
        A day with DAY, the first of a month with MONTH, 1 January with YEAR: also of
        "весна 2021", because a season has no dates. None for everything that is not
        exactly one date: two dates, a date with other words, winter.
    """
    if not HAS_YEAR.search(text):
        return None
    low = plain(text)
    tokens = with_days(tokens_of(low, words or builtin_period_words(), 0))
    starts = (*(token.start for token in tokens), len(low))
    ends = (0, *(token.end for token in tokens))
    # What no token took may be a doubt: "2014?".
    if not all(
        BETWEEN.fullmatch(low, end, start)
        for end, start in zip(ends, starts, strict=True)
    ):
        return None
    kinds = "".join(token.kind for token in tokens)
    precision = next((name for form, name in FORMS if form.fullmatch(kinds)), None)
    if precision is None:
        return None
    known = {token.kind: token for token in tokens}
    if precision == "DAY":
        one = known["d"]
        day = pd.Timestamp(one.number, one.month, one.day)
    else:
        month = known["m"].number if "m" in known else 1
        day = pd.Timestamp(known["y"].number, month, 1)
    return (day, precision) if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None
