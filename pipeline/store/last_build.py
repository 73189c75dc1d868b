"""The analysts' database of the last build, opened to answer a command.

In here: that there is one and that this version wrote it. Not in here: what a command
reads from it (`returned.py`, `revisions.py`, `trace.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from pipeline.errors import Point27Error
from pipeline.warehouse import reading
from pipeline.workspace import Workspace

Query = Callable[[str, Sequence[object]], pd.DataFrame]


@contextmanager
def last_build(workspace: Workspace) -> Iterator[Query]:
    """Open the analysts' database to read, and give what runs a query on it.

    Raises:
        Point27Error: nothing has been built yet, or by an earlier version.
    """
    if not workspace.analyst_database.exists():
        raise Point27Error("nothing has been built yet; run: point27 build")
    with reading(workspace.analyst_database) as read:
        require_this_version(read)
        yield read


def require_this_version(read: Query) -> None:
    """Raise Point27Error when a database lacks what this version writes."""
    sql = "SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?"
    if read(sql, ["meta", "correction"]).empty:
        raise Point27Error("built by an earlier version; run: point27 build")
