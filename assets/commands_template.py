"""The command that writes a workbook to fill in.

In here: its arguments, what it prints. Not in here: its work; that is in
`pipeline/template`.
"""

from pathlib import Path
from typing import Annotated, cast

import typer

from assets.terminal import WorkspaceOption, out
from pipeline.workspace import find_workspace

REGISTERS_HELP = (
    "complaints, checks, investigations, prosecutions, sentences; or all: one workbook "
    "with a sheet of each."
)


def template(
    register: Annotated[
        str, typer.Argument(metavar="REGISTER", help=REGISTERS_HELP, show_default=False)
    ],
    language: Annotated[
        str, typer.Option("--lang", metavar="LANGUAGE", help="en, ru or kk.")
    ] = "en",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.xlsx",
            help="New file. Default: point27_REGISTER_LANGUAGE.xlsx, in this folder.",
        ),
    ] = None,
    country: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="Whose bodies, laws and regions the lists have. Default: KZ.",
        ),
    ] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Write a workbook to fill in: one row a complaint, check, step, decision, penalty.

    Drop-down lists, a guide and examples are in it. What was filled in is read back
    without a declaration: point27 check FILE, then raw/SOURCE/DATE/FILE and build.
    """
    from pipeline.declarations.codelists import read_codelists
    from pipeline.declarations.template import LANGUAGES, Language
    from pipeline.template.write import ALL, write_template
    from schemas.registers import REGISTERS

    one_of("REGISTER", register, (*(record.name for record in REGISTERS), ALL))
    one_of("--lang", language, LANGUAGES)
    path = output or Path(f"point27_{register}_{language}.xlsx")
    lists = read_codelists(find_workspace(workspace))
    write_template(register, cast("Language", language), path, lists, country)
    out.print(f"{path}", markup=False)
    out.print(f"Fill it in, then: point27 check {path}", markup=False)


def one_of(name: str, given: str, known: tuple[str, ...]) -> None:
    """Refuse an argument that is none of those there are: wrong use, exit code 2."""
    if given not in known:
        raise typer.BadParameter(
            f"{given!r}; choose one of {', '.join(known)}", param_hint=name
        )
