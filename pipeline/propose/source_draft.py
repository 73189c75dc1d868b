"""Draft the declaration of a source from one of its workbooks.

In here: the file and what is told of all its sheets; the text of the draft. Not in
here: one sheet (`sheet_draft.py`); whether the draft reads the file (`trial.py`).
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.collect.apart import read_apart
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.header_words import read_header_words
from pipeline.declarations.schema import SCHEMA
from pipeline.errors import Point27Error
from pipeline.model import Sheet
from pipeline.propose.context import Context
from pipeline.propose.matching import DRAFTED
from pipeline.propose.nodes import FILL_IN, Flow, Noted, yaml_of
from pipeline.propose.sheet_draft import sheet_draft
from pipeline.propose.signs import meaning_of
from pipeline.propose.totals import same_start
from pipeline.propose.trial import trial_lines
from pipeline.workspace import Workspace

MEANINGS = "unknown, not_supplied, not_applicable, withheld or zero?"
MOST_SPELLINGS = 150


def propose(
    path: Path,
    workspace: Workspace,
    source: str = "",
    record: str = "",
    to: Path | None = None,
) -> str:
    """Return the draft of a declaration that would read a workbook.

    Args:
        path: the workbook.
        workspace: whose code lists and words count.
        source: id of the source; made from the name of the file by default.
        record: kind of record of all tables; found by default.
        to: where the draft will be written, so that it names its schema from there.

    Raises:
        UnreadableFileError: the workbook cannot be read.
        DeclarationError: a declaration of the workspace is wrong.
    """
    sheets = read_apart(path, path.name, "")
    name = source or plain_name(path.stem)
    context = Context(
        name, read_header_words(workspace), read_codelists(workspace), record
    )
    drafts = [sheet_draft(sheet, path.name, context) for sheet in sheets]
    body = yaml_of(source_tree(path, sheets, drafts, context))
    tried = "".join(f"{line}\n" for line in trial_lines(body, sheets, path))
    return head_lines(path, sheets, to) + tried + body + spelling_lines(context)


def propose_to(
    path: Path, workspace: Workspace, source: str, record: str, to: Path | None
) -> str:
    """Return the draft of a declaration, and write it where a file is named.

    Raises:
        Point27Error: there is no such workbook or kind of record, or the file to write
            is there already.
    """
    if not path.is_file():
        raise Point27Error(f"{path}: there is no such file")
    if record and record not in DRAFTED:
        raise Point27Error(f"{record}: no kind of record; {', '.join(DRAFTED)}")
    draft = propose(path, workspace, source, record, to)
    if to is not None:
        try:
            with to.open("x", encoding="utf-8", newline="\n") as file:
                file.write(draft)
        except FileExistsError as error:
            raise Point27Error(f"{to}: is there already; it is not changed") from error
    return draft


def plain_name(stem: str) -> str:
    """Return an id of a source made from the name of a file."""
    name = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")[:40].strip("_")
    return name if re.match(r"[a-z]", name) else f"source_{name}".rstrip("_")


def head_lines(path: Path, sheets: Sequence[Sheet], to: Path | None) -> str:
    """Return the comments above the draft: its schema, and how the file was read."""
    schema = "../source.schema.json"
    if to is not None:
        try:
            schema = Path(os.path.relpath(SCHEMA, to.resolve().parent)).as_posix()
        except ValueError:  # another drive
            schema = SCHEMA.as_uri()
    remarks = [f"# {sheet.name}: {told}" for sheet in sheets for told in sheet.remarks]
    faults = [
        f"# {sheet.name}: {len(sheet.faults)} cells hold an error or an unsaved formula"
        for sheet in sheets
        if sheet.faults
    ]
    lines = [
        f"# yaml-language-server: $schema={schema}",
        f"# Draft of a declaration, from {path.name}. It is a guess: read every line",
        f"# and the words at its end. {FILL_IN} stands where nothing could be guessed.",
        *remarks,
        *faults,
    ]
    return "\n".join(lines) + "\n"


def source_tree(
    path: Path,
    sheets: Sequence[Sheet],
    drafts: Sequence[Mapping[str, Any]],
    context: Context,
) -> dict[str, Any]:
    """Return the draft of a source with one file."""
    one_file: dict[str, Any] = {
        "file": Noted(
            path.name, "a pattern such as form_*.xlsx takes its next editions"
        )
    }
    one_file |= encoding_of(sheets)
    one_file["sheets"] = alike_as_one(drafts)
    tree: dict[str, Any] = {
        "source": context.source,
        "title": Noted(FILL_IN, "title of the series or register"),
        "publisher": Noted(FILL_IN, "who supplies it"),
        "licence": Noted(FILL_IN, "under what terms"),
        "language": Noted(FILL_IN, "such as ru, or kk, ru"),
        "ref_area": Noted(FILL_IN, "country, a code of the list ref_area"),
        "sensitivity": Noted(FILL_IN, "public or restricted"),
        "coverage": Noted(
            FILL_IN, "documented_minimum, caseload, published_total or register"
        ),
    }
    return tree | sign_keys(context) | {"files": [one_file]}


def encoding_of(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """Return the encoding and delimiter that a text file was read with."""
    told = " ".join(sheets[0].remarks) if sheets else ""
    found = re.search(r"encoding (\S+) \(found\), delimiter (tab|'.') \(found\)", told)
    if not found or (found[1] in ("utf-8", "utf-8-sig") and found[2] == "','"):
        return {}
    sign = "\t" if found[2] == "tab" else found[2].strip("'")
    encoding = found[1].removesuffix("-sig")
    keys = {"encoding": Noted(encoding, "found")}
    return keys if sign == "," else keys | {"delimiter": Noted(sign, "found")}


def alike_as_one(drafts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the drafts of sheets; those alike but for their name as one pattern.

    One sheet a year, region or month is told by a pattern such as "20*".
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for draft in drafts:
        body = {key: value for key, value in draft.items() if key not in ("sheet", "#")}
        shape = re.sub(r"#.*", "", yaml_of(body)) if "non_data" not in body else ""
        groups.setdefault(shape or str(draft["sheet"]), []).append(draft)
    found: list[Mapping[str, Any]] = []
    for alike in groups.values():
        names = [str(draft["sheet"]) for draft in alike]
        start = same_start(names)
        if len(alike) > 1 and start:
            seen = f"{len(alike)} sheets alike: {', '.join(names[:3])} …"
            found.append({**alike[0], "sheet": Noted(f"{start}*", seen)})
        else:
            found += alike
    return found


def sign_keys(context: Context) -> dict[str, Any]:
    """Return what is told of marks, dates and numbers of a source."""
    signs, keys = context.signs, dict[str, Any]()
    marks = {
        text: Noted(
            mark_value(text, context),
            f"{times:,} cells{' blank' * (not text)}; {MEANINGS}",
        )
        for text, times in sorted(signs.marks.items(), key=lambda pair: -pair[1])
    }
    if marks:
        keys["marks"] = marks
    if context.date_forms:
        keys["date_forms"] = [
            Noted(FILL_IN if asks else form, date_doubt(form, asks))
            for form, asks in context.date_forms.items()
        ]
    if odd := {year for year in context.odd_years if year.isdecimal()}:
        told = f"{len(odd)} other years, such as {min(odd)}: which are possible?"
        keys["dates_within"] = Noted(Flow([FILL_IN, FILL_IN]), told)
    numbers: dict[str, Any] = {}
    if signs.thousands:
        doubt = "may be a decimal comma" if signs.is_in_doubt else ""
        numbers["thousands"] = Noted(signs.thousands, doubt)
    if signs.decimal_commas:
        numbers["decimal"] = Noted(",", f"{signs.decimal_commas:,} cells")
    if signs.affixes:
        numbers["affixes"] = Flow(sorted(signs.affixes))
    return keys | ({"numbers": numbers} if numbers else {})


def mark_value(text: str, context: Context) -> str:
    """Return the likely meaning of a mark; of most nobody but the source knows."""
    if not text:
        return "not_supplied"
    return meaning_of(text, context.words) or FILL_IN


def date_doubt(form: str, asks: bool) -> str:
    """Return what to ask about a form of dates."""
    if not asks:
        return "told by days above 12"
    return f"{form}, or day and month the other way round? no day above 12 tells"


def spelling_lines(context: Context) -> str:
    """Return the words that need a spelling, as comments: nothing is accepted here."""
    lines: list[str] = []
    for name, found in sorted(context.spellings.items()):
        lines += ["#", f"# For schemas/spellings/{name}.csv, each to be checked:"]
        lines.append("# spelling,code,source,reason")
        ordered = sorted(found.values(), key=lambda one: (-one.times, one.text))
        for one in ordered[:MOST_SPELLINGS]:
            word = re.sub(r"\s+", " ", one.text)
            quoted = f'"{word}"' if "," in word else word
            code = f"{one.code}?" if one.code else "?"
            lines.append(f"# {quoted},{code},{context.source},")
        if more := len(found) - MOST_SPELLINGS:
            lines += [f"# … and {more} more"] * (more > 0)
    for name, count in sorted(context.unquoted.items()):
        lines.append(f"# {name}: {count} words that stand once are not quoted here")
    return "\n".join(lines) + "\n" if lines else ""
