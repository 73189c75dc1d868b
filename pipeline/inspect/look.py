"""`preview` and `compare`: look at files without loading anything.

In here: the order of the steps of both commands. Not in here: any of the steps.
"""

from pathlib import Path
from typing import NamedTuple

from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.sources import Source, SourceFile, all_sources
from pipeline.inspect.compare import compare
from pipeline.inspect.difference import FileDifference
from pipeline.inspect.owner import owner_if_any
from pipeline.inspect.page import default_path, page_of, write_page
from pipeline.inspect.preview import Preview, preview_of
from pipeline.inspect.seen import see_file
from pipeline.workspace import Workspace


class Written(NamedTuple):
    """A preview, and where its page is."""

    preview: Preview
    page: Path


def preview_file(
    workspace: Workspace,
    path: Path,
    source_id: str = "",
    to: Path | None = None,
    own: Source | None = None,
) -> Written:
    """Write the page of a file and return what it shows.

    Args:
        workspace: whose declarations apply.
        path: the file.
        source_id: whose it is; else told by its folder or name.
        to: where to write the page; by default, in the private part of `warehouse/`.
        own: the source that the file itself tells, if it does.

    Raises:
        Point27Error: there is no such file or source, or it cannot be opened.
    """
    source = own or owner_if_any(path, all_sources(workspace), source_id)
    preview = preview_of(see_file(path, source), read_codelists(workspace))
    page = to or default_path(workspace, path.name)
    write_page(page_of(preview), page)
    return Written(preview, page)


def compare_files(
    workspace: Workspace, path: Path, previous: Path, source_id: str = ""
) -> FileDifference:
    """Return what differs between a previous edition of a form and this one.

    A previous edition may bear another name: it is laid out as this one is.

    Raises:
        Point27Error: there is no such file or source, or one cannot be opened.
    """
    sources = all_sources(workspace)
    source = owner_if_any(path, sources, source_id)
    earlier = owner_if_any(
        previous, sources, source_id or (source.source if source else "")
    )
    source = source or earlier
    declared = declared_for(source, path, previous)
    old, new = (
        see_file(one, source, declared_for(source, one) or declared)
        for one in (previous, path)
    )
    return compare(old, new, read_codelists(workspace))


def declared_for(source: Source | None, *paths: Path) -> SourceFile | None:
    """Return what a source declares of the first of some files that it knows."""
    known = (source.file_for(path.name) for path in paths) if source else ()
    return next((one for one in known if one), None)
