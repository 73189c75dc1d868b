"""The code location: what `dagster dev` shows of the workspace.

In here: gathering the assets. Not in here: any one of them.
"""

from collections.abc import Mapping

import dagster as dg

from assets.core import core_assets
from assets.out import out_assets
from assets.raw import raw_assets
from assets.resources import Workbench, known_sources
from assets.vintages import vintage_assets
from pipeline.declarations.tables import read_charts, read_tables
from pipeline.errors import Point27Error
from pipeline.workspace import Workspace, find_workspace

BUILD = "build"


def definitions_of(
    workspace: Workspace,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
    *,
    is_held: bool = False,
) -> dg.Definitions:
    """Return everything that Dagster runs for a workspace, in one process.

    Args:
        workspace: whose declarations say which assets there are.
        loggers: in the place of Dagster's own, which writes to the terminal.
        is_held: whether this process holds the workspace for its run already.
    """
    sources = known_sources(workspace)
    assets = [
        *raw_assets(sources),
        *core_assets(sources),
        *vintage_assets(),
        *out_assets(read_tables(workspace), read_charts(workspace)),
    ]
    return dg.Definitions(
        assets=assets,
        jobs=[
            dg.define_asset_job(
                BUILD,
                selection=dg.AssetSelection.all(),
                description="Everything, from the raw files to the release.",
            )
        ],
        resources={
            "workbench": Workbench(
                root=str(workspace.root), as_of=workspace.as_of, is_held=is_held
            )
        },
        loggers=loggers,
        # One process for all steps: a process for each costs about 2.5 s a step.
        executor=dg.in_process_executor,
    )


def found_definitions() -> dg.Definitions:
    """Return the definitions of the workspace of the environment.

    Raises:
        Point27Error: a declaration is wrong; the UI shows the words of the error.
    """
    try:
        return definitions_of(find_workspace())
    except Point27Error as error:
        # The way we came to it tells the reader of a web page nothing.
        raise error.with_traceback(None) from None


defs = found_definitions()
