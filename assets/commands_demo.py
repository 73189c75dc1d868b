"""The command that makes a workspace of made-up registers: demo.

In here: its arguments and what it prints. Not in here: its work; that is in
`pipeline/demo`.
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.terminal import out


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    complaints: Annotated[
        int,
        typer.Option(metavar="N", help="How many complaints: 100 to 5,000,000."),
    ] = 2000,
    seed: Annotated[
        int,
        typer.Option(metavar="S", help="The same seed makes the same files."),
    ] = 27,
) -> None:
    """Make a workspace of made-up registers, with the truth about them beside.

    Four offices that do not exist, with the mess of real files. All that a build makes
    of them says SYNTHETIC.
    """
    from pipeline.store.demo_workspace import make_demo

    for line in make_demo(folder, complaints, seed):
        out.print(line, markup=False)
