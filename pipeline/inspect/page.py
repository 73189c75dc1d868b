"""The page of a preview: one HTML file that needs nothing else.

In here: filling the template and writing the file for its owner only. Not in here:
what the page says (`preview.py`), its markup and its colours (`templates/`).
"""

import os
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pipeline.inspect.preview import Preview
from pipeline.inspect.roles import ORDER
from pipeline.workspace import Workspace

OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700


@cache
def template() -> Template:
    """Return the template of the page. Whatever a cell holds is escaped."""
    surroundings = Environment(
        loader=PackageLoader("pipeline.inspect"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return surroundings.get_template("page.html.j2")


def page_of(preview: Preview) -> str:
    """Return the page as HTML."""
    return template().render(preview=preview, roles=ORDER)


def default_path(workspace: Workspace, file: str) -> Path:
    """Return where the page of a file is written: beside nothing public.

    The private folder is made where it is not there, for its owner only.
    """
    private = workspace.private_database.parent
    private.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
    return private / "preview" / f"{file}.html"


def write_page(page: str, path: Path) -> None:
    """Write a page that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding="utf-8") as file:
        path.chmod(OWNER_ONLY)  # it may have been there, open to others
        file.write(page)
