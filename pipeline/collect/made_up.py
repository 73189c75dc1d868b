"""Made-up data never stand beside real ones.

In here: refusing a build of both. Not in here: what is written on made-up tables
(`disseminate/wording.py`).
"""

from collections.abc import Mapping

from pipeline.collect.deliveries import vintages_of
from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Problem
from pipeline.workspace import Workspace


def refuse_mixed(workspace: Workspace, sources: Mapping[str, Source]) -> None:
    """Refuse that synthetic sources and real ones have files in one workspace.

    Raises:
        InputError: names the sources of both kinds.
    """
    found = [one for one in sources.values() if vintages_of(workspace, one)]
    made_up = sorted(one.source for one in found if one.synthetic)
    real = sorted(one.source for one in found if not one.synthetic)
    if made_up and real:
        raise InputError([mixed_problem(made_up, real)])


def mixed_problem(made_up: list[str], real: list[str]) -> Problem:
    """Return the problem of synthetic and real sources in one workspace."""
    return Problem(
        "raw/",
        f"synthetic sources ({', '.join(made_up)}) beside real ones "
        f"({', '.join(real)}): their tables would mix what is made up with what is not",
        "synthetic sources alone, or real ones alone",
        "move the folders of one kind out of raw/, into a workspace of their own",
    )
