"""The command line: build, check, preview, compare, trace, init, ui and more.

In here: arguments, what is printed, exit codes. Not in here: the work of a command;
that is in `assets/build.py` and in `pipeline`. Preview and compare are taken from
`commands_inspect.py`. Dagster is imported only by commands
that need it.
"""

import io
import json
import sys
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import typer

from assets.commands_demo import demo
from assets.commands_inspect import compare, preview
from assets.commands_template import template
from assets.stopped import last_good, tell
from assets.terminal import WorkspaceOption, err, out
from pipeline.errors import Problem
from pipeline.workspace import Workspace, find_workspace

app = typer.Typer(
    name="point27",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain text: boxes break in narrow windows and in what screen readers say.
    rich_markup_mode=None,
    help="Statistics of torture complaints: from spreadsheets to tables that trace "
    "every number to its cell.",
    epilog="Exit codes: 0 done; 1 problems in the data or files, each told with its "
    "place; 2 wrong use of the command; 130 stopped with Ctrl-C.",
)
SourceOption = Annotated[
    str, typer.Option(metavar="SOURCE", help="Only this source. Default: all.")
]


def show_version(is_wanted: bool) -> None:
    """Print the version and end, when it is asked for."""
    if not is_wanted:
        return
    try:
        found = installed("point27")
    except PackageNotFoundError:
        found = "(not installed)"
    out.print(f"point27 {found}", markup=False)
    raise typer.Exit


@app.callback()
def every_command(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=show_version,
            is_eager=True,
            help="Show the version and end.",
        ),
    ] = False,
) -> None:
    """Take the options that come before the name of a command."""


@app.command()
def build(
    workspace: WorkspaceOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress bar.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Build what was known on that day into warehouse/as-of/DATE/.",
        ),
    ] = None,
) -> None:
    """Read everything in raw/; make all tables, databases, charts and the release.

    What was published before stays as it is until the new build has ended well.
    """
    day = as_of.date().isoformat() if as_of else ""
    chosen = replace(find_workspace(workspace), as_of=day)
    try:
        from assets.build import run_build, summary_lines

        done = run_build(chosen, err, show_bar=not quiet)
    except BaseException as error:  # Ctrl-C too: what stays in place is told
        code = tell(error, err, last_good(chosen), chosen.root)
        if code is None:
            raise
        raise typer.Exit(code) from None
    for line in summary_lines(done):
        out.print(line, markup=False)


@app.command()
def check(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Spreadsheets, or folders of them."),
    ],
    workspace: WorkspaceOption = None,
    source: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="Source whose files they are, where name and folder do not tell.",
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the problems as JSON.")
    ] = False,
) -> None:
    """Look at spreadsheets without loading them. Exit 0 clean, 1 with problems.

    One line per problem: file!sheet!cell: what it is; what was expected; what to do.
    """
    from pipeline.store.check import check_files, with_folders_opened

    problems = check_files(find_workspace(workspace), files, source)
    if as_json:
        out.print(as_json_text(problems), markup=False)
    else:
        for problem in problems:
            out.print(str(problem), markup=False)
        looked_at, found = len(with_folders_opened(files)), len(problems)
        err.print(
            f"{looked_at} file{'s' * (looked_at != 1)} looked at, "
            f"{found or 'no'} problem{'s' * (found != 1)}"
        )
    raise typer.Exit(1 if problems else 0)


app.command()(demo)
app.command()(preview)
app.command()(compare)
app.command()(template)


def as_json_text(problems: list[Problem]) -> str:
    """Return problems as JSON: a list of place, what, expected, do."""
    shown = [
        {"place": p.place, "what": p.what, "expected": p.expected, "do": p.do}
        for p in problems
    ]
    return json.dumps(shown, ensure_ascii=False, indent=2)


@app.command()
def trace(
    table: Annotated[
        str,
        typer.Argument(metavar="TABLE", help="A published table, such as penalties."),
    ],
    dimensions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DIMENSION=CODE...]",
            help="Which cell, such as penalty=PRISON; what is not named is the total.",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Follow a published cell back to the cells of the files it was counted from."""
    from pipeline.store.trace import trace_lines

    for line in trace_lines(find_workspace(workspace), table, dimensions or []):
        out.print(line, markup=False)


@app.command()
def revisions(
    workspace: WorkspaceOption = None,
    source: SourceOption = "",
) -> None:
    """Show what sources changed between their vintages, as of the last build."""
    from pipeline.store.revisions import revision_lines

    for line in revision_lines(find_workspace(workspace), source):
        out.print(line, markup=False)


@app.command()
def quarantine(
    workspace: WorkspaceOption = None,
    source: SourceOption = "",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder to write to. Default: warehouse/private/quarantine/.",
        ),
    ] = None,
) -> None:
    """Write refused records as workbooks to give back to whoever supplied them.

    A copy of each file with the refused cells coloured and explained. It holds what
    the supplier wrote, names included.
    """
    from pipeline.store.returned import quarantine_lines

    for line in quarantine_lines(find_workspace(workspace), source, to):
        out.print(line, markup=False)


@app.command()
def propose(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet.")],
    source: Annotated[
        str, typer.Option(metavar="NAME", help="Id of the source. Default: a guess.")
    ] = "",
    record: Annotated[
        str, typer.Option(metavar="KIND", help="Kind of record. Default: a guess.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(metavar="DRAFT.yml", help="New file to write it to."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Draft the declaration that would read a spreadsheet. It holds its doubts.

    Headers and words that look like codes are quoted in it; cells of columns that may
    name people, and free text, never are.
    """
    from pipeline.propose.source_draft import propose_to

    draft = propose_to(file, find_workspace(workspace), source, record, to)
    if to is None:
        out.print(draft, markup=False, end="")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
) -> None:
    """Make an empty workspace: a folder for real registers, outside the clone."""
    from pipeline.store.new_workspace import make_workspace

    for line in make_workspace(folder):
        out.print(line, markup=False)


@app.command()
def ui(
    workspace: WorkspaceOption = None,
    port: Annotated[
        int, typer.Option(metavar="PORT", help="Port on this machine.")
    ] = 3000,
) -> None:
    """Open the Dagster UI of a workspace on this machine. Ctrl-C ends it."""
    from assets.home import prepare_home
    from assets.serve import serve

    chosen: Workspace = find_workspace(workspace)
    prepare_home(chosen)
    raise typer.Exit(serve(port))


def main() -> None:
    """Run a command; a fault that the user can mend is told without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a Kazakh letter shows its number, not a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="point27")
    except Exception as error:  # told in words where the user can mend it
        code = tell(error, err, "", Path.cwd())
        if code is None:
            raise
        sys.exit(code)
