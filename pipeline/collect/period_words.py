"""Read the period that a title, a sheet name, a file name or a header states in words.

In here: finding it anywhere in a longer text, in Russian, Kazakh and English. Not in
here: the words (`schemas/periods.yml`), the forms (`period_rules.py`), or the names
that published tables give to periods (`process/period.py`).

What could mean two periods is not read: a wrong period makes every number under it
wrong, and nobody sees it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.collect.period_rules import (
    BARE_DAY,
    CUMULATIVE,
    SNAPSHOT,
    Found,
    can_be,
    first_rule,
    type_of,
)
from pipeline.collect.period_tokens import Token, plain, tokens_of
from pipeline.declarations.periods import PeriodWords, builtin_period_words

WRITTEN_DAY = re.compile(r"[no]myg?|m[no]y|yg?[no]m(?!y)")
UNFINISHED = re.compile(r"X|e|m|v|[no][khq]|[hq][no]|(?<= )[khq]|[khq](?= )")
"""What lacks something of a period ("9 мес." without a year, a month alone), or
stands so near to one that it may change it. A blank is a period found."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its first and last day (ISO), its type and the words that state it."""

    start: str
    end: str
    period_type: str
    words: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """Return the fields of a record that it fills."""
        names = ("period_start", "period_end", "period_type")
        return dict(zip(names, (self.start, self.end, self.period_type), strict=True))


def read_period(
    text: str,
    period_type: str = "",
    *,
    fiscal_start: int = 0,
    words: PeriodWords | None = None,
) -> Period | None:
    """Return the one period that a text states, or None.

    None also stands for doubt: two different periods (`find_periods` tells them), a
    month or "9 мес." without a year, "2004-05", "2018/19" without `fiscal_start`, or
    days that the type asked for cannot have. One period told twice, in Kazakh and in
    Russian, is one. A day by itself dates a document and is no period, unless the
    text or the caller says that it is a state on that day.

    Args:
        text: any text; case, dashes and kinds of blank make no difference.
        period_type: code of the list `period_type`, where the caller knows it:
            "за январь–март" of a form that counts from 1 January is CUMULATIVE_YTD.
        fiscal_start: month (2 to 12) in which the year "2018/19" or "04/05" begins.
        words: what `read_period_words` returned; the built-in words by default.

    Returns:
        The period. Its type is the one asked for, else what the words say ("N мес."
        is CUMULATIVE_YTD), else what its length tells (`period_rules.type_of`).

    Raises:
        ValueError: `fiscal_start` is no month from 2 to 12.
    """
    found, is_doubtful = seen(
        text, period_type == SNAPSHOT, fiscal_start, words or builtin_period_words()
    )
    if is_doubtful or len({(one.start, one.end) for one in found}) != 1:
        return None
    # "2020 год, за 12 месяцев 2020 года": the words that say more are kept.
    told = next((one for one in found if one.period_type == CUMULATIVE), found[0])
    days = (dt.date.fromisoformat(day) for day in (told.start, told.end))
    if not can_be(period_type, *days):
        return None
    return Period(told.start, told.end, period_type or told.period_type, told.words)


def find_periods(
    text: str, *, fiscal_start: int = 0, words: PeriodWords | None = None
) -> tuple[Period, ...]:
    """Return every period seen in a text, in order: to name those that disagree.

    Raises:
        ValueError: `fiscal_start` is no month from 2 to 12.
    """
    found, _ = seen(text, False, fiscal_start, words or builtin_period_words())
    return tuple(found)


def seen(
    text: str, has_snapshots: bool, fiscal_start: int, words: PeriodWords
) -> tuple[list[Period], bool]:
    """Return the periods of a text, and whether some of its words leave a doubt."""
    if fiscal_start and not 2 <= fiscal_start <= 12:
        raise ValueError(f"no financial year begins in month {fiscal_start}")
    low = plain(text)
    tokens = with_days(tokens_of(low, words, fiscal_start))
    matches = list(fitting(tokens, fiscal_start))
    periods = []
    for match in matches:
        says = SNAPSHOT if match.says == BARE_DAY and has_snapshots else match.says
        if match.days and says != BARE_DAY:
            first, last = match.days
            where = slice(tokens[match.start].start, tokens[match.end - 1].end)
            stated = (text if len(low) == len(text) else low)[where]
            kind = says or type_of(first, last)
            periods.append(Period(first.isoformat(), last.isoformat(), kind, stated))
    other = {plain(word) for word in words.also_other_words}
    return periods, is_doubtful(low, tokens, matches, other)


def fitting(tokens: Sequence[Token], fiscal_start: int) -> Iterator[Found]:
    """Yield the rules that fit, from left to right."""
    kinds = "".join(token.kind for token in tokens)
    at = 0
    while at < len(kinds):
        found = first_rule(tokens, kinds, at, fiscal_start)
        at = found.end if found else at + 1
        if found:
            yield found


def is_doubtful(
    low: str, tokens: Sequence[Token], matches: Sequence[Found], other: set[str]
) -> bool:
    """Return whether what no rule took may belong to a period.

    Args:
        low: the plain text.
        tokens: its tokens.
        matches: the rules that fit.
        other: names of months that are other words too, as "may".
    """
    rest = [token.kind for token in tokens]
    for match in matches:
        sign = " " if match.days else "X"
        rest[match.start : match.end] = sign * (match.end - match.start)
    unfinished = UNFINISHED.finditer("".join(rest))
    where = (tokens[match.start()] for match in unfinished)
    return any(low[token.start : token.end] not in other for token in where)


def with_days(tokens: list[Token]) -> list[Token]:
    """Return the tokens with each day in words as one token: "12 марта 2014 г."."""
    found: list[Token] = []
    at = 0
    for match in WRITTEN_DAY.finditer("".join(token.kind for token in tokens)):
        parts = tokens[match.start() : match.end()]
        number = {token.kind.replace("o", "n"): token.number for token in parts}
        try:
            day = dt.date(number["y"], number["m"], number["n"])
        except ValueError:
            continue
        found += tokens[at : match.start()]
        where = (parts[0].start, parts[-1].end)
        found.append(Token("d", day.year, *where, month=day.month, day=day.day))
        at = match.end()
    return found + tokens[at:]
