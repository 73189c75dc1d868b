"""How made-up offices write codes, dates and labels into cells.

In here: words for codes, with look-alike letters among them; forms of dates; cells of
whole columns at once. Not in here: which columns a list has (`shapes.py`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import numpy as np

from pipeline.declarations.base import read_yaml
from pipeline.demo.dates import Columns
from pipeline.demo.mess import NO_BREAK, look_alikes
from pipeline.demo.world import DECLARATIONS, Days, Dice, Texts
from schemas.records import RECORDS

Words = dict[str, dict[str, list[str]]]
MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль"),
    *("август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
SEASONS = {range(3, 6): "весна", range(6, 9): "лето", range(9, 12): "осень"}
NO_CELL = None
NOTES = ("направлено письмо", "повторно", "см. переписку")


@cache
def words_of(source: str) -> Words:
    """Return list → code → words, as one made-up office writes them."""
    told = read_yaml(DECLARATIONS / "words.yml")
    return dict(told["russian"]) | dict(told.get(source, {}))


@cache
def forms_of(source: str, codelist: str, code: str) -> tuple[Texts, Texts]:
    """Return the words for a code, and their look-alikes."""
    words = words_of(source)[codelist][code]
    odd = [form for word in words for form in look_alikes(word)]
    return np.array(words, dtype=object), np.array(odd or words, dtype=object)


def codelist_of(record: str, field: str) -> str:
    """Return the code list of a field of a register."""
    return RECORDS[record].field(field).codelist


def in_words(codes: Texts, source: str, codelist: str, dice: Dice, odd: float) -> Texts:
    """Return a word for each code; a share of them in odd letters; blank where none."""
    told = np.full(len(codes), NO_CELL, dtype=object)
    is_odd = dice.chance(odd, len(codes))
    at = dice.rng.integers(0, 2**31, len(codes))
    for code in sorted({*codes.tolist()} - {""}):
        words, looks = forms_of(source, codelist, code)
        here = codes == code
        for among, those in ((words, here & ~is_odd), (looks, here & is_odd)):
            told[those] = among[at[those] % len(among)]
    return told


def several_in_words(
    cells: Texts, source: str, codelist: str, dice: Dice, separators: tuple[str, ...]
) -> Texts:
    """Return words for cells of several codes, with one of some separators each."""
    if not len(cells):
        return cells
    found, which = np.unique(cells.astype(str), return_inverse=True)
    words = words_of(source)[codelist]
    told = [
        sign.join(words[code][at] for code in cell.split(";") if code)
        for cell in found.tolist()
        for sign in separators
        for at in (0, -1)
    ]
    table = np.array(told, dtype=object).reshape(len(found), 2 * len(separators))
    drawn: Texts = table[which, dice.rng.integers(0, table.shape[1], len(cells))]
    drawn[drawn == ""] = NO_CELL
    return drawn


Form = Callable[[date], object]
EXACT_FORMS: Mapping[str, Form] = {
    "cell": lambda day: day,
    "dots": lambda day: f"{day:%d.%m.%Y}",
    "dots_year": lambda day: f"{day:%d.%m.%Y} г.",
    "dots_time": lambda day: f"{day:%d.%m.%Y} 10:{day.day:02d}",
    "iso": lambda day: day.isoformat(),
    "short": lambda day: f"{day.day}.{day.month}.{day.year}",
}
"""Ways of writing a day that is known."""


def season(day: date) -> str:
    """Return the season of a day, in words."""
    return next(
        f"{name} {day.year}" for months, name in SEASONS.items() if day.month in months
    )


VAGUE_FORMS: Mapping[str, Form] = {
    "MONTH": lambda day: f"{MONTHS[day.month - 1]} {day.year}",
    "MONTH2": lambda day: f"{day:%m.%Y}",
    "YEAR": lambda day: str(day.year),
    "SEASON": season,
}
"""Ways of writing a day that is not."""


def dates_written(
    columns: Columns, name: str, dice: Dice, shares: Mapping[str, float]
) -> Texts:
    """Return cells of a date: each day in one of some forms, vague ones in words."""
    days: Days = columns[f"_{name}"]
    forms = columns[f"_{name}_form"].copy()
    exact = forms == "DAY"
    forms[exact] = dice.pick(shares, len(days))[exact]
    months = forms == "MONTH"
    forms[months & dice.chance(0.3, len(days))] = "MONTH2"
    told = np.full(len(days), NO_CELL, dtype=object)
    told[forms == "UNKNOWN"] = "неизвестно"
    for form, write in {**EXACT_FORMS, **VAGUE_FORMS}.items():
        here = forms == form
        if here.any():
            distinct, at = np.unique(days[here], return_inverse=True)
            made = np.empty(len(distinct), dtype=object)
            made[:] = [write(day) for day in distinct.astype("datetime64[D]").tolist()]
            told[here] = made[at]
    return told


def as_numbers(values: np.ndarray) -> np.ndarray:
    """Return numbers with none where a cell was left blank."""
    if values.dtype != object:
        return values.astype(np.float64)
    return np.where(values == "", np.nan, values).astype(np.float64)


def numbers_written(values: np.ndarray) -> Texts:
    """Return cells of whole numbers; blank where there is none."""
    numbers = as_numbers(values)
    told = np.full(len(numbers), NO_CELL, dtype=object)
    there = ~np.isnan(numbers)
    told[there] = [int(value) for value in numbers[there].tolist()]
    return told


def texts_written(texts: Texts) -> Texts:
    """Return cells of texts; blank where there is none."""
    told = texts.astype(object)
    told[told == ""] = NO_CELL
    return told


def with_faults(columns: Columns, field: str, cells: Texts) -> Texts:
    """Return cells of a field with what is written wrongly in them."""
    wrong = columns["bad_field"] == field
    if wrong.any():
        cells[wrong] = texts_written(columns["bad_text"][wrong])
    return cells


def notes(count: int, dice: Dice) -> Texts:
    """Return free remarks, in a third of the rows."""
    told = np.full(count, NO_CELL, dtype=object)
    some = dice.chance(0.3, count)
    told[some] = dice.pick(dict.fromkeys(NOTES, 1.0), count)[some]
    return told


def terms_written(low: np.ndarray, high: np.ndarray, dice: Dice) -> Texts:
    """Return terms in months: a number, a range, or years and months in words."""
    told = np.full(len(low), NO_CELL, dtype=object)
    is_in_words = dice.chance(0.5, len(low))
    for at in np.flatnonzero(~np.isnan(low)).tolist():
        first, last = int(low[at]), int(high[at])
        if first != last:
            told[at] = f"{first}-{last}"
        else:
            told[at] = years_and_months(first) if is_in_words[at] else first
    return told


def years_and_months(months: int) -> str:
    """Return a term in words: 2 года 6 мес."""
    years, rest = divmod(months, 12)
    parts = [f"{years} {'год' if years == 1 else 'года' if years < 5 else 'лет'}"]
    return " ".join(parts[: bool(years)] + [f"{rest} мес."][: bool(rest)])


def amounts_written(values: np.ndarray) -> Texts:
    """Return amounts with no-break spaces between thousands."""
    told = np.full(len(values), NO_CELL, dtype=object)
    for at in np.flatnonzero(~np.isnan(values)).tolist():
        told[at] = f"{int(values[at]):,}".replace(",", NO_BREAK)
    return told
