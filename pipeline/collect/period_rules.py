"""Which sequences of tokens are a period, and which days it has.

In here: the rules, each a pattern over kinds of token (`period_tokens.py`) and the days
it means. Not in here: choosing among the periods of one text (`period_words.py`).
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.collect.period_tokens import Token

Span = tuple[dt.date, dt.date]
SNAPSHOT, CUMULATIVE, BARE_DAY = "SNAPSHOT", "CUMULATIVE_YTD", "day"
ALIGNED = {1: "MONTH", 3: "QUARTER", 6: "HALF_YEAR", 12: "CALENDAR_YEAR"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over kinds of token, its days, and the type that its words say."""

    pattern: re.Pattern[str]
    days: Callable[..., Span]
    says: str = ""


class Found(NamedTuple):
    """A rule that fits: the tokens from `start` to `end`, and its days or doubt."""

    start: int
    end: int
    days: Span | None
    says: str


def first_rule(
    tokens: Sequence[Token], kinds: str, at: int, fiscal_start: int
) -> Found | None:
    """Return the first rule that fits at a token, or None where none does."""
    for rule in RULES:
        match = rule.pattern.match(kinds, at)
        if match is None:
            continue
        parts = [tokens[match.start(n)] for n in range(1, match.re.groups + 1)]
        try:
            days = rule.days(fiscal_start, *parts)
        except ValueError:
            return Found(at, match.end(), None, rule.says)
        return Found(at, match.end(), days if days[0] <= days[1] else None, rule.says)
    return None


def type_of(first: dt.date, last: dt.date) -> str:
    """Return the code of `period_type` that the length of a period tells."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    is_whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
    if is_whole and length in ALIGNED and (first.month - 1) % length == 0:
        return ALIGNED[length]
    if (first.month, first.day) == (1, 1) and first.year == last.year:
        return CUMULATIVE
    if is_whole and length == 12:
        return "FINANCIAL_YEAR"
    return "MULTI_YEAR" if is_whole and length % 12 == 0 else "INTERVAL"


def can_be(period_type: str, first: dt.date, last: dt.date) -> bool:
    """Return whether a period of that type can have these days."""
    match period_type:
        case "MONTH" | "QUARTER" | "HALF_YEAR" | "CALENDAR_YEAR" | "FINANCIAL_YEAR":
            return type_of(first, last) == period_type
        case "CUMULATIVE_YTD":
            return (first.month, first.day, first.year) == (1, 1, last.year)
        case "SNAPSHOT":
            return first == last
        case _:
            return True


def day(token: Token) -> dt.date:
    """Return the day of a token. Raises ValueError where there is none."""
    return dt.date(token.number, token.month, token.day)


def months(year: int, first: int, last: int) -> Span:
    """Return whole months of one year. Raises ValueError where there are none."""
    if not 1 <= first <= last <= 12:
        raise ValueError(f"no months {first} to {last}")
    days = calendar.monthrange(year, last)[1]
    return dt.date(year, first, 1), dt.date(year, last, days)


def part(year: Token, which: Token, length: int) -> Span:
    """Return a half-year or quarter. Raises ValueError where there is none."""
    last = which.number * length
    return months(year.number, last - length + 1, last)


def twelve_months(last: dt.date) -> Span:
    """Return the twelve months that end on a day."""
    after = last + dt.timedelta(days=1)
    return dt.date(after.year - 1, after.month, after.day), last


def months_to(number: Token, last: dt.date) -> Span:
    """Return "12 months to …". Raises ValueError for another number of months."""
    if number.number != 12:
        raise ValueError("only twelve months are told so")
    return twelve_months(last)


def fiscal(year: Token, start: int) -> Span:
    """Return the financial year that begins in a year."""
    last = months(year.number + 1, start - 1, start - 1)[1]
    return dt.date(year.number, start, 1), last


def from_year_to_year(start: int, first: Token, last: Token) -> Span:
    """Return "2018–2020".

    Raises:
        ValueError: "2018–2019" where financial years are used: one, or two calendar
            years.
    """
    if start and first.number + 1 == last.number:
        raise ValueError("a financial year, or two years")
    return months(first.number, 1, 1)[0], months(last.number, 1, 12)[1]


def one_of_two_years(start: int, first: Token, last: Token) -> Span:
    """Return "2018/2019": a financial year, or one year told twice.

    Raises:
        ValueError: two years, and financial ones are not used.
    """
    if first.number == last.number:
        return months(first.number, 1, 12)
    if start and first.number + 1 == last.number:
        return fiscal(first, start)
    raise ValueError("two years")


def to_day(number: Token, month: int, last: Token) -> Span:
    """Return from a day of a month in the year of another day, to that day."""
    return dt.date(last.number, month, number.number), day(last)


def within_month(year: Token, first: Token, last: Token, month: Token) -> Span:
    """Return days of one month."""
    return (
        dt.date(year.number, month.number, first.number),
        dt.date(year.number, month.number, last.number),
    )


def through(first: Span, last: Span) -> Span:
    """Return from the first day of one period to the last of another."""
    return first[0], last[1]


def month(which: Token, year: Token) -> Span:
    """Return one month. Raises ValueError where there is none."""
    return months(year.number, which.number, which.number)


def from_month_to_month(_: int, *four: Token) -> Span:
    """Return from a month of one year to a month of another."""
    return through(month(*four[:2]), month(*four[2:]))


def counted(number: Token, year: Token) -> Span:
    """Return that many months from 1 January. Raises ValueError for more than 12."""
    return months(year.number, 1, number.number)


def rule(pattern: str, days: Callable[..., Span], says: str = "") -> Rule:
    """Return a rule; "x" stands for a dash or "to", and spaces for nothing."""
    plain = pattern.replace(" ", "").replace("x", "[-t]")
    return Rule(re.compile(plain), days, says)


RULES = (
    # From a day to a day.
    rule("f?(d)g? [-t/] f?(d)g?", lambda _, a, b: (day(a), day(b))),
    rule("f?([no])(m) x (d)g?", lambda _, n, m, d: to_day(n, m.number, d)),
    rule("f?([no]) x (d)g?", lambda _, n, d: to_day(n, d.month, d)),
    rule("(y)g? ([no])-([no])(m)", lambda _, y, a, b, m: within_month(y, a, b, m)),
    # On a day, or twelve months up to it.
    rule("a(d)g?", lambda _, d: (day(d), day(d)), SNAPSHOT),
    rule("(d)g?s", lambda _, d: (day(d), day(d)), SNAPSHOT),
    rule("e(d)g?", lambda _, d: twelve_months(day(d))),
    rule("e(m)(y)g?", lambda _, m, y: twelve_months(month(m, y)[1])),
    rule("(n)kt(d)g?", lambda _, n, d: months_to(n, day(d))),
    rule("(n)kt(m)(y)g?", lambda _, n, m, y: months_to(n, month(m, y)[1])),
    rule("(d)g?", lambda _, d: (day(d), day(d)), BARE_DAY),
    # Financial years.
    rule("f?(F)g? x f?(F)g?", lambda s, a, b: through(fiscal(a, s), fiscal(b, s))),
    rule("(F)g?", lambda s, a: fiscal(a, s)),
    # Months, and months counted from 1 January.
    rule("f?(m)(y)g? x f?(m)(y)g?", from_month_to_month),
    rule("f?(m) x (m)(y)g?", lambda _, a, b, y: months(y.number, a.number, b.number)),
    rule("(y)g?f?(m) x (m)", lambda _, y, a, b: months(y.number, a.number, b.number)),
    rule("(m)-?(y)g?", lambda _, m, y: month(m, y)),
    rule("(y)g?-?(m)", lambda _, y, m: month(m, y)),
    rule("(n)-?k(y)g?", lambda _, n, y: counted(n, y), CUMULATIVE),
    rule("(y)g?-?(n)-?k", lambda _, y, n: counted(n, y), CUMULATIVE),
    # Half-years and quarters.
    rule("([no])-?h-?(y)g?", lambda _, n, y: part(y, n, 6)),
    rule("h-?([no])-?(y)g?", lambda _, n, y: part(y, n, 6)),
    rule("(y)g?-?([no])-?h", lambda _, y, n: part(y, n, 6)),
    rule("(y)g?-?h-?([no])", lambda _, y, n: part(y, n, 6)),
    rule("([no])-?q-?(y)g?", lambda _, n, y: part(y, n, 3)),
    rule("q-?([no])-?(y)g?", lambda _, n, y: part(y, n, 3)),
    rule("(y)g?-?([no])-?q", lambda _, y, n: part(y, n, 3)),
    rule("(y)g?-?q-?([no])", lambda _, y, n: part(y, n, 3)),
    # Years.
    rule("f?(y)g? x (y)g?", from_year_to_year),
    rule("(y)/(y)g?", one_of_two_years),
    rule("(y)g?", lambda _, y: months(y.number, 1, 12)),
)  # fmt: skip
"""The first that fits is the one: the longest forms of each kind stand first."""
