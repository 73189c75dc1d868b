"""The four made-up offices: which files they send, with which titles and totals.

In here: workbooks and texts of each list, year after year, two deliveries of one. Not
in here: the cells of a column (`shapes.py`).
"""

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.demo.complaints import COALITION, OMBUDSMAN, PROSECUTOR
from pipeline.demo.dates import Columns
from pipeline.demo.shapes import (
    COALITION_COMPLAINTS,
    COURT,
    COURT_DECISIONS,
    COURT_PENALTIES,
    OMBUDSMAN_COMPLAINTS,
    PROSECUTOR_CHECKS,
    PROSECUTOR_COMPLAINTS,
    PROSECUTOR_STEPS,
    Shape,
    cells_of,
)
from pipeline.demo.sheets import Book, Parts, Sheet
from pipeline.demo.world import Dice, Texts
from pipeline.demo.writing import MONTHS, as_numbers

EARLIER, NEWEST = "2026-02-10", "2026-07-10"
"""The two deliveries of the coalition; the second corrects the first."""

ONE_BOOK = 60_000
"""Rows above which a list has a workbook for each year."""

MOST_IN_WORKBOOKS = 200_000
"""Complaints above which the prosecutor exports texts, not workbooks."""

EARLY_YEARS = 2012
"""Up to which year the first delivery of a long list goes."""

SYNTHETIC = "СИНТЕТИЧЕСКИЕ ДАННЫЕ (вымышлено)"
NOTES = "Примечания"
NOT_YET_KNOWN = 0.02
FORM = (
    ("Шағым / Жалоба", "Нөмірі / Номер", "Түскен күні / Дата поступления"),
    ("Өтініш беруші / Заявитель", "Кім / Кто", "Тұлға / Лицо (код)", "Жынысы / Пол",
     "Туған жылы / Год рождения", "Азаматтығы / Гражданство"),
    ("Бас бостандығы / Лишение свободы", "Айырылған ба / Лишён свободы",
     "Мәртебесі / Статус", "Мекеме / Учреждение"),
    ("Оқиға / Событие", "Облыс / Область", "Күні / Дата", "Орган / Орган",
     "Не болды / Что произошло"),
    ("Өзге / Прочее", "Қудалау / Преследование", "АТК № / № КУИ",
     "Ескертпе / Примечание"),
)  # fmt: skip
"""The bands of the ombudsman's form: a heading and the columns below it."""


class Job(NamedTuple):
    """Where files go, how many complaints there are, what their messiness is."""

    raw: Path
    complaints: int
    odd: float


class Office:
    """Something that writes one list, year after year."""

    def __init__(self, job: Job, stack: ExitStack) -> None:
        self.job, self.stack = job, stack
        self._books: dict[Path, Book] = {}

    def book(self, path: Path) -> Book:
        """Return the workbook at a path, opened now if it was not."""
        if path not in self._books:
            self._books[path] = self.stack.enter_context(Book(path))
        return self._books[path]

    def yearly(self, folder: Path, stem: str, year: int, rows: int) -> Book:
        """Return the workbook of a year: one for all, or of a long list its own."""
        name = f"{stem}_{year}.xlsx" if rows > ONE_BOOK else f"{stem}_all.xlsx"
        return self.book(folder / name)

    def written(self, told: Shape, columns: Columns, dice: Dice) -> dict[str, Texts]:
        """Return the cells of a list."""
        return cells_of(told, columns, dice, self.job.odd)


def headers(told: Shape) -> list[str]:
    """Return the headers of a list, in order."""
    return [column.header for column in told.columns]


class Coalition(Office):
    """Keeps its register by hand: one sheet a year, a band for each month."""

    def write(self, columns: Columns, year: int, dice: Dice, rows: int) -> None:
        """Write the register of a year into both deliveries."""
        cells = self.written(COALITION_COMPLAINTS, columns, dice)
        order = headers(COALITION_COMPLAINTS)
        self.deliver(NEWEST, order, (cells, columns), year, rows)
        if year > EARLY_YEARS and (rows > ONE_BOOK or year > int(EARLIER[:4]) - 1):
            return
        before = as_known_before(cells, columns, dice)
        self.deliver(EARLIER, [*order[1:7], order[0], *order[:6:-1]],
                     (before, columns), year, rows)  # fmt: skip

    def deliver(
        self,
        day: str,
        order: list[str],
        told: tuple[dict[str, Texts], Columns],
        year: int,
        rows: int,
    ) -> None:
        """Write the sheet of a year into one delivery."""
        folder = self.job.raw / COALITION / day
        book = self.yearly(folder, "reestr", year, rows)
        notes = book.sheet(NOTES)
        if not notes.row:
            notes.line([SYNTHETIC])
            notes.line(["Цветом отмечены повторные обращения."])
        sheet = book.sheet(str(year))
        sheet.line([f"Реестр обращений о пытках и жестоком обращении, {year} год"])
        sheet.line([SYNTHETIC])
        sheet.skip()
        sheet.line(order)
        by_month(sheet, told, order)


def by_month(
    sheet: Sheet, told: tuple[dict[str, Texts], Columns], order: list[str]
) -> None:
    """Write rows under a band for each month, and the total of persons below them."""
    cells, columns = told
    months = columns["_received_on"].astype("datetime64[M]")
    for month in np.unique(months):
        here = months == month
        if sheet.row % 3 == 0:
            sheet.skip()
        name = MONTHS[int(month.astype(np.int64)) % 12]
        sheet.band(f"{name.capitalize()} {str(month)[:4]}", len(order))
        sheet.table({header: column[here] for header, column in cells.items()}, order)
    persons = np.nansum(as_numbers(columns["persons_count"]))
    total: dict[str, object] = {"№ обращения": "Итого", "Кол-во лиц": int(persons)}
    sheet.line([total.get(header) for header in order])


def as_known_before(
    cells: dict[str, Texts], columns: Columns, dice: Dice
) -> dict[str, Texts]:
    """Return the cells as the first delivery had them: less was known then."""
    told = dict(cells)
    accused = told["На кого жалуется"].copy()
    unknown = dice.chance(NOT_YET_KNOWN, len(accused)) & (columns["rule"] == "")
    accused[unknown] = "неизвестно"
    withdrawn = told["Отозвано"].copy()
    withdrawn[columns["_withdrawn_on"] > np.datetime64(EARLIER)] = None
    return told | {"На кого жалуется": accused, "Отозвано": withdrawn}


class Ombudsman(Office):
    """Has a form in two languages, with a row of column numbers."""

    def write(self, columns: Columns, year: int, dice: Dice, rows: int) -> None:
        """Write the form of a year."""
        cells = self.written(OMBUDSMAN_COMPLAINTS, columns, dice)
        folder = self.job.raw / OMBUDSMAN / NEWEST
        book = self.yearly(folder, "ombudsman", year, rows)
        notes = book.sheet(NOTES)
        if not notes.row:
            notes.line([SYNTHETIC])
        sheet = book.sheet(f"{year} ж")
        order = headers(OMBUDSMAN_COMPLAINTS)
        sheet.band(f"Шағымдар тізілімі / Реестр жалоб, {year}", len(order))
        sheet.line([SYNTHETIC])
        sheet.skip()
        sheet.bands([(band[0], len(band) - 1) for band in FORM])
        sheet.line([name for band in FORM for name in band[1:]])
        sheet.line([int(number) for number in order])
        sheet.table(cells, order)


class Prosecutor(Office):
    """Exports what its database holds: one workbook, or texts in parts."""

    TABLES = (
        ("Жалобы", "zhaloby", PROSECUTOR_COMPLAINTS),
        ("Проверки", "proverki", PROSECUTOR_CHECKS),
        ("ЕРДР", "dela", PROSECUTOR_STEPS),
    )

    def __init__(self, job: Job, stack: ExitStack) -> None:
        super().__init__(job, stack)
        self.folder = job.raw / PROSECUTOR / NEWEST
        self.parts: dict[str, Parts] = {}
        if job.complaints > MOST_IN_WORKBOOKS:
            for _, name, told in self.TABLES:
                self.parts[name] = Parts(self.folder, name, headers(told))
                self.parts[name].begin()
                stack.callback(self.parts[name].close)
        else:
            self.begin()

    def begin(self) -> None:
        """Begin the workbook with its page of notes and its headers."""
        book = self.book(self.folder / "vygruzka.xlsx")
        notes = book.sheet("Справка")
        notes.line([SYNTHETIC])
        notes.line(["Выгрузка из базы данных. Номер КУИ, номер ЕРДР."])
        for sheet, _, told in self.TABLES:
            book.sheet(sheet).line(headers(told))

    def write(self, tables: tuple[Columns, ...], dice: Dice) -> None:
        """Write complaints, checks and steps of a year."""
        for (sheet, name, told), columns in zip(self.TABLES, tables, strict=True):
            if self.parts:
                exact = {"dots_time": 0.5, "dots": 0.5}
                cells = self.written(told._replace(days=exact), columns, dice)
                self.parts[name].table(cells)
            else:
                cells = self.written(told, columns, dice)
                book = self.book(self.folder / "vygruzka.xlsx")
                book.sheet(sheet).table(cells, headers(told))


class Court(Office):
    """Lists decisions on one sheet and penalties on another, with a total of awards."""

    def __init__(self, job: Job, stack: ExitStack) -> None:
        super().__init__(job, stack)
        book = self.book(job.raw / COURT / NEWEST / "sudy.xlsx")
        self.decisions, self.penalties = book.sheet("Решения"), book.sheet("Наказания")
        self.awarded = 0
        for sheet, told in ((self.decisions, COURT_DECISIONS),
                            (self.penalties, COURT_PENALTIES)):  # fmt: skip
            sheet.line([f"Список дел. {SYNTHETIC}"])
            sheet.line(headers(told))

    def write(self, decisions: Columns, penalties: Columns, dice: Dice) -> None:
        """Write decisions and penalties of the cases of a year."""
        cells = self.written(COURT_DECISIONS, decisions, dice)
        self.decisions.table(cells, headers(COURT_DECISIONS))
        cells = self.written(COURT_PENALTIES, penalties, dice)
        self.penalties.table(cells, headers(COURT_PENALTIES))
        self.awarded += int(np.nansum(penalties["compensation_awarded"]))

    def end(self) -> None:
        """Write the total of all awards below them."""
        total: dict[str, object] = {
            "№ наказания": "Всего", "Присуждено, тенге": self.awarded
        }  # fmt: skip
        self.penalties.line([total.get(header) for header in headers(COURT_PENALTIES)])
