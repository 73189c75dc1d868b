"""What all commands share: the terminal, and the option that names the workspace.

In here: how a command speaks and is told where to work. Not in here: any command.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="Folder with raw/ and schemas/. Default: the environment variable "
        "POINT27_WORKSPACE, else the clone itself.",
    ),
]
# emoji: a text such as ":no:" of a spreadsheet is shown as it is.
out = Console(soft_wrap=True, highlight=False, emoji=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
