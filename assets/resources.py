"""What assets share: the workspace, its declarations, its key and its warehouse.

In here: one Dagster resource, read from declarations when it is first used. Not in
here: any step of the pipeline.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg

from assets.turn import known_as_running, turn
from assets.unshown import unshown
from pipeline.collect.deliveries import taking_part
from pipeline.collect.identity import read_key
from pipeline.collect.made_up import refuse_mixed
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.corrections import Corrections, read_corrections
from pipeline.declarations.questions import Questions, read_questions
from pipeline.declarations.reconciliation import ReconciliationRules, read_rules
from pipeline.declarations.sources import Source, all_sources, read_sources
from pipeline.declarations.tables import ChartSpec, TableSpec, read_charts, read_tables
from pipeline.store.in_place import recover
from pipeline.store.templates import with_templates
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace, find_workspace

Read = TypeVar("Read")


class Workbench(dg.ConfigurableResource):
    """The workspace of a run. Empty: that of the environment, or the clone itself."""

    root: str = ""
    as_of: str = ""
    is_held: bool = False

    @contextmanager
    def yield_for_execution(
        self, context: dg.InitResourceContext
    ) -> Iterator["Workbench"]:
        """Hold the workspace for one run, from its first step to its last."""
        with ExitStack() as held:
            if not self.is_held:
                held.enter_context(turn(self.workspace, context.log))
                recover(self.workspace)
            if context.instance and context.run:
                held.enter_context(
                    known_as_running(
                        self.workspace, context.instance, context.run.run_id
                    )
                )
            yield self

    @property
    def workspace(self) -> Workspace:
        """Return the workspace."""
        found = find_workspace(Path(self.root) if self.root else None)
        return replace(found, as_of=self.as_of)

    @property
    def sources(self) -> dict[str, Source]:
        """Return the sources that take part, by id."""
        return once(known_sources, self.workspace)

    @property
    def corrections(self) -> Corrections:
        """Return the corrections that were declared."""
        return once(declared_corrections, self.workspace)

    @property
    def closed(self) -> list[str]:
        """Return the sources that are not public: their records are never shown."""
        every = self.sources.items()
        return [name for name, source in every if source.sensitivity != "public"]

    @property
    def lists(self) -> dict[str, CodeList]:
        """Return the code lists by name."""
        return once(read_codelists, self.workspace)

    @property
    def tables(self) -> dict[str, TableSpec]:
        """Return the published tables by name."""
        return once(read_tables, self.workspace)

    @property
    def charts(self) -> dict[str, ChartSpec]:
        """Return the charts by name."""
        return once(read_charts, self.workspace)

    @property
    def questions(self) -> Questions:
        """Return the questions of 8(c)."""
        return once(read_questions, self.workspace)

    @property
    def rules(self) -> ReconciliationRules:
        """Return the rules of reconciliation."""
        return once(read_rules, self.workspace)

    def key(self) -> bytes:
        """Return the key for pseudonyms, made on the first run."""
        return read_key(self.workspace.key)[0]

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """Open the writer's warehouse for a `with` block.

        Raises:
            UnshownFaultError: a fault whose words could show a row that is not public.
        """
        with (
            unshown(self.closed, self.workspace.root),
            Warehouse(self.workspace.private_database) as opened,
        ):
            yield opened


def known_sources(workspace: Workspace) -> dict[str, Source]:
    """Return the sources that take part in a build of a workspace, by id.

    Raises:
        Point27Error: a declaration is wrong, nothing had been delivered yet, or
            synthetic and real sources stand side by side.
    """
    every = with_templates(workspace, read_sources(workspace))
    found = taking_part(workspace, every)
    refuse_mixed(workspace, found)
    return found


def declared_corrections(workspace: Workspace) -> Corrections:
    """Return the corrections of a workspace. Raises Point27Error."""
    sources = with_templates(workspace, all_sources(workspace))
    return read_corrections(workspace, sources)


def once(read: Callable[[Workspace], Read], workspace: Workspace) -> Read:
    """Return a declaration read once a process: forty assets ask for it."""
    found: Read = remembered(read, workspace)
    return found


@cache
def remembered(read: Callable[[Workspace], Any], workspace: Workspace) -> Any:
    """Return what was read before, else read it. Its type is lost in the cache."""
    return read(workspace)
