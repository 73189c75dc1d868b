"""`point27 preview` and `point27 compare` as a person meets them, in a browser too."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from assets import cli
from pipeline.workspace import REPOSITORY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
CASES = REPOSITORY / "raw" / "kz_published_cases" / "2026-01-06" / "complaints.xlsx"
FORM = REPOSITORY / "raw" / "kz_form_1m" / "2021-03-01" / "form_1m_2021-02.xlsx"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return an empty workspace."""
    (tmp_path / "raw").mkdir()
    return tmp_path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a shipped workbook with an unknown word, a bad date and a stray cell."""
    book = load_workbook(CASES)
    sheet = book["complaints"]
    sheet["F3"], sheet["B4"], sheet["Z20"] = "spaceship", "32.13.2014", "stray"
    path = tmp_path / "kz_published_cases" / CASES.name
    path.parent.mkdir()
    book.save(path)
    return path


@pytest.fixture(autouse=True)
def in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no workspace count that a test before has built."""
    monkeypatch.delenv("POINT27_WORKSPACE", raising=False)


def run(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Run the command line in this process: exit code, output, errors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["point27", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    shown = capfd.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("command", ["preview", "compare"])
def test_the_commands_explain_themselves(capfd, command):
    code, shown, _ = run(capfd, command, "--help")
    assert code == 0
    assert shown.startswith(f"Usage: point27 {command}")


@pytest.mark.parametrize("path", sorted((REPOSITORY / "raw").glob("*/*/*.xlsx")))
def test_every_cell_of_what_ships_is_understood(capfd, workspace, path):
    code, shown, told = run(capfd, "preview", path, "-w", workspace)
    page = workspace / "warehouse" / "private" / "preview" / f"{path.name}.html"
    assert code == 0
    assert "cells are understood." in shown
    assert str(page) in shown
    assert told == "Only you can read it: it holds what the file holds.\n"
    assert page.stat().st_mode & 0o777 == 0o600
    for folder in (page.parent, page.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_to_be_mended_is_counted(capfd, workspace, broken):
    page = workspace / "page.html"
    code, shown, _ = run(capfd, "preview", broken, "--to", page, "-w", workspace)
    assert code == 0
    assert "1 of 130 cells not understood, 2 refused" in shown
    written = page.read_text(encoding="utf-8")
    for word in ("spaceship", "32.13.2014", "Z20"):
        assert word in written


def test_a_file_of_no_source_is_told_how_to_get_one(capfd, workspace):
    path = workspace / "unheard.xlsx"
    shutil.copy(FORM, path)
    code, shown, _ = run(capfd, "preview", path, "-w", workspace)
    assert code == 0
    assert "No source declares it: point27 propose unheard.xlsx" in shown


def test_what_cannot_be_opened_is_told(capfd, workspace):
    assert run(capfd, "preview", workspace / "no.xlsx", "-w", workspace)[0] == 1
    path = workspace / "complaints.xlsx"
    path.write_bytes(b"")
    code, _, told = run(capfd, "preview", path, "-w", workspace)
    assert code == 1
    assert told.startswith("complaints.xlsx: the file is empty")


def test_the_exit_code_tells_same_from_different(capfd, broken):
    assert run(capfd, "compare", FORM, "--with", FORM)[0] == 0
    code, shown, _ = run(capfd, "compare", broken, "--with", CASES)
    assert code == 1
    assert "F3  CAT-2016-2 × Complaint made by: unknown → spaceship" in shown


def test_an_edition_under_another_name_is_laid_out_alike(capfd, tmp_path):
    book = load_workbook(FORM)
    sheet = book.worksheets[0]
    sheet["C17"] = 89
    new = tmp_path / "form_1m_2021-03.xlsx"
    book.save(new)
    words = ("compare", new, "--with", FORM, "--json")
    code, shown, _ = run(capfd, *words)
    found = json.loads(shown)
    [one] = found["sheets"][0]["revised"]
    assert code == 1
    assert (one["old"], one["new"], one["difference"]) == ("88", "89", "1")
    assert found["not_as_declared"] == []


def test_wrong_use_of_compare_is_exit_code_2(capfd, tmp_path):
    assert run(capfd, "compare", FORM)[0] == 2
    assert run(capfd, "compare", FORM, "--with", tmp_path / "no.xlsx")[0] == 2
    assert run(capfd, "compare", FORM, "--with", FORM, "--source", "nobody")[0] == 2


@pytest.fixture
def browser_page() -> Iterator[Any]:
    """Open a page of a browser without scripts; what it asks for is in `asked`."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(java_script_enabled=False)
        opened = context.new_page()
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        yield opened
        browser.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_page_opens_from_disk_and_shows_what_is_not_understood(
    capfd, workspace, broken, browser_page
):
    path = workspace / "page.html"
    assert run(capfd, "preview", broken, "--to", path, "-w", workspace)[0] == 0
    browser_page.goto(path.as_uri())
    browser_page.get_by_role("link", name="Z20").first.click()
    cell = browser_page.locator("td.unread")
    assert cell.is_visible()
    assert cell.get_attribute("title") == "Z20: not understood"
    box, view = cell.bounding_box(), browser_page.viewport_size
    assert 0 <= box["y"] <= view["height"]
    assert browser_page.locator("td.refused").first.is_visible()
    assert browser_page.locator("td.person").first.inner_text() == "••••"
    assert browser_page.asked == [path.as_uri()]
