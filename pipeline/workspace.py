"""A workspace: the folder with raw files, declarations, the warehouse and the key.

In here: where things are. Not in here: reading or writing them.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Point27Error

ENVIRONMENT = "POINT27_WORKSPACE"
REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that a build reads from and writes to.

    With `as_of`, an ISO date, it is the workspace as known on that day: deliveries of
    later vintages do not exist, and what is generated goes into a folder of its own.
    With `is_next`, databases and releases are the next ones, which nobody opens yet.
    """

    root: Path
    as_of: str = ""
    is_next: bool = False

    @property
    def raw(self) -> Path:
        """Return the folder of deliveries: raw/<source>/<vintage>/<file>."""
        return self.root / "raw"

    @property
    def schemas(self) -> Path:
        """Return the folder of this workspace's own declarations."""
        return self.root / "schemas"

    @property
    def warehouse(self) -> Path:
        """Return the folder of everything that is generated."""
        current = self.root / "warehouse"
        return current / "as-of" / self.as_of if self.as_of else current

    @property
    def private_database(self) -> Path:
        """Return the writer's own database, which nobody else opens."""
        return self.warehouse / "private" / "point27.duckdb"

    @property
    def published(self) -> Path:
        """Return the folder of what people open."""
        return self.warehouse / ".next" if self.is_next else self.warehouse

    @property
    def analyst_database(self) -> Path:
        """Return the pseudonymised database for analysts."""
        return self.published / "analyst.duckdb"

    @property
    def public_database(self) -> Path:
        """Return the database of what disclosure control let through."""
        return self.published / "public.duckdb"

    @property
    def quarantine(self) -> Path:
        """Return the folder of refused records to give back, names included."""
        return self.private_database.parent / "quarantine"

    @property
    def releases(self) -> Path:
        """Return the folder of releases, one per release date."""
        return self.published / "releases"

    @property
    def key(self) -> Path:
        """Return the file of the key that makes pseudonyms."""
        return self.root / ".point27" / "pseudonym.key"

    @property
    def dagster_home(self) -> Path:
        """Return the folder where Dagster keeps its history of runs.

        An earlier state has its own: its runs are none of the current tables.
        """
        own = self.root / ".point27"
        return own / "as-of" / self.as_of / "dagster" if self.as_of else own / "dagster"


def find_workspace(chosen: Path | None = None) -> Workspace:
    """Return the workspace chosen, else that of the environment, else the clone.

    Raises:
        Point27Error: the folder does not exist or is not a workspace.
    """
    named = chosen or os.environ.get(ENVIRONMENT)
    root = Path(named).expanduser().resolve() if named else REPOSITORY
    if not (root / "raw").is_dir():
        raise Point27Error(
            f"{root}: not a workspace (it has no folder raw/); "
            f"make one with: point27 init {root}"
        )
    return Workspace(root)
