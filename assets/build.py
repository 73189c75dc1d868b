"""`point27 build`: one run of everything, in this process, shown in the Dagster UI.

In here: running the job, the progress bar, the summary. Not in here: the steps.
"""

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import dagster as dg
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
)

from assets.definitions import BUILD, definitions_of
from assets.home import prepare_home
from assets.one_build import only_build
from assets.resources import known_sources
from pipeline.analyse.disclosure import Refusal
from pipeline.declarations.tables import read_tables
from pipeline.store.in_place import recover
from pipeline.store.out import through_the_gate
from pipeline.store.summary import Summary, summarise
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace

ONLY_THE_BAR: dict[str, Any] = {"loggers": {"bar": {}}}


class Done(NamedTuple):
    """A build that ended well."""

    workspace: Workspace
    summary: Summary
    refused: list[Refusal]
    key_is_new: bool


def run_build(workspace: Workspace, console: Console, *, show_bar: bool) -> Done:
    """Build a workspace.

    Raises:
        Point27Error: as told by the step that failed; what was published stays.
    """
    with only_build(workspace):
        return build_alone(workspace, console, show_bar=show_bar)


def build_alone(workspace: Workspace, console: Console, *, show_bar: bool) -> Done:
    """Build a workspace that no other build holds."""
    recover(workspace)
    prepare_home(workspace)
    key_is_new = not workspace.key.exists()
    # A run in the Dagster UI may have it open: say so now, and not half-way.
    Warehouse(workspace.private_database).connection.close()
    with bar(console, show_bar) as progress:
        run(workspace, progress)
    with Warehouse(workspace.private_database) as warehouse:
        refused = through_the_gate(
            warehouse, read_tables(workspace), known_sources(workspace)
        )[1]
        return Done(workspace, summarise(warehouse, workspace), refused, key_is_new)


def bar(console: Console, show: bool) -> Progress:
    """Return the progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not show)


def run(workspace: Workspace, progress: Progress) -> None:
    """Run every step in this process; raise what a step raised."""
    task = progress.add_task("reading declarations", total=None)
    loggers = {"bar": bar_logger(progress, task)}
    job = definitions_of(workspace, loggers, is_held=True).resolve_job_def(BUILD)
    progress.update(task, total=len(job.nodes))
    try:
        with dg.DagsterInstance.get() as instance:
            job.execute_in_process(instance=instance, run_config=ONLY_THE_BAR)
    except dg.DagsterExecutionStepExecutionError as error:
        # Dagster wraps what a step raised; the user is told our own words.
        raise error.__cause__ or error from None


def bar_logger(progress: Progress, task: TaskID) -> dg.LoggerDefinition:
    """Return a logger that moves the bar and writes nothing; the UI has the log."""

    class Bar(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            event = getattr(record, "dagster_meta", {}).get("dagster_event")
            if event is not None and event.is_step_success:
                progress.update(task, advance=1, description=event.step_key)

    @dg.logger
    def moving(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("bar")
        logger.addHandler(Bar())
        return logger

    return moving


def changes(found: Summary) -> Iterator[str]:
    """Yield what was mended, corrected, revised and told of deliveries."""
    if found.closed:
        yield f"Mended      {found.closed}"
    if found.corrections:
        yield f"Corrected   {found.corrections:,} cells, see schemas/corrections/"
    if found.revisions:
        yield f"Revisions   {found.revisions}; see: point27 revisions"
    for line in found.notices:
        yield f"Notice      {line}"


def summary_lines(done: Done) -> Iterator[str]:
    """Yield the summary of a build, for the terminal."""
    found, where = done.summary, done.workspace.warehouse
    yield (
        f"Read        {found.files} files of {found.sources} sources, "
        f"{found.cells_read:,} cells: {found.cells_observed:,} in observations, "
        f"{found.cells_quarantined:,} quarantined, {found.cells_non_data:,} non-data"
    )
    yield f"Accepted    {found.accepted:,} records; quarantined {found.quarantined:,}"
    for line in found.reasons:
        yield f"            {line}"
    yield from changes(found)
    if found.printed_totals:
        yield f"Totals      printed on the sheets: {found.printed_totals}"
    yield f"Links       {found.links}"
    for line in found.links_lost:
        yield f"            {line}"
    yield (
        f"Tables      {found.tables}, {found.cells_published:,} cells, "
        "each traceable to file, sheet and cell"
    )
    yield f"Conflicts   {found.conflicts} between published statements, none averaged"
    yield f"Identities  {found.identities_held} hold, {found.identities_failed} do not"
    for table, reason in done.refused:
        yield f"Withheld    {table}: {reason}"
    if done.key_is_new:
        yield f"Key         made at {done.workspace.key}; keep it: without it the"
        yield "            same person gets another pseudonym (counts stay the same)"
    yield f"Analysts    {where / 'analyst.duckdb'}"
    yield f"Public      {where / 'public.duckdb'}"
    yield f"Release     {found.release}"
