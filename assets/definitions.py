"""The code location: what `dagster dev` shows of the workspace.

In here: gathering the assets. Not in here: any one of them.
"""

import dagster as dg

from assets.core import core_assets
from assets.out import out_assets
from assets.raw import raw_assets
from assets.resources import Workbench
from pipeline.declarations.sources import read_sources
from pipeline.declarations.tables import read_charts, read_tables
from pipeline.workspace import Workspace, find_workspace

BUILD = "build"


def definitions_of(
    workspace: Workspace, hooks: frozenset[dg.HookDefinition] = frozenset()
) -> dg.Definitions:
    """Return everything that Dagster runs for a workspace, in one process.

    Args:
        workspace: whose declarations say which assets there are.
        hooks: called after each step of the job `build`.
    """
    sources = read_sources(workspace)
    assets = [
        *raw_assets(sources),
        *core_assets(sources),
        *out_assets(read_tables(workspace), read_charts(workspace)),
    ]
    return dg.Definitions(
        assets=assets,
        jobs=[
            dg.define_asset_job(
                BUILD,
                selection=dg.AssetSelection.all(),
                description="Everything, from the raw files to the release.",
                hooks=hooks,
            )
        ],
        resources={"workbench": Workbench(root=str(workspace.root))},
        # One process for all steps: a process for each costs about 2.5 s a step.
        executor=dg.in_process_executor,
    )


defs = definitions_of(find_workspace())
