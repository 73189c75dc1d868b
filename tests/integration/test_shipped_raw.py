"""The three sources that ship: known totals, no names, no sentences of others.

In here: what anybody can count in the workbooks with openpyxl alone. Not in here:
what the pipeline makes of them.
"""

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
CASES = ROOT / "raw" / "kz_published_cases" / "2026-01-06"
FIGURES = (
    ROOT / "raw" / "kz_published_figures" / "2026-01-06" / "kz_published_figures.xlsx"
)
FORM = ROOT / "raw" / "kz_form_1m" / "2021-03-01" / "form_1m_2021-02.xlsx"
BOOKS = (
    *(
        CASES / f"{name}.xlsx"
        for name in (
            "complaints",
            "checks",
            "investigations",
            "prosecutions",
            "sentences",
        )
    ),
    FIGURES,
    FORM,
)
SOURCES = ("kz_published_cases", "kz_published_figures", "kz_form_1m")
LONGEST_QUOTATION = 40

# The first 16 digits of the SHA-256 of lower-cased surnames and given names that occur
# in the documents behind the sources: the test can find a name without holding one.
DIGITS = 16
HASHED_NAMES = """
039d02d56fc472ff 04e6738e5a19a87d 05b7bb101a5cdec5 0779e48d71a2243c
0827668564543346 0da1ab157c10c934 0f55207a39a602e2 15be040672592230
2236db536db91af3 26448b1e15c05d61 2709a0ff74580c47 2fc67b5d9ef88315
30071d63476cef63 36b15c535d989517 3f50cdaf8ac3a1c3 41937f3e096b6939
44892e980860f286 44d64862d27121ac 4e3b40066814093b 51afb1d7b126825c
57328243cc820d52 5af322d6406c887c 5dff094fb3315a1c 6205aa4012076746
6226c44eef378d53 65153ee663395b07 6a0d07518b58a22d 796a5bfdc43e1c90
8a2d0e4ccdee3d1e 8b56a8a95cc8db5d 8d79d66e9336022f 8f5be107880dcc8b
8f5ce99e6cb048fe 916f40e04d0ee71a 99bde068af2d49ed 9b3c677c5b39217f
9d43aacc7a54901a 9f21ad26d42f5a33 9f2a08fde416cef2 a03494fdeee6a7e4
af10a771b584607e b1c6a08c2b1f4a52 b66030b8c0324abc bdcbcd2d1a8e2107
c6b45d8ef5066d58 cbc8a23b63818b47 d217e1716cb7b36f db905d0d33c8768f
e09cc0c2875767f2 e293d49cebe64858 e4514e1fc29144a5 e5c6620dcd2b17f2
e644df618fef9fdd f27a3a6542a0c370
"""
NAMES = frozenset(HASHED_NAMES.split())

Row = dict[str, Any]


def layouts(source: str) -> Iterator[tuple[str, Row]]:
    """Yield the file and the declaration of every sheet of a source."""
    path = ROOT / "schemas" / "sources" / f"{source}.yml"
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    for file in declared["files"]:
        for sheet in file["sheets"]:
            yield file["file"], sheet


def vintage(source: str, file: str) -> Path:
    """Return the only delivered file of that name."""
    (path,) = (ROOT / "raw" / source).glob(f"*/{file}")
    return path


def grid(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """Return all cells of a sheet, row by row."""
    return list(load_workbook(path)[sheet].iter_rows(values_only=True))


def records(path: Path, sheet: str, first: str) -> list[Row]:
    """Return the rows under the header whose first cell is `first`."""
    cells = grid(path, sheet)
    top = next(number for number, row in enumerate(cells) if row[0] == first)
    return [
        dict(zip(cells[top], row, strict=True))
        for row in cells[top + 1 :]
        if row[0] is not None and not str(row[0]).startswith("Note:")
    ]


def all_figures() -> list[Row]:
    """Return the figures of every sheet of the workbook of figures."""
    sheets = (s for _, s in layouts("kz_published_figures"))
    names = [s["sheet"] for s in sheets if s.get("record") == "figures"]
    return [row for name in names for row in records(FIGURES, name, "Figure")]


def texts(path: Path) -> Iterator[str]:
    """Yield the text of every cell of a workbook, its addresses decoded."""
    for sheet in load_workbook(path):
        for row in sheet.iter_rows(values_only=True):
            yield from (unquote(str(cell)) for cell in row if cell is not None)


def squeezed(text: str) -> str:
    """Return text as it is compared: NFC, case folded, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def windows(text: str) -> set[str]:
    """Return every stretch of text that is too long to be a mere phrase."""
    size = LONGEST_QUOTATION + 1
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def names_in(text: str) -> set[str]:
    """Return the words of a text whose hash is that of a name."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    return {word for word in words if hashed(word) in NAMES}


def hashed(word: str) -> str:
    """Return the digits by which a name is known here."""
    return hashlib.sha256(word.encode()).hexdigest()[:DIGITS]


@pytest.fixture(scope="module")
def accused() -> list[Row]:
    return records(CASES / "prosecutions.xlsx", "prosecutions", "Row no.")


@pytest.fixture(scope="module")
def penalties() -> list[Row]:
    return records(CASES / "sentences.xlsx", "sentences", "Row no.")


def test_five_complaints_one_check_and_two_cases() -> None:
    complaints = records(CASES / "complaints.xlsx", "complaints", "Complaint no.")
    checks = records(CASES / "checks.xlsx", "checks", "Check no.")
    steps = records(CASES / "investigations.xlsx", "investigations", "Case no.")
    assert Counter(row["Accused body"] for row in complaints) == {
        "KUIS": 2,
        "POLICE": 3,
    }
    assert [row["Outcome"] for row in checks] == ["NOT_CONFIRMED"]
    assert Counter(row["Case no."] for row in steps) == {
        "CAT-2016-CASE-3": 1,
        "CAT-2016-CASE-5": 4,
    }


def test_steps_of_the_case_of_2011_are_dates() -> None:
    steps = records(CASES / "investigations.xlsx", "investigations", "Case no.")
    found = [
        (row["Step"], f"{row['Date of step']:%Y-%m-%d}", row["Body"])
        for row in steps
        if row["Case no."] == "CAT-2016-CASE-5"
    ]
    assert found == [
        ("OPENED", "2011-09-14", "PROS"),
        ("TRANSFERRED", "2011-09-23", "FINPOL"),
        ("FORENSIC_EXAM", "2011-09-30", "unknown"),
        ("TERMINATED", "2011-12-30", "unknown"),
    ]


def test_39_people_were_tried_27_convicted_12_acquitted(accused: list[Row]) -> None:
    people = {
        (row["Accused (label)"], row["Accused body"], row["Decision"])
        for row in accused
    }
    assert len({person for person, _, _ in people}) == 39
    assert Counter((body, decision) for _, body, decision in people) == {
        ("POLICE", "CONVICTED"): 27,
        ("KUIS", "ACQUITTED"): 12,
    }


def test_the_12_acquitted_stand_twice_and_neither_is_final(accused: list[Row]) -> None:
    twice = [row for row in accused if row["Decision"] == "ACQUITTED"]
    assert Counter((row["Instance"], row["Final"]) for row in twice) == {
        ("FIRST", "NO"): 12,
        ("RETRIAL", "NO"): 12,
    }


def test_27_main_penalties(penalties: list[Row]) -> None:
    main = [row for row in penalties if row["Main or additional"] == "MAIN"]
    assert Counter(row["Penalty"] for row in main) == {
        "PRISON": 23,
        "SUSP": 3,
        "NONCUST": 1,
    }
    imprisoned = [row["Case no."] for row in main if row["Penalty"] == "PRISON"]
    assert Counter(imprisoned) == {
        "AKTOBE-2015": 2,
        "TALDYKORGAN-2023": 3,
        "TALDYKORGAN-2024": 3,
        "KARASAI-2024": 6,
        "TURKISTAN": 6,
        "MANGYSTAU-2025": 3,
    }


def test_other_penalties_and_the_compensation(penalties: list[Row]) -> None:
    other = [row for row in penalties if row["Main or additional"] != "MAIN"]
    assert Counter(row["Penalty"] for row in other) == {"RANK": 6, "COMP": 1}
    (award,) = (row for row in other if row["Penalty"] == "COMP")
    assert award["Compensation claimed"] == 61_000_000
    assert award["Compensation awarded"] == 5_000_000


def test_every_penalty_is_of_somebody_convicted(
    accused: list[Row], penalties: list[Row]
) -> None:
    convicted = {row["Row no."] for row in accused if row["Decision"] == "CONVICTED"}
    punished = {
        row["Row no. of prosecution"]
        for row in penalties
        if row["Main or additional"] == "MAIN"
    }
    assert punished == convicted


def test_143_figures_each_on_one_sheet() -> None:
    ids = [row["Figure"] for row in all_figures()]
    assert sorted(ids) == [f"KAZ-{number:03d}" for number in range(1, 144)]


def test_every_figure_and_claim_rests_on_a_document_of_the_list() -> None:
    documents = [row["Document"] for row in records(FIGURES, "documents", "Document")]
    claims = records(FIGURES, "claims", "Claim")
    assert len(set(documents)) == len(documents) == 43
    assert {row["Document"] for row in (*all_figures(), *claims)} <= set(documents)


def test_every_claim_is_about_figures_that_exist() -> None:
    ids = {row["Figure"] for row in all_figures()}
    claims = records(FIGURES, "claims", "Claim")
    assert {figure for row in claims for figure in row["About"].split(";")} <= ids


def test_form_holds_the_19_numbers_of_the_workbook_of_figures() -> None:
    shown = [
        cell for row in grid(FORM, "1-М")[14:22] for cell in row[2:] if cell is not None
    ]
    published = [
        row["Number"] for row in all_figures() if row["Document"] == "ACCA-2021"
    ]
    assert len(shown) == 19
    assert sorted(shown) == sorted(published)


def test_articles_of_the_chapter_add_up_on_the_form() -> None:
    chapter, *articles = (row[2] for row in grid(FORM, "1-М")[15:22])
    assert chapter == sum(articles) == 366


@pytest.mark.parametrize("source", SOURCES)
def test_sheets_of_the_workbooks_are_the_declared_ones(source: str) -> None:
    declared: dict[str, set[str]] = {}
    for file, sheet in layouts(source):
        declared.setdefault(file, set()).add(sheet["sheet"])
    for file, sheets in declared.items():
        assert set(load_workbook(vintage(source, file)).sheetnames) == sheets


@pytest.mark.parametrize("source", SOURCES[:2])
def test_headers_of_the_sheets_are_the_declared_ones(source: str) -> None:
    for file, sheet in layouts(source):
        if "non_data" in sheet:
            continue
        declared = {*sheet["columns"], *sheet.get("dropped", {})}
        rows = grid(vintage(source, file), sheet["sheet"])
        assert any(set(row) == declared for row in rows), sheet["sheet"]


def test_row_labels_of_the_form_are_the_declared_ones() -> None:
    ((_, sheet),) = layouts("kz_form_1m")
    assert [row[0] for row in grid(FORM, "1-М")[14:22]] == list(sheet["rows"])


def test_header_paths_of_the_form_are_the_declared_ones() -> None:
    ((_, declared),) = layouts("kz_form_1m")
    sheet = load_workbook(FORM)["1-М"]
    for merged in list(sheet.merged_cells.ranges):
        corner = sheet.cell(merged.min_row, merged.min_col).value
        sheet.unmerge_cells(merged.coord)
        for row, column in merged.cells:
            sheet.cell(row, column).value = corner
    levels = sheet.iter_cols(min_row=11, max_row=13, values_only=True)
    paths = [
        " | ".join(dict.fromkeys(str(cell) for cell in column if cell))
        for column in levels
    ]
    assert paths[0] == declared["stub"]
    assert paths[1:2] == list(declared["ignore_columns"])
    assert paths[2:] == list(declared["columns"])


def test_form_says_on_its_face_that_it_is_not_the_committees_file() -> None:
    face = " ".join(str(row[0]) for row in grid(FORM, "1-М")[:10])
    assert "not a file of the Committee" in face
    assert "Это не файл Комитета" in face
    assert "комитеттің файлы емес" in face


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_cell_names_anybody(path: Path) -> None:
    assert not names_in(" ".join(texts(path)))


@pytest.mark.parametrize("source", SOURCES)
def test_no_declaration_names_anybody(source: str) -> None:
    path = ROOT / "schemas" / "sources" / f"{source}.yml"
    assert not names_in(unquote(path.read_text(encoding="utf-8")))


def test_no_sentence_of_a_source_is_copied() -> None:
    beside = [*ROOT.parent.glob("*/data/published-figures/kaz_figures.csv")]
    if not beside:
        pytest.skip("the collection with the sentences of the sources is not beside")
    with beside[0].open(encoding="utf-8-sig", newline="") as lines:
        quoted = [squeezed(row["quoted_text"]) for row in csv.DictReader(lines)]
    theirs = set().union(*map(windows, quoted))
    ours = {squeezed(text) for path in BOOKS for text in texts(path)}
    assert not {text for text in ours if windows(text) & theirs}
