"""Workbooks to fill in, from the command to the analysts' database.

In here: raw/ with such workbooks and no declaration, `check` on them, and what a
spreadsheet program makes of them. Not in here: the workbook itself (unit/template).
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from filled_templates import (
    FACTS,
    OFFICE,
    examples,
    fill,
    filled,
    names_of_registers,
    typed,
    write,
)
from small_office import ask, build
from typer.testing import CliRunner

from assets.cli import app
from assets.resources import known_sources
from pipeline.collect.deliveries import refuse_strays
from pipeline.declarations.sources import read_sources
from pipeline.declarations.template import LANGUAGES
from pipeline.errors import InputError
from pipeline.store import templates
from pipeline.store.check import check_files
from pipeline.store.templates import own_source, with_templates
from pipeline.workspace import REPOSITORY, Workspace

SENTINEL = "ZQXJ"
CLONE = Workspace(REPOSITORY)
SOFFICE = shutil.which("soffice")


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """Return an empty workspace."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "schemas").mkdir()
    return Workspace(tmp_path)


def delivered(workspace: Workspace, day: str = "2026-01-01", file: str = "form.xlsx"):
    """Return the place of a workbook in a delivery."""
    return workspace.raw / OFFICE / day / file


@pytest.mark.slow
def test_a_build_reads_every_register_in_every_language(workspace):
    for language in LANGUAGES:
        facts = {**FACTS, "source": f"office_{language}"}
        path = workspace.raw / facts["source"] / "2026-01-01" / "form.xlsx"
        filled(path, names_of_registers(), language, facts)

    account = build(workspace)

    assert account["cells_unaccounted"].eq(0).all()
    for name in names_of_registers():
        counts = ask(
            workspace, f"SELECT source_id, count(*) FROM core.{name} GROUP BY 1"
        )
        assert dict(counts) == {
            f"office_{language}": len(examples()[name]) for language in LANGUAGES
        }
    same = ask(
        workspace, "SELECT count(DISTINCT (penalty, charge)) FROM core.sentences"
    )
    assert same == [(2,)]  # in three languages the same two
    told = ask(workspace, "SELECT DISTINCT synthetic, sensitivity FROM meta.source")
    assert told == [(True, "restricted")]


def test_a_name_that_was_typed_is_kept_nowhere(workspace):
    name = f"{SENTINEL} of nowhere"
    row = {**typed("complaints", examples()["complaints"][:1], "en")[0]}
    fill(write(delivered(workspace)), {"complaints": [{**row, "person_key": name}]})

    build(workspace)

    ((key,),) = ask(workspace, "SELECT person_key FROM core.complaints")
    assert len(str(key)) == 24
    for path in workspace.root.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            assert SENTINEL.encode() not in path.read_bytes(), path


def test_check_needs_no_source_and_no_workspace(tmp_path):
    path = filled(tmp_path / "complaints.xlsx", names_of_registers())

    assert check_files(CLONE, [path]) == []


def test_check_names_the_cell_of_a_typo(tmp_path):
    row = {**typed("complaints", examples()["complaints"][:1], "ru")[0]}
    row |= {"channel": "Прокуротурра", "received_on": "yesterday"}
    path = fill(write(tmp_path / "form.xlsx", language="ru"), {"complaints": [row]})

    problems = check_files(CLONE, [path])

    (typo,) = [one for one in problems if "channel" in one.what]
    assert typo.place == "form.xlsx!complaints!E3"
    assert "Прокуротурра" not in str(problems)  # restricted: nothing is quoted


def test_check_tells_a_date_that_is_none(tmp_path):
    row = {**typed("complaints", examples()["complaints"][:1], "en")[0]}
    row |= {"received_on": "yesterday"}
    path = fill(write(tmp_path / "form.xlsx"), {"complaints": [row]})

    (problem,) = check_files(CLONE, [path])

    assert problem.place == "form.xlsx!complaints!B3"


def test_a_cell_that_must_be_filled_is_told(tmp_path):
    path = fill(write(tmp_path / "form.xlsx"), {"complaints": [{"complaint_id": "1"}]})

    problems = check_files(CLONE, [path])

    assert {problem.place for problem in problems} >= {
        "form.xlsx!complaints!B3",
        "form.xlsx!complaints!E3",
    }


def test_an_untouched_workbook_stops_a_build_in_words(workspace):
    write(delivered(workspace))

    with pytest.raises(InputError, match="not filled in"):
        known_sources(workspace)


def test_without_any_row_nothing_is_counted(workspace):
    fill(write(delivered(workspace)), {})

    with pytest.raises(InputError, match="nothing filled in"):
        known_sources(workspace)


def test_workbooks_of_one_source_agree(workspace):
    filled(delivered(workspace, file="a.xlsx"))
    path = delivered(workspace, file="b.xlsx")
    filled(path, ["checks"], facts={**FACTS, "publisher": "Somebody else"})

    with pytest.raises(InputError, match=r"b\.xlsx!source!C5: .*than in a\.xlsx"):
        known_sources(workspace)
    folder = delivered(workspace).parent
    assert [p.place for p in check_files(workspace, [folder])] == ["b.xlsx!source!C5"]


def test_a_workbook_in_the_folder_of_another_is_told(workspace):
    path = workspace.raw / "other_office" / "2026-01-01" / "form.xlsx"
    filled(path)

    with pytest.raises(InputError, match="not that of the folder raw/other_office"):
        known_sources(workspace)
    (problem,) = check_files(workspace, [path])
    assert problem.place == "form.xlsx!source!C3"


def test_another_file_among_them_is_told(workspace):
    path = filled(delivered(workspace))
    path.with_name("notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError, match="no workbook that point27 template wrote"):
        known_sources(workspace)


def test_a_folder_without_such_workbooks_is_no_source(workspace):
    folder = workspace.raw / "somebody" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    shutil.copy(next(CLONE.raw.glob("kz_published_cases/*/checks.xlsx")), folder)

    found = with_templates(workspace, read_sources(workspace))

    assert found == {}
    with pytest.raises(InputError, match="a folder that belongs to no source"):
        refuse_strays(workspace, found)


def test_a_declaration_comes_first(workspace):
    filled(delivered(workspace))
    made = known_sources(workspace)

    assert with_templates(workspace, made) == made
    other = made[OFFICE].model_copy(update={"title": "Declared by hand"})
    assert with_templates(workspace, {OFFICE: other})[OFFICE] is other


def test_a_later_vintage_may_bring_a_register(workspace):
    filled(delivered(workspace, "2026-01-01", "complaints.xlsx"))
    filled(delivered(workspace, "2026-02-01", "complaints.xlsx"))
    filled(delivered(workspace, "2026-02-01", "checks.xlsx"), ["checks"])

    build(workspace)

    assert ask(workspace, "SELECT count(*) FROM core.checks") == [(1,)]
    (source,) = known_sources(Workspace(workspace.root, as_of="2026-01-15")).values()
    assert source.records == ("complaints",)


def test_a_register_that_a_later_vintage_leaves_empty_is_told(workspace):
    both = ("complaints", "checks")
    filled(delivered(workspace, "2026-01-01"), both)
    path = write(delivered(workspace, "2026-02-01"), "all")
    fill(path, {"complaints": typed("complaints", examples()["complaints"], "en")})

    with pytest.raises(InputError, match=r"form\.xlsx!checks: left empty, though"):
        known_sources(workspace)


def test_what_was_seen_is_kept_without_any_row(workspace, monkeypatch):
    path = filled(delivered(workspace))
    first = known_sources(workspace)

    kept = [*(workspace.private_database.parent / "templates").iterdir()]
    text = kept[0].read_text(encoding="utf-8")
    assert "K-001" not in text
    assert "P-17" not in text
    monkeypatch.setattr(
        templates, "look_at", lambda paths: dict.fromkeys(paths) if not paths else 1 / 0
    )
    assert known_sources(workspace) == first
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ZeroDivisionError):  # other bytes are looked at anew
        known_sources(workspace)


def test_preview_knows_whose_it_is(tmp_path):
    path = filled(tmp_path / "form.xlsx")

    source = own_source(CLONE, path)

    assert source is not None
    assert source.source == OFFICE
    page = tmp_path / "page.html"
    told = CliRunner().invoke(app, ["preview", str(path), "--to", str(page)])
    assert "cells are understood" in told.output
    assert "P-17" not in page.read_text(encoding="utf-8")


def test_the_command_writes_and_refuses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke

    assert run(app, ["template", "checks", "--lang", "ru"]).exit_code == 0
    assert Path("point27_checks_ru.xlsx").is_file()
    assert run(app, ["template", "all", "--output", "a.xlsx"]).exit_code == 0
    assert run(app, ["template", "checks", "--lang", "de"]).exit_code == 2
    assert run(app, ["template", "figures"]).exit_code == 2
    assert run(app, ["template", "checks", "--country", "XX"]).exit_code == 1
    assert "there is a file already" in str(
        run(app, ["template", "all", "--output", "a.xlsx"]).exception
    )


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_libreoffice_saves_reads_back(tmp_path, suffix):
    path = filled(tmp_path / "form.xlsx", names_of_registers(), "ru")
    to = tmp_path / "saved"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"

    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", suffix, "--outdir", to, path],
        check=True,
        capture_output=True,
        timeout=180,
    )

    saved = to / f"form.{suffix}"
    assert check_files(CLONE, [saved]) == []
    assert own_source(CLONE, saved) == own_source(CLONE, path).model_copy(
        update={"files": own_source(CLONE, saved).files}
    )
    assert set(own_source(CLONE, saved).records) == set(names_of_registers())
