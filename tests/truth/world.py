"""The made-up world as its lists know it: rows, spans of days, and who names whom.

In here: the accepted rows of the truth as plain dictionaries, and the chain from check
to sentence. Not in here: counting (`counts.py` and the tables).

Nothing here rests on `pipeline`: it is what a statistician would do by hand, one row at
a time.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
REPOSITORY = Path(__file__).resolve().parents[2]
COALITION, OMBUDSMAN = "demo_coalition", "demo_ombudsman"
PROSECUTOR, COURT = "demo_prosecutor", "demo_court"
LISTS = (COALITION, OMBUDSMAN, PROSECUTOR)


def codelist(name: str) -> list[Row]:
    """Return the rows of a code list."""
    path = REPOSITORY / "schemas" / "codelists" / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column_of(name: str, column: str) -> dict[str, str]:
    """Return code → one column of a code list."""
    return {row["code"]: row[column] for row in codelist(name)}


def rows_of(folder: Path, source: str, register: str) -> list[Row]:
    """Return the rows of one list that no rule refuses; blank cells are None."""
    path = folder / "truth" / f"{source}_{register}.csv"
    with path.open(encoding="utf-8") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    kept = [{k: v or None for k, v in row.items()} for row in rows if not row["rule"]]
    names = list(kept[0]) if kept else []
    empty = {name for name in names if all(row[name] is None for row in kept)}
    return [
        {k: v for k, v in row.items() if k not in empty} | {"source": source, "no": no}
        for no, row in enumerate(kept)
    ]


def span(row: Row, name: str) -> tuple[date, date] | None:
    """Return the first and last day that a date can be; None where nothing is known."""
    text, precision = row.get(name), row.get(f"{name}_precision")
    if text is None or precision in (None, "UNKNOWN"):
        return None
    first = date.fromisoformat(text)
    if precision == "YEAR":
        return first, date(first.year, 12, 31)
    if precision == "MONTH":
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first, after - timedelta(days=1)
    return first, first


def year(row: Row, name: str) -> str:
    """Return the year of a date, `_U` where it has none."""
    found = span(row, name)
    return str(found[0].year) if found else "_U"


def act_of(row: Row) -> tuple[date, date]:
    """Return when the act of a complaint can have been."""
    begun, ended = span(row, "event_from"), span(row, "event_to")
    received = span(row, "received_on")
    first = begun[0] if begun else FIRST_DAY
    last = (ended or begun or received or (FIRST_DAY, LAST_DAY))[1]
    return first, max(first, last)


def when_of(row: Row, *names: str) -> tuple[date, date] | None:
    """Return the span of the first date of which anything is known."""
    return next((found for name in names if (found := span(row, name))), None)


@dataclass(frozen=True)
class World:
    """The accepted rows of every list of one workspace."""

    folder: Path

    @cached_property
    def complaints(self) -> dict[str, list[Row]]:
        """Return list → its complaints."""
        return {name: rows_of(self.folder, name, "complaints") for name in LISTS}

    @cached_property
    def checks(self) -> list[Row]:
        """Return the checks."""
        return rows_of(self.folder, PROSECUTOR, "checks")

    @cached_property
    def cases(self) -> dict[str, list[Row]]:
        """Return case number → its steps in order."""
        found = defaultdict(list)
        for row in rows_of(self.folder, PROSECUTOR, "investigations"):
            found[row["case_no"]].append(row)
        return {
            no: sorted(s, key=lambda r: int(r["step_no"])) for no, s in found.items()
        }

    @cached_property
    def decisions(self) -> list[Row]:
        """Return the decisions of courts."""
        return rows_of(self.folder, COURT, "prosecutions")

    @cached_property
    def sentences(self) -> list[Row]:
        """Return penalties and awards."""
        return rows_of(self.folder, COURT, "sentences")

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """Return the prosecutor's complaints by their number."""
        return {row["complaint_id"]: row for row in self.complaints[PROSECUTOR]}

    @cached_property
    def by_book(self) -> dict[str, dict[str, list[Row]]]:
        """Return list → number of the book → complaints that bear it."""
        found: dict[str, dict[str, list[Row]]] = {}
        for name in (PROSECUTOR, OMBUDSMAN):
            found[name] = defaultdict(list)
            for row in self.complaints[name]:
                if number := row.get("register_no"):
                    found[name][number].append(row)
        return found

    def complaint_of(self, check: Row) -> tuple[str, Row | str | None]:
        """Return FOUND and the complaint of a check, or why there is none.

        A number of the complaint says it; else the number of the book, in the list of
        the prosecutor before any other. A number that two bear says nothing.
        """
        if named := check.get("complaint_id"):
            found = self.by_id.get(named)
            return ("FOUND", found) if found else ("LOST", named)
        number = check["register_no"]
        for name in (PROSECUTOR, OMBUDSMAN):
            bearers = self.by_book[name].get(number, [])
            if len(bearers) == 1:
                return "FOUND", bearers[0]
            if bearers:
                return "AMBIGUOUS", None
        return "LOST", number

    def complaints_of(self, case_no: str) -> list[Row]:
        """Return the complaints that the steps of a case name."""
        named = {
            one
            for step in self.cases[case_no]
            for one in (step["complaint_ids"] or "").split(";")
        }
        return [self.by_id[one] for one in sorted(named) if one in self.by_id]

    @cached_property
    def decision_by_id(self) -> dict[str, Row]:
        """Return the decisions by their number."""
        return {row["prosecution_id"]: row for row in self.decisions}

    def supplies(self, rows: list[Row], field: str) -> bool:
        """Return whether a list ever supplies a field."""
        return any(row.get(field) is not None for row in rows)
