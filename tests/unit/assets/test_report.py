"""What assets say of themselves: tables, pictures, checks."""

from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

from assets.core import told
from assets.report import (
    WIDTH_PX,
    cell,
    found_check,
    hashes,
    lines_of,
    markdown,
    narrowed,
    picture,
    preview,
    schema,
)
from assets.resources import Workbench


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2.0, "2"),
        (2.5, "2.5"),
        (float("nan"), ""),
        (None, ""),
        (pd.NA, ""),
        ("a|b\nc", "a\\|b c"),
        ("Прокуратура", "Прокуратура"),
    ],
)
def test_a_value_stays_inside_its_cell(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_a_long_table_says_how_much_is_not_shown() -> None:
    text = markdown(pd.DataFrame({"n": range(1200)}), rows=2).value
    assert text.splitlines()[:4] == ["| n |", "|---|", "| 0 |", "| 1 |"]
    assert text.endswith("… and 1,198 more rows")


def test_an_empty_table_says_so() -> None:
    assert markdown(pd.DataFrame({"n": []})).value == "none"
    assert lines_of([]).value == "none"


def test_a_hash_is_whole_and_not_too_wide() -> None:
    digest = "0123456789abcdef" * 4
    file = {"vintage": "2026-01-06", "file": "a.xlsx", "sha256": digest}
    name, *parts = hashes(pd.DataFrame([file])).value.split()[1:]
    assert name == "2026-01-06/a.xlsx"
    assert "".join(part.strip("`") for part in parts) == digest


def test_a_preview_begins_with_totals_and_leaves_out_what_is_always_total() -> None:
    table = pd.DataFrame(
        {
            "cell_id": ["1", "2", "3"],
            "charge": ["TORTURE", "_T", "TORTURE"],
            "sex": ["_T", "_T", "F"],
            "obs_value": [3.0, 5.0, 1.0],
        }
    )
    shown = preview(table, ["charge", "sex"], ["cell_id"], rows=2).value
    assert shown.splitlines()[0] == "| charge | obs_value |"
    assert shown.splitlines()[2:4] == ["| _T | 5 |", "| TORTURE | 3 |"]


def test_columns_are_text_unless_told() -> None:
    columns = schema({"sex": "Sex.", "n": "How many."}, {"n": "float"}).schema.columns
    assert [(c.name, c.type) for c in columns] == [("sex", "string"), ("n", "float")]


def png_of(width: int) -> bytes:
    """Return a picture of that width."""
    with BytesIO() as file:
        Image.new("RGBA", (width, 9), "navy").save(file, "PNG")
        return file.getvalue()


def test_a_wide_picture_is_made_to_fit() -> None:
    wide, narrow = (narrowed(png_of(width)) for width in (3 * WIDTH_PX, 9))
    assert Image.open(BytesIO(wide)).size == (WIDTH_PX, 3)
    assert Image.open(BytesIO(narrow)).size == (9, 9)


def test_a_picture_carries_its_words_twice() -> None:
    text = picture(png_of(5), "bars [of cases]").value
    assert text.startswith("![bars (of cases)](data:image/png;base64,")
    assert text.endswith("\n\nbars [of cases]")


def test_a_check_shows_the_offending_rows() -> None:
    failed = found_check("adds_up", pd.DataFrame({"place": ["f.xlsx!s!B4"]}))
    assert not failed.passed
    assert "f.xlsx!s!B4" in str(failed.metadata["offending rows"].value)
    assert found_check("adds_up", pd.DataFrame({"place": []})).passed


@pytest.mark.parametrize(("closed", "is_shown"), [([], True), (["register"], False)])
def test_figures_of_a_closed_source_are_not_shown(
    monkeypatch: pytest.MonkeyPatch, closed: list[str], is_shown: bool
) -> None:
    class Source:
        records = ("figures",)

    monkeypatch.setattr(Workbench, "closed", closed)
    monkeypatch.setattr(Workbench, "sources", {"register": Source()})
    found = pd.DataFrame({"kind": ["SUM"], "statement": ["3 = 1 + 1"], "residual": [1]})
    assert ("statement" in told(found, ["residual"], Workbench())) is is_shown
