"""Drafts of declarations: what is found on a sheet, and what is never quoted."""

from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from assets.cli import app
from pipeline.declarations.base import FILL_IN, parse_yaml, read_declaration
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.sources import Source
from pipeline.errors import DeclarationError, Point27Error
from pipeline.propose import source_draft
from pipeline.propose.source_draft import propose, propose_to
from pipeline.workspace import REPOSITORY, Workspace

HERE = Workspace(REPOSITORY)
LISTS = cache(read_codelists)
REGISTER = [
    ["Номер обращения", "Дата обращения", "ФИО", "Пол", "Фабула", "Куда обратился"],
    *(
        [
            f"2021-{n:03}",
            f"{n % 27 + 1:02}.03.2021",
            f"Выдуманов{n} П.П.",
            "мужской" if n % 3 else "женский",
            f"Длинный рассказ о событии номер {n}, в котором названы люди",
            "прокуратура",
        ]
        for n in range(1, 31)
    ),
]
CROSSTAB = [
    ["Deaths in custody by sex"],
    [],
    ["Sex", "2018", "2019", "2020", "Total"],
    ["Male", 10, 20, 30, 60],
    ["Female", 1, 2, 3, 6],
    ["Total", 11, 22, 33, 66],
    ["Note: provisional"],
]


@pytest.fixture(autouse=True)
def lists_are_read_once(monkeypatch):
    """Read the code lists once for all tests: that takes longer than any draft."""
    monkeypatch.setattr(source_draft, "read_codelists", LISTS)


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    """Return a workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def drafted(path: Path, **options: str) -> dict:
    """Return the sheets of a draft by name."""
    tree = parse_yaml(propose(path, HERE, **options))
    return {sheet["sheet"]: sheet for sheet in tree["files"][0]["sheets"]}


def test_a_register_is_told_by_its_headers(tmp_path):
    sheet = drafted(workbook(tmp_path, Лист1=REGISTER))["Лист1"]

    assert (sheet["record"], sheet["layout"]) == ("complaints", "flat")
    assert sheet["columns"] == {
        "Номер обращения": "complaint_id",
        "Дата обращения": "received_on",
        "Пол": "sex",
        "Куда обратился": "channel",
    }
    assert set(sheet["dropped"]) == {"ФИО", "Фабула"}


def test_no_cell_of_a_personal_column_is_quoted(tmp_path):
    draft = propose(workbook(tmp_path, Лист1=REGISTER), HERE)

    assert "Выдуманов" not in draft
    assert "рассказ" not in draft


@pytest.mark.parametrize(
    "cells",
    [
        [f"{n:02}0312350{n:03}"[:12] for n in range(10, 40)],
        [f"+7 701 555 {n:04}" for n in range(30)],
        [f"person{n}@example.org" for n in range(30)],
        [f"ул. Выдуманная, д. {n}" for n in range(30)],
        [f"А.Б. Выдуманов{n}" for n in range(30)],
        [f"Выдуман{'ов' if n % 2 else 'ова'}" + "" for n in range(30)],
    ],
    ids=["IIN", "telephone", "mail", "address", "initials", "surnames"],
)
def test_cells_that_may_tell_of_a_person_are_never_quoted(tmp_path, cells):
    rows = [["Сведения", "Исход"], *([cell, "отказано"] for cell in cells)]

    draft = propose(workbook(tmp_path, S=rows), HERE)

    assert not [cell for cell in cells if cell in draft]
    assert "Сведения: " in draft.partition("dropped:")[2].replace('"', "")


def test_names_at_the_side_of_a_crosstab_are_not_listed(tmp_path):
    rows = [["ФИО", "2019", "2020"], *([f"Выдуманов{n}", n, n] for n in range(9))]

    assert "Выдуманов" not in propose(workbook(tmp_path, S=rows), HERE)


def test_a_table_without_header_does_not_put_a_name_in_its_place(tmp_path):
    rows = [[f"А.Б. Выдуманов{n}", f"{n + 1:02}.03.2021", "x"] for n in range(20)]

    assert "Выдуманов" not in propose(workbook(tmp_path, S=rows), HERE)


def test_a_crosstab_has_its_dimension_periods_and_totals(tmp_path):
    sheet = drafted(workbook(tmp_path, T=CROSSTAB))["T"]

    assert sheet["layout"] == "crosstab"
    assert sheet["stub"] == [{"header": "Sex", "field": "sex"}]
    assert sheet["columns_like"] == {r"(?P<year>\d+)": {"period": "{year}"}}
    assert sheet["row_controls"] == {"Total": {"of": "above"}}
    assert sheet["column_controls"] == {"Total": {"of": "above"}}
    assert sheet["notes"] == ["Note:"]


def test_a_total_that_no_word_tells_is_found_by_its_numbers(tmp_path):
    rows = [["Sex", "2018", "2019", "2020", "2021"], ["Both", 11, 22, 33, 44]]
    rows += [["Male", 9, 18, 27, 36], ["Female", 2, 4, 6, 8]]

    sheet = drafted(workbook(tmp_path, T=rows))["T"]

    assert sheet["row_controls"] == {"Both": {"of": ["Male", "Female"]}}


def test_tables_below_each_other_are_told_by_their_captions(tmp_path):
    first = [["Table 1. By sex"], *CROSSTAB[2:6], [], ["Table 2. By age"]]
    second = [["Age group", "2018", "2019"], ["Minor", 1, 2], ["Adult", 3, 4]]

    sheet = drafted(workbook(tmp_path, T=[*first, *second]))["T"]

    areas = [table["area"] for table in sheet["tables"]]
    assert areas == [
        {"from": "Table 1. By sex", "to": "Table 2. By age"},
        {"from": "Table 2. By age"},
    ]


def test_sheets_alike_are_one_pattern(tmp_path):
    sheet = drafted(workbook(tmp_path, **{"2019": CROSSTAB, "2020": CROSSTAB}))

    assert [*sheet] == ["20*"]


def test_the_draft_says_that_it_reads_the_sheet(tmp_path):
    draft = propose(workbook(tmp_path, T=CROSSTAB), HERE)

    assert "# Read by this layout: T: 6 records" in draft


def test_a_draft_is_refused_until_it_is_filled(tmp_path):
    path = tmp_path / "book.yml"
    propose_to(workbook(tmp_path, T=CROSSTAB), HERE, "", "", path)

    with pytest.raises(DeclarationError, match=r"still to be filled in: title; "):
        read_declaration(path, Source)
    filled = path.read_text(encoding="utf-8").replace(
        f"sensitivity: {FILL_IN}", "sensitivity: public"
    )
    filled = filled.replace(f"coverage: {FILL_IN}", "coverage: register")
    path.write_text(filled.replace(FILL_IN, "unknown"), encoding="utf-8")
    assert read_declaration(path, Source).source == "book"


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    path = tmp_path / "book.yml"
    path.write_text("mine", encoding="utf-8")

    with pytest.raises(Point27Error, match="is there already"):
        propose_to(workbook(tmp_path, T=CROSSTAB), HERE, "", "", path)

    assert path.read_text(encoding="utf-8") == "mine"


def test_words_for_a_list_are_proposed_and_never_accepted(tmp_path):
    rows = [REGISTER[0], *([*row[:3], "мужской пол", *row[4:]] for row in REGISTER[1:])]

    draft = propose(workbook(tmp_path, S=rows), HERE)

    (line,) = [line for line in draft.splitlines() if "мужской пол," in line]
    assert line.startswith("# мужской пол,M?,")


def test_a_date_that_could_be_two_is_asked_for(tmp_path):
    rows = [
        ["Complaint no", "Received on"],
        *([f"A-{n}", f"0{n}/03/2021"] for n in range(1, 9)),
    ]

    tree = parse_yaml(propose(workbook(tmp_path, S=rows), HERE))

    assert tree["date_forms"] == [FILL_IN]


def test_hidden_rows_are_asked_for(tmp_path):
    path = workbook(tmp_path, T=CROSSTAB)
    book = load_workbook(path)
    book["T"].row_dimensions[4].hidden = True
    book.save(path)

    assert drafted(path)["T"]["hidden"] == FILL_IN


def test_the_command_prints_the_draft_as_it_is(tmp_path):
    path = workbook(tmp_path, T=CROSSTAB)

    done = CliRunner().invoke(app, ["propose", str(path), "--source", "deaths"])

    assert done.stdout == propose(path, HERE, source="deaths")


def test_a_kind_of_record_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(Point27Error, match="no kind of record"):
        propose_to(workbook(tmp_path, T=CROSSTAB), HERE, "", "complaint", None)
