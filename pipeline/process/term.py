"""Turn the term of a penalty into months: "2 года 6 месяцев", "3,5–4 года", "48-72".

In here: years and months in Russian, Kazakh and English. Not in here: plain numbers and
ranges (`parse.py`), the words of units (`schemas/periods.yml`), or terms that are no
number: life, days, "not more than".
"""

import re
from functools import lru_cache

import pandas as pd

from pipeline.declarations.codelists import normalise
from pipeline.declarations.periods import PeriodWords, builtin_period_words
from pipeline.process.distinct import per_distinct
from pipeline.process.parse import NumberForms, parse_numbers, parse_ranges

MONTHS_PER_YEAR = 12


def parse_terms(
    text: pd.Series,
    numbers: NumberForms | None = None,
    words: PeriodWords | None = None,
) -> pd.DataFrame:
    """Return columns `low`, `high` (months) and `is_parsed`, one row per text.

    A number or a range without a unit is months already, as the field says. Read
    besides: "5 лет", "2 года 6 месяцев", "6 мес.", "от 2 до 5 лет", "3,5–4 года",
    "10 жыл", "18 months". Not read: "пожизненно", days, and bounds such as "до 5 лет",
    of which nobody knows the term.

    Args:
        text: terms as written; a missing one is parsed, to nothing.
        numbers: `numbers` of the source, as `parse_numbers` takes them.
        words: what `read_period_words` returned; the built-in words by default.
    """
    known = words or builtin_period_words()

    def read(distinct: pd.Series) -> pd.DataFrame:
        plain = parse_ranges(distinct, numbers)
        with_units = months_in_words(distinct, known, numbers)
        return plain.where(plain["is_parsed"], with_units)

    return per_distinct(text, read)


def months_in_words(
    text: pd.Series, words: PeriodWords, numbers: NumberForms | None
) -> pd.DataFrame:
    """Return the terms with units among distinct texts, as `parse_terms` does."""
    pattern = term_pattern(words.term_years, words.term_months)
    parts = text.map(normalise, na_action="ignore").astype("str").str.extract(pattern)
    read = {name: parse_numbers(parts[name], numbers) for name in parts.columns}
    since, years, months = (
        read[name]["number"] for name in ("from", "years", "months")
    )
    has_years, has_months = years.notna(), months.notna()
    high = years.fillna(0) * MONTHS_PER_YEAR + months.fillna(0)
    low = (since * MONTHS_PER_YEAR).where(has_years, since).fillna(high)
    # "2-5 лет 6 мес." may begin at two years or at two years and six months.
    is_told = (has_years | has_months) & ~(since.notna() & has_years & has_months)
    for column in read.values():
        is_told &= column["is_parsed"]
    is_told &= low <= high
    ends = pd.DataFrame({"low": low, "high": high})
    return ends.where(is_told).assign(is_parsed=is_told)


@lru_cache(maxsize=8)
def term_pattern(years: tuple[str, ...], months: tuple[str, ...]) -> str:
    """Return the pattern of a term: an optional lower end, years, months."""
    number = r"\d+(?:[.,]\d+)?"
    year, month = (
        "|".join(
            sorted((re.escape(normalise(w)) for w in words), key=len, reverse=True)
        )
        for words in (years, months)
    )
    return (
        rf"^(?:(?:от|from)?\s*(?P<from>{number})\s*(?:[-–—]|до|to)\s*)?"
        rf"(?:(?P<years>{number})\s*(?:{year})(?:$|[\s,]+(?:и|and)?\s*))?"
        rf"(?:(?P<months>{number})\s*(?:{month}))?$"
    )
