"""`raw`: deliveries and records as read.

In here: reading only what has not been read yet, and keeping each delivery's records
and cell counts. Not in here: reading itself (`collect`).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import pandas as pd

from pipeline.collect.deliveries import (
    find_deliveries,
    latest,
    refuse_incomplete,
)
from pipeline.collect.intake import Intake, take_in_each
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Problem
from pipeline.lineage import stable_id
from pipeline.model import LINEAGE, Delivery
from pipeline.process.classify import Coding
from pipeline.process.screen import screen
from pipeline.store.published import gone, refuse_changed, store_notices
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace
from schemas.records import RECORDS

READING = "5"
"""Raised when `collect` reads the same bytes otherwise: every file is read again."""

DELIVERY_COLUMNS = (
    *("delivery_id", "source_id", "vintage", "file", "sha256", "size_bytes"),
    *("reading_id", "is_current"),
)
CELL_COLUMNS = (
    *("source_id", "delivery_id", "file", "sheet", "record"),
    *("cells_read", "cells_non_data", "remarks"),
)


class Stored(NamedTuple):
    """What came of storing one source.

    `notices` stop nothing: files that are gone, and deliveries before the latest that
    are not, or no longer, as the source is declared.
    """

    deliveries: pd.DataFrame
    read_now: int
    notices: tuple[Problem, ...] = ()


class Found(NamedTuple):
    """The deliveries of a source, and the same as a table, in the same order."""

    deliveries: list[Delivery]
    table: pd.DataFrame

    def chosen(self, is_meant: pd.Series) -> dict[str, Delivery]:
        """Return some deliveries by identifier; one may stand in several vintages."""
        some = [self.deliveries[at] for at in self.table.index[is_meant]]
        return {one.delivery_id: one for one in some}


def store_source(
    warehouse: Warehouse,
    workspace: Workspace,
    source: Source,
    key: bytes,
    withdrawn: frozenset[str] = frozenset(),
) -> Stored:
    """Read the deliveries of a source that are new, and keep their records.

    A file whose bytes, layout and key are those of an earlier reading is not read
    again; where the layout has changed, the files of all vintages are.

    Args:
        warehouse: where they are kept.
        workspace: whose deliveries.
        source: the source.
        key: of the pseudonyms.
        withdrawn: files that the source took back.

    Raises:
        InputError: a file is missing, changed, unreadable, or not as declared.
    """
    deliveries = find_deliveries(workspace, source)
    refuse_incomplete(deliveries, source, withdrawn)
    found = Found(deliveries, delivery_table(deliveries, source, key))
    refuse_changed(warehouse, found.table)
    is_new = ~found.table["reading_id"].isin(known_readings(warehouse))
    new = found.chosen(is_new & found.table["is_current"])
    with warehouse.transaction():  # all that is new, or nothing of it
        faults = keep_each(warehouse, workspace, source, [*new.values()], key)
        if problems := [*chain.from_iterable(faults.values())]:
            raise InputError(problems)
    earlier = found.chosen(is_new)
    before = [one for name, one in earlier.items() if name not in new]
    unread = keep_each(warehouse, workspace, source, before, key)
    table = as_read_before(warehouse, found.table, [*unread])
    notices = [*gone(warehouse, table, source.source), *earlier_notices(found, unread)]
    store_notices(warehouse, source.source, notices)
    warehouse.replace_rows("meta.delivery", table, "source_id", [source.source])
    return Stored(table, len(earlier) - len(unread), tuple(notices))


def keep_each(
    warehouse: Warehouse,
    workspace: Workspace,
    source: Source,
    deliveries: list[Delivery],
    key: bytes,
) -> dict[str, list[Problem]]:
    """Read deliveries and keep those that are as declared, one at a time.

    Returns the problems of the others, by delivery.
    """
    faults: dict[str, list[Problem]] = {}
    if not deliveries:
        return faults
    is_public = source.sensitivity == "public"
    coding = None if is_public else Coding(source, read_codelists(workspace))
    for delivery, read, problems in take_in_each(source, deliveries, key):
        told = problems
        if not told:
            try:
                kept = screened(read, coding) if coding else read
                keep(warehouse, kept, [delivery.delivery_id])
            except InputError as error:
                told = [*error.problems]
        if told:
            faults[delivery.delivery_id] = told
    return faults


def earlier_notices(
    found: Found, unread: Mapping[str, Sequence[Problem]]
) -> Iterator[Problem]:
    """Yield what is told of an earlier delivery that is not as declared today."""
    for one in found.deliveries:
        for problem in unread.get(one.delivery_id, ())[:1]:
            yield Problem(
                f"raw/{one.source_id}/{one.vintage}/{one.file}",
                f"an earlier delivery is not as declared today: {problem.what}",
                "a declaration that all editions of the form fit, for its revisions",
                "nothing, if the form has changed: what was read of it before is kept",
            )


def as_read_before(
    warehouse: Warehouse, table: pd.DataFrame, ids: Sequence[str]
) -> pd.DataFrame:
    """Return the deliveries, some with the reading that is kept of them, or none."""
    before: dict[str, str] = {}
    if warehouse.has("meta.delivery"):
        known = warehouse.read("SELECT delivery_id, reading_id FROM meta.delivery")
        before = dict(zip(known["delivery_id"], known["reading_id"], strict=True))
    is_meant = table["delivery_id"].isin(ids)
    kept = pd.Series(
        [before.get(name, "") for name in table["delivery_id"]], table.index, "str"
    )
    return table.assign(reading_id=table["reading_id"].mask(is_meant, kept))


def screened(intake: Intake, coding: Coding) -> Intake:
    """Return the intake of a restricted source without what may be a name.

    Raises:
        UnknownCodeError: of a restricted source; nothing of it is kept then.
    """
    kept = {
        name: screen(records, RECORDS[name], coding)
        for name, records in intake.records.items()
    }
    return intake._replace(records=kept)


def delivery_table(
    deliveries: Sequence[Delivery], source: Source, key: bytes
) -> pd.DataFrame:
    """Return one row for each file of each vintage.

    A reading is of these bytes, by this layout, into these fields, with this key.
    """
    fields = str([RECORDS[name].names for name in source.records])
    layout = hashlib.sha256((source.model_dump_json() + fields).encode()).hexdigest()
    fingerprint = hashlib.sha256(key).hexdigest()
    how = (layout, fingerprint, READING)
    newest = {id(delivery) for delivery in latest(list(deliveries))}
    rows = [
        {
            "delivery_id": delivery.delivery_id,
            "source_id": delivery.source_id,
            "vintage": delivery.vintage,
            "file": delivery.file,
            "sha256": delivery.sha256,
            "size_bytes": delivery.size_bytes,
            "reading_id": stable_id((delivery.delivery_id, *how)),
            "is_current": id(delivery) in newest,
        }
        for delivery in deliveries
    ]
    return pd.DataFrame(rows, columns=DELIVERY_COLUMNS)


def known_readings(warehouse: Warehouse) -> set[str]:
    """Return the readings whose records are in the warehouse."""
    if not warehouse.has("meta.delivery"):
        return set()
    return set(warehouse.read("SELECT reading_id FROM meta.delivery")["reading_id"])


def keep(warehouse: Warehouse, intake: Intake, ids: Sequence[str]) -> None:
    """Put records, cell counts and printed totals in the place of earlier readings."""
    for name in RECORDS:
        records = intake.records.get(name)
        if records is None:
            records = pd.DataFrame(columns=raw_columns(name), dtype="str")
        warehouse.replace_rows(f"raw.{name}", records, "delivery_id", ids)
    cells = intake.cells.reindex(columns=CELL_COLUMNS)
    warehouse.replace_rows("raw.cell_count", cells, "delivery_id", ids)
    warehouse.replace_rows("raw.control", intake.controls, "delivery_id", ids)


def raw_columns(name: str) -> list[str]:
    """Return the columns of one kind of record in `raw`."""
    printed = ["value_as_printed"] if name == "figures" else []
    return [*LINEAGE, *RECORDS[name].names, *printed]
