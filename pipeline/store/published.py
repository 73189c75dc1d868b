"""What the last publication rested on, and what has happened to it in `raw/` since.

In here: remembering the files of a publication, and telling of those that were changed
or are gone. Not in here: finding files (`collect/deliveries.py`), reading them.
"""

from collections.abc import Sequence

import pandas as pd

from pipeline.errors import InputError, Problem
from pipeline.warehouse import Warehouse

TABLE = "raw.published_delivery"
FILE = ["source_id", "vintage", "file"]


def remember_published(warehouse: Warehouse) -> None:
    """Remember the files of all vintages that a publication rests on."""
    files = warehouse.read("SELECT source_id, vintage, file, sha256 FROM meta.delivery")
    warehouse.replace(TABLE, files, "The files of the last publication.")


def published(warehouse: Warehouse) -> pd.DataFrame:
    """Return the files of the last publication; none before the first."""
    if not warehouse.has(TABLE):
        return pd.DataFrame(columns=[*FILE, "sha256"], dtype="str")
    return warehouse.read(f"SELECT * FROM {TABLE}")


def refuse_changed(warehouse: Warehouse, files: pd.DataFrame) -> None:
    """Refuse a file that was published and then changed where it stands.

    A file that no build has published yet may still be mended.

    Raises:
        InputError: names each of them.
    """
    both = files.merge(published(warehouse), on=FILE, suffixes=("", "_before"))
    changed = both[both["sha256"] != both["sha256_before"]]
    if len(changed):
        raise InputError([changed_file(row) for _, row in changed.iterrows()])


def changed_file(row: pd.Series) -> Problem:
    """Return the problem of a file that was changed after it had been published."""
    return Problem(
        f"raw/{row['source_id']}/{row['vintage']}/{row['file']}",
        "the file was changed after it had been published: raw/ is written once",
        f"the file with SHA-256 {row['sha256_before'][:16]}…",
        "put the former file back here, and the changed one into a new vintage folder; "
        "if the former one was never meant, delete warehouse/private/ and build again",
    )


def gone(warehouse: Warehouse, files: pd.DataFrame, source_id: str) -> list[Problem]:
    """Return a problem for each file that was published and stands in raw/ no more."""
    before = published(warehouse)
    before = before[before["source_id"] == source_id]
    both = before.merge(files[FILE], on=FILE, how="left", indicator=True)
    return [gone_file(row) for _, row in both[both["_merge"] == "left_only"].iterrows()]


def gone_file(row: pd.Series) -> Problem:
    """Return the problem of a file that was published and is gone."""
    return Problem(
        f"raw/{row['source_id']}/{row['vintage']}/{row['file']}",
        "the last publication rests on this file, and it is gone",
        "every delivery to stay in raw/",
        "put it back, or leave it away: the next publication will not have it",
    )


def store_notices(
    warehouse: Warehouse, source_id: str, notices: Sequence[Problem]
) -> None:
    """Keep what is told of the deliveries of a source and stops nothing."""
    columns = ["place", "what", "expected", "do"]
    rows = [(one.place, one.what, one.expected, one.do) for one in notices]
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    frame.insert(0, "source_id", source_id)
    warehouse.replace_rows("meta.notice", frame, "source_id", [source_id])
