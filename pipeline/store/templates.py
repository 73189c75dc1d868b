"""Sources made from workbooks to fill in, which need no declaration of their own.

In here: finding such workbooks under `raw/`, and keeping what was seen of them. Not in
here: what is seen and made of one (`template`); reading a file (`collect`).

Looking costs a process that reads the file, so that what was seen of its bytes is kept
in the private part of `warehouse/`: headers and facts, no row.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path

from pipeline.collect.deliveries import data_files, is_left_behind
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import Source, all_sources
from pipeline.errors import InputError, Problem, UnreadableFileError
from pipeline.lineage import place, sha256_of
from pipeline.template.judge import faults
from pipeline.template.looking import Look, is_told_by_sheets, look_at
from pipeline.template.made import contradictions, made_source, wrong_folder
from pipeline.template.seen import Seen
from pipeline.workspace import Workspace

SEEING = "1"
"""Raised when other things are seen in the same bytes."""


def with_templates(
    workspace: Workspace, sources: Mapping[str, Source]
) -> dict[str, Source]:
    """Return the declared sources, and those made from workbooks to fill in.

    A folder of `raw/` that no source is declared for, and that holds such workbooks,
    is a source.

    Raises:
        InputError: a workbook misses a fact, contradicts another, is of another
            version, has another header than it was written with, or has no row.
    """
    made = dict(sources)
    problems: list[Problem] = []
    folders = [f for f in undeclared(workspace, sources) if holds_some(workspace, f)]
    lists = lists_of(workspace) if folders else {}
    for folder in folders:
        try:
            made[folder.name] = source_of_folder(workspace, folder, lists)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return made


@cache
def lists_of(workspace: Workspace) -> dict[str, CodeList]:
    """Return the code lists, read once a process: a build asks for them often."""
    return read_codelists(workspace)


def undeclared(workspace: Workspace, sources: Mapping[str, Source]) -> list[Path]:
    """Return the folders of `raw/` that no source is declared for."""
    return sorted(
        path
        for path in workspace.raw.iterdir()
        if path.is_dir() and not path.is_symlink() and path.name not in sources
    )


def holds_some(workspace: Workspace, folder: Path) -> bool:
    """Return whether the newest vintage of a folder holds workbooks to fill in.

    One that has their sheets and cannot be read to its end is taken for one.
    """
    newest = vintages_in(workspace, folder)[:1]
    looks = look_at_all(workspace, newest[0]) if newest else {}
    return any(
        look is not None and (isinstance(look, Seen) or is_told_by_sheets(path))
        for path, look in looks.items()
    )


def source_of_folder(
    workspace: Workspace, folder: Path, lists: Mapping[str, CodeList]
) -> Source:
    """Return the source whose workbooks to fill in stand in a folder.

    The facts are those of the newest vintage; of earlier ones, what is as it should be
    is declared too, so that it is read for its revisions.

    Raises:
        InputError: with every problem of the newest vintage.
    """
    vintages = vintages_in(workspace, folder)
    looks = look_at_all(workspace, vintages[0])
    if problems := problems_of(looks, folder.name, lists):
        raise InputError(problems)
    found = {path.name: look for path, look in looks.items() if isinstance(look, Seen)}
    problems = []
    for vintage in vintages[1:]:
        for path, look in look_at_all(workspace, vintage).items():
            if isinstance(look, Seen) and not faults(path.name, look, lists):
                newest = found.setdefault(path.name, look)
                problems += emptied(newest, look, path)
    if problems:
        raise InputError(problems)
    return made_source(found, lists)


def vintages_in(workspace: Workspace, folder: Path) -> list[list[Path]]:
    """Return the files of each vintage of a folder, the newest first.

    As of a day, those of later vintages only where there are no others: what delivers
    later is a source, though it takes no part yet. Files outside of a vintage are
    looked at too, so that they are told to be in a wrong place.
    """
    places = [path for path in folder.iterdir() if not is_left_behind(path)]
    dated = sorted((path for path in places if is_folder(path)), reverse=True)
    until = workspace.as_of
    meant = [path for path in dated if not until or path.name <= until] or dated
    vintages = [[p for p in data_files(path) if is_file(p)] for path in meant]
    loose = [path for path in places if is_file(path)]
    return [files for files in [*vintages, loose] if files]


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder and no link: a link may lead anywhere."""
    return path.is_dir() and not path.is_symlink()


def is_file(path: Path) -> bool:
    """Return whether a path is a file and no link."""
    return path.is_file() and not path.is_symlink()


def problems_of(
    looks: Mapping[Path, Look], folder: str, lists: Mapping[str, CodeList]
) -> list[Problem]:
    """Return every problem of the workbooks of one vintage."""
    found: list[Problem] = []
    for path, look in looks.items():
        if isinstance(look, UnreadableFileError):
            found += look.problems
        elif look is None:
            found.append(stranger(path, folder))
        else:
            found += faults(path.name, look, lists)
            if look.value("source") not in ("", folder):
                found.append(wrong_folder(path.name, look, folder))
    return [*found, *chain.from_iterable(contradicting(looks, lists).values())]


def contradicting(
    looks: Mapping[Path, Look], lists: Mapping[str, CodeList]
) -> dict[Path, list[Problem]]:
    """Return file → what it answers otherwise than another one of its source."""
    first: dict[str, tuple[str, Seen]] = {}
    found: dict[Path, list[Problem]] = {}
    for path, look in looks.items():
        if isinstance(look, Seen) and not faults(path.name, look, lists):
            before = first.setdefault(look.value("source"), (path.name, look))
            told = [*contradictions(before, (path.name, look), lists)]
            if told:
                found[path] = told
    return found


def stranger(path: Path, folder: str) -> Problem:
    """Return the problem of another file among workbooks that were filled in."""
    return Problem(
        f"raw/{folder}/{path.parent.name}/{path.name}",
        "no workbook that point27 template wrote, among others that are",
        "only such workbooks, or a declaration of all files",
        f"move it away, or declare the source in schemas/sources/{folder}.yml",
    )


def emptied(seen: Seen, earlier: Seen, path: Path) -> list[Problem]:
    """Return the problem of each register that an earlier vintage of a file had.

    Left out, its records would be gone without a word.
    """
    return [
        Problem(
            place(path.name, name, ""),
            f"left empty, though rows of it were delivered on {path.parent.name}",
            "the whole of the source in each vintage",
            "put the rows back; where they were taken back, give the workbook another "
            "name and declare the earlier one under withdrawn_files in "
            "schemas/corrections/",
        )
        for name, sheet in seen.sheets.items()
        if not sheet.rows and name in earlier.sheets and earlier.sheets[name].rows
    ]


def filled_in(
    workspace: Workspace,
    files: Iterable[Path],
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> dict[Path, Source | list[Problem]]:
    """Return file → the source that it is itself, or its problems, of some files.

    Left out are files that are no workbooks to fill in, or stand in the folder of a
    source that is declared. Nothing is kept.
    """
    meant = [path for path in files if path.is_file() and not declared(path, sources)]
    looks = look_at(meant)
    found: dict[Path, Source | list[Problem]] = {}
    for path, look in looks.items():
        if isinstance(look, Seen):
            problems = faults(path.name, look, lists)
            folder = folder_of(workspace, path)
            if not problems and folder not in ("", look.value("source")):
                problems = [wrong_folder(path.name, look, folder)]
            found[path] = problems or made_source({path.name: look}, lists)
    for path, problems in contradicting(looks, lists).items():
        found[path] = problems
    return found


def own_source(workspace: Workspace, path: Path) -> Source | None:
    """Return the source that a workbook to fill in tells itself, if it is a good one.

    Raises:
        DeclarationError: a declaration is wrong.
    """
    sources = all_sources(workspace)
    own = filled_in(workspace, [path], sources, read_codelists(workspace))
    return next((one for one in own.values() if isinstance(one, Source)), None)


def declared(path: Path, sources: Mapping[str, Source]) -> bool:
    """Return whether a file stands in the folder of a source that declares it."""
    folders = path.resolve().parts
    return any(
        one.source in folders and one.file_for(path.name) for one in sources.values()
    )


def folder_of(workspace: Workspace, path: Path) -> str:
    """Return the folder of `raw/` that a file stands in, if it does in one."""
    whole = path.resolve()
    if not whole.is_relative_to(workspace.raw.resolve()):
        return ""
    return whole.relative_to(workspace.raw.resolve()).parts[0]


def look_at_all(workspace: Workspace, paths: Sequence[Path]) -> dict[Path, Look]:
    """Return what is seen of files: kept from before, or looked at now and kept."""
    kept = workspace.private_database.parent / "templates"
    notes = {path: kept / f"{sha256_of(path)}-{SEEING}.json" for path in paths}
    found: dict[Path, Look] = {}
    for path, note in notes.items():
        with suppress(OSError, ValueError):
            told = json.loads(note.read_text(encoding="utf-8"))
            found[path] = Seen.model_validate(told) if told else None
    for path, look in look_at([path for path in paths if path not in found]).items():
        found[path] = look
        if not isinstance(look, UnreadableFileError):
            keep(notes[path], look)
    return {path: found[path] for path in paths}


def keep(note: Path, look: Seen | None) -> None:
    """Keep what was seen of a file; where nothing can be written, it is seen anew."""
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = note.with_suffix(".part")
        written.write_text(look.model_dump_json() if look else "null", encoding="utf-8")
        written.replace(note)
