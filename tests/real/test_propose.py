"""Drafts for the real files: how little has to be changed, and that nobody is named."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from real.draft_measure import SOURCES, measured

from pipeline.collect.workbook import read_sheets
from pipeline.declarations.base import PlainLoader
from pipeline.propose.source_draft import propose
from pipeline.workspace import REPOSITORY, Workspace

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.usefixtures("real")]
HERE = Workspace(REPOSITORY)
LEAST = {
    "br_custody_hearings_torture": 0.7,
    "in_ncrb_complaints_against_police": 0.85,
    "in_ncrb_hr_violations_by_police": 0.8,
    "uk_ho_use_of_force_2017_18": 0.75,
    "uk_iopc_deaths_2018_19": 0.65,
    "us_bjs_prison_deaths": 0.75,
    "us_bop_complaint_codebooks": 0.6,
    "us_nypd_ccrb_2013_tables": 0.8,
    "ru_police_drug_crimes": 0.25,
    "us_baltimore_misconduct_cases": 0.7,
    "us_indianapolis_settlements": 0.65,
    "us_nys_prison_staff_misconduct": 0.45,
}
"""The share of what a declaration states that its draft must state, too."""

NAMED = {
    "us-nys-prison-staff-misconduct": ("LNAME", "FNAME", "ARBITRATOR"),
    "ru-police-drug-crimes": ("last_name", "first_name", "patronimic_name", "user"),
    "us-baltimore-misconduct-cases": ("Case", "Plaintiff's Attorney"),
    "us-indianapolis-settlements": ("Case Name", "Plaintiff's Attorney"),
}
"""Folder → headers of the columns that name people."""


@pytest.mark.parametrize("source", LEAST)
def test_little_of_a_draft_has_to_be_changed(source, record_property):
    path = SOURCES / f"{source}.yml"
    if not path.is_file():
        pytest.skip(f"{source} is not declared")

    found = measured(path)

    record_property("measure", found._asdict())
    assert found.share >= LEAST[source], found


def named_in(path: Path, headers: tuple[str, ...]) -> set[str]:
    """Return the cells of the columns that name people, and of no other column.

    A prison may be called as a person is.
    """
    found: set[str] = set()
    others: set[str] = set()
    for sheet in read_sheets(path, path.name):
        top = {*sheet.values.head(2).to_numpy().ravel()}
        if not set(headers) <= top:
            continue
        for at in sheet.values.columns:
            column = sheet.values[at].dropna().str.strip()
            is_named = column.head(2).isin(headers).any()
            (found if is_named else others).update(column)
    return {text for text in found - others - set(headers) if len(text) > 2}


def scalars(node: object) -> Iterator[str]:
    """Yield every key and value of a draft."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)
    else:
        yield str(node)


@pytest.mark.parametrize("folder", NAMED)
def test_no_cell_that_names_a_person_is_in_a_draft(real, folder):
    for path in sorted((real / folder).iterdir()):
        names = named_in(path, NAMED[folder])
        draft = propose(path, HERE)
        quoted = {*scalars(yaml.load(draft, PlainLoader))}  # noqa: S506
        lines = [line for line in draft.splitlines() if line.startswith("# ")]
        quoted |= {re.split(r"[,\s]", line[2:].strip('"'))[0] for line in lines}
        quoted |= {line[2:].rpartition(",")[0].rpartition(",")[0].rpartition(",")[0]
                   for line in lines}  # fmt: skip

        told = len(names & quoted)  # a count: a failure must not print them
        assert len(names) > 20
        assert told == 0


def test_no_full_name_is_anywhere_in_a_draft(real):
    for folder in ("us-baltimore-misconduct-cases", "us-indianapolis-settlements"):
        for path in sorted((real / folder).iterdir()):
            draft = propose(path, HERE)
            names = named_in(path, NAMED[folder])

            told = sum(" " in name and name in draft for name in names)
            assert told == 0
