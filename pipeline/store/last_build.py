"""The analysts' database of the last build, opened to answer a command.

In here: that there is one and that this version wrote it. Not in here: what a command
reads from it (`returned.py`, `revisions.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from pipeline.errors import Point27Error
from pipeline.store.trace import require_this_version
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
