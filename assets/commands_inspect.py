"""The commands that look at a file without loading it: preview and compare.

In here: their arguments, what they print, their exit codes. Not in here: their work;
that is in `pipeline/inspect`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.terminal import WorkspaceOption, err, out
from pipeline.errors import Point27Error
from pipeline.workspace import find_workspace

if TYPE_CHECKING:
    from pipeline.inspect.look import Written

DIFFERENT, WRONG_USE = 1, 2
SourceOption = Annotated[
    str,
    typer.Option(
        metavar="SOURCE",
        help="Source whose file it is, where name and folder do not tell.",
    ),
]


def preview(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet.")],
    source: SourceOption = "",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="PAGE.html",
            help="Where to write the page. Default: warehouse/private/preview/.",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Show a spreadsheet as a page: each cell coloured by what it is taken for.

    The page needs no network. Cells that name persons are masked in it; all else is as
    in the file, so it is written for you alone.
    """
    from pipeline.inspect.look import preview_file
    from pipeline.store.templates import own_source

    chosen = find_workspace(workspace)
    own = None if source else own_source(chosen, file)
    written = preview_file(chosen, file, source, to, own)
    out.print(told(written), markup=False)
    out.print(f"{written.page}", markup=False)
    err.print("Only you can read it: it holds what the file holds.")
    if open_it:
        typer.launch(written.page.resolve().as_uri())


def told(written: "Written") -> str:
    """Return a preview in one line."""
    found = written.preview
    if found.is_good:
        return f"{found.file}: all {found.cells:,} cells are understood."
    faults = len(found.problems) + sum(len(sheet.findings) for sheet in found.sheets)
    return (
        f"{found.file}: {found.count('unread'):,} of {found.cells:,} cells not "
        f"understood, {found.count('refused'):,} refused; {faults:,} to mend."
        + (
            ""
            if found.source
            else f" No source declares it: point27 propose {found.file}"
        )
    )


def compare(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The edition that is new.")
    ],
    previous: Annotated[
        Path,
        typer.Option("--with", metavar="PREVIOUS", help="The edition before it."),
    ],
    source: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json_text: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON.")
    ] = False,
) -> None:
    """Tell what changed between two editions of a form, down to the revised cells.

    Exit 0 the same, 1 different (also where things have only moved), 2 not comparable.
    """
    from pipeline.inspect.compare_words import as_json, lines_of
    from pipeline.inspect.look import compare_files

    try:
        found = compare_files(find_workspace(workspace), file, previous, source)
    except Point27Error as error:
        err.print(str(error), markup=False, style="red")
        raise typer.Exit(WRONG_USE) from None
    if as_json_text:
        out.print(as_json(found), markup=False)
    else:
        for line in lines_of(found):
            out.print(line, markup=False)
    raise typer.Exit(0 if found.is_same else DIFFERENT)
