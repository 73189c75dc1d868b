"""A workspace with a restricted register beside a public form, built once."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console
from small_office import write

from pipeline.workspace import REPOSITORY, Workspace

SENTINEL = "ZQXJ"
SOURCE = """\
source: closed_office
title: A register that is not public
publisher: An office
licence: none
language: en
ref_area: KZ
sensitivity: restricted
coverage: register
marks: {"n/k": unknown}
files:
  - file: complaints.xlsx
    sheets:
      - sheet: complaints
        record: complaints
        layout: flat
        columns:
          No.: complaint_id
          Received: received_on
          Person: person_key
          Channel: channel
          Detained: deprived_of_liberty
          Body: accused_body
        dropped: {Remarks: free text}
  - file: checks.xlsx
    sheets:
      - sheet: checks
        record: checks
        layout: flat
        columns:
          No.: check_id
          Complaint: complaint_id
          By: checking_body
          Began: started_on
          Ended: outcome
"""
COMPLAINTS = [
    ["No.", "Received", "Person", "Channel", "Detained", "Body", "Remarks"],
    [
        f"{SENTINEL}key1",
        "2025-01-10",
        f"{SENTINEL}person",
        "n/k",
        "yes",
        "police",
        f"{SENTINEL}dropped",
    ],
    [
        f"{SENTINEL}key2",
        "2025-02-10",
        f"{SENTINEL}other",
        "n/k",
        "no",
        f"{SENTINEL}code",
        None,
    ],
    [
        f"{SENTINEL}key3",
        f"{SENTINEL}date",
        f"{SENTINEL}third",
        "n/k",
        "no",
        "police",
        None,
    ],
]
CHECKS = [
    ["No.", "Complaint", "By", "Began", "Ended"],
    [f"{SENTINEL}check1", f"{SENTINEL}key1", "police", "2025-01-11", "n/k"],
    [f"{SENTINEL}check2", f"{SENTINEL}nowhere", "police", "2025-01-12", "n/k"],
]


class Closed(NamedTuple):
    """A built workspace with a restricted register, and what the build said."""

    workspace: Workspace
    said: str
    refused: frozenset[str]


def make_closed(root: Path) -> Workspace:
    """Make a workspace with the public form and a restricted register."""
    form = REPOSITORY / "raw" / "kz_form_1m"
    shutil.copytree(form, root / "raw" / "kz_form_1m")
    vintage = root / "raw" / "closed_office" / "2026-03-01"
    vintage.mkdir(parents=True)
    write(vintage / "complaints.xlsx", "complaints", COMPLAINTS)
    write(vintage / "checks.xlsx", "checks", CHECKS)
    for folder in ("sources", "spellings"):
        (root / "schemas" / folder).mkdir(parents=True)
    (root / "schemas/sources/closed_office.yml").write_text(SOURCE, encoding="utf-8")
    (root / "schemas/spellings/body.csv").write_text(
        f"spelling,code,source,reason\n{SENTINEL}code,POLICE,closed_office,as told\n",
        encoding="utf-8",
    )
    return Workspace(root)


@pytest.fixture(scope="session")
def sentinel() -> str:
    """Return the text that stands in every kind of restricted cell."""
    return SENTINEL


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """Return the workspace with the restricted register, built."""
    from assets.build import run_build, summary_lines

    workspace = make_closed(tmp_path_factory.mktemp("closed"))
    done = run_build(workspace, Console(quiet=True), show_bar=False)
    refused = frozenset(table for table, _ in done.refused)
    return Closed(workspace, "\n".join(summary_lines(done)), refused)
