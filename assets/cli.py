"""The command line: build, check, trace, init and ui.

In here: arguments, what is printed, exit codes. Not in here: the work of a command;
that is in `assets/build.py` and in `pipeline`. Dagster is imported only by commands
that need it.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.errors import InputError, Point27Error
from pipeline.workspace import Workspace, find_workspace

app = typer.Typer(
    name="point27",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Statistics of torture complaints: from spreadsheets to tables that trace "
    "every number to its cell.",
    epilog="Exit codes: 0 done; 1 problems in the data or files, each told with its "
    "place; 2 wrong use of the command.",
)
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="Folder with raw/ and schemas/. Default: $POINT27_WORKSPACE, else the "
        "clone itself.",
    ),
]
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


@app.command()
def build(
    workspace: WorkspaceOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No bar.")] = False,
) -> None:
    """Read everything in raw/, build all tables, databases, charts and the release."""
    from assets.build import run_build, summary_lines

    done = run_build(find_workspace(workspace), err, show_bar=not quiet)
    for line in summary_lines(done):
        out.print(line, markup=False)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Spreadsheets to look at.")],
    workspace: WorkspaceOption = None,
    source: Annotated[
        str, typer.Option(help="Source whose declaration applies, if not told by name.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at spreadsheets without loading them. Exit 0 clean, 1 with problems.

    One line per problem: file!sheet!cell: what, expected, do.
    """
    from pipeline.store.check import check_files

    problems = check_files(find_workspace(workspace), files, source)
    if as_json:
        shown = [
            {"place": p.place, "what": p.what, "expected": p.expected, "do": p.do}
            for p in problems
        ]
        out.print(json.dumps(shown, ensure_ascii=False, indent=2), markup=False)
    else:
        for problem in problems:
            out.print(str(problem), markup=False)
        err.print(f"{len(files)} files looked at, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="A published table, such as penalties.")],
    dimensions: Annotated[
        list[str] | None,
        typer.Argument(help="dimension=code …; what is not named is the total."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Follow a published cell back to the cells of the files it was counted from."""
    from pipeline.store.trace import trace_lines

    for line in trace_lines(find_workspace(workspace), table, dimensions or []):
        out.print(line, markup=False)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make an empty workspace: a folder for real registers, outside the clone."""
    from pipeline.store.new_workspace import make_workspace

    for line in make_workspace(folder):
        out.print(line, markup=False)


@app.command()
def ui(
    workspace: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Open the Dagster UI of a workspace on this machine. Ctrl-C ends it."""
    from assets.home import prepare_home
    from assets.serve import serve

    chosen: Workspace = find_workspace(workspace)
    prepare_home(chosen)
    raise typer.Exit(serve(port))


def main() -> None:
    """Run a command; a fault that the user can mend is told without a traceback."""
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            err.print(str(problem), markup=False, style="red")
        err.print(f"Stopped: {len(error.problems)} problems. {LAST_GOOD}", style="bold")
        sys.exit(1)
    except Point27Error as error:
        err.print(str(error), markup=False, style="red")
        err.print(f"Stopped. {LAST_GOOD}", style="bold")
        sys.exit(1)
    except KeyboardInterrupt:
        err.print(f"Stopped by you. {LAST_GOOD}", style="bold")
        sys.exit(130)
    except OSError as error:
        err.print(f"{error.filename or 'a file'}: {error.strerror}", markup=False)
        err.print(f"Stopped. {LAST_GOOD}", style="bold")
        sys.exit(1)


LAST_GOOD = "Databases and releases are those of the last build that ended well."
