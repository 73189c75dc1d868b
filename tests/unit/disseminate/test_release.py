"""A release: complete, described, replaced as a whole, the same bytes twice."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pipeline.analyse.disclosure import Refusal
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate import release
from pipeline.disseminate.edition import Edition
from pipeline.disseminate.release import (
    installed_versions,
    write_provenance,
    write_release,
)
from pipeline.errors import DeclarationError
from pipeline.model import Delivery

CHART = ChartSpec(
    chart="bars", table="penalties", kind="stacked_bars", title="T", unit="persons",
    x="penalty", by="charge", alt="Bars.",
)  # fmt: skip
OF_REFUSED = CHART.model_copy(update={"chart": "other", "table": "closed"})
EDITION = Edition(
    "2026-01-02",
    "Torture complaints in Kazakhstan",
    installed_versions(),
    (
        Delivery(
            "open_cases", "2026-01-01", "a.xlsx", "ab" * 32, 10, Path("/x/a.xlsx")
        ),
        Delivery(
            "closed_one", "2026-01-01", "b.xlsx", "cd" * 32, 10, Path("/x/b.xlsx")
        ),
    ),
    (Refusal("closed", "rests on sources not declared public"),),
)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def made(penalties, reference, tmp_path):
    return write_release([penalties], [CHART, OF_REFUSED], reference, EDITION, tmp_path)


def test_a_release_holds_what_it_should(made, reference):
    files = set(content(made))
    assert made.name == "2026-01-02"
    assert {
        "csv/penalties.csv", "parquet/penalties.parquet", "charts/bars.svg",
        "charts/bars.png", "charts/bars.alt.txt", "point27-2026-01-02.xlsx",
        "provenance.csv", "README.txt", "manifest.json", "codelists/penalty.csv",
    } <= files  # fmt: skip
    assert sum(name.startswith("codelists/") for name in files) == len(reference.lists)


def test_the_manifest_tells_every_file_with_its_hash(made):
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    files = content(made)
    del files["manifest.json"]
    told = {entry["file"]: entry["sha256"] for entry in manifest["outputs"]}
    assert told == {n: hashlib.sha256(b).hexdigest() for n, b in files.items()}
    assert manifest["versions"]["point27"]
    assert manifest["disclosure_rule"] == "public-sources-only"


def test_the_manifest_tells_what_is_missing_and_why(made):
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["refused"][0]["table"] == "closed"
    assert manifest["charts_not_drawn"] == [
        {"chart": "other", "reason": "closed is refused"}
    ]


def test_inputs_of_sources_that_are_not_published_are_not_named(made):
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in manifest["inputs"]] == ["a.xlsx"]
    assert "path" not in manifest["inputs"][0]


def test_twice_from_the_same_input_is_the_same_in_every_byte(
    penalties, reference, tmp_path
):
    one, two = (
        write_release([penalties], [CHART], reference, EDITION, tmp_path / name)
        for name in "ab"
    )
    assert content(one) == content(two)


def test_a_release_of_the_same_date_is_replaced_as_a_whole(made, penalties, reference):
    (made / "left_over.txt").write_text("old", encoding="utf-8")
    again = write_release([penalties], [], reference, EDITION, made.parent)
    assert again == made
    assert "left_over.txt" not in content(made)
    assert [path.name for path in made.parent.iterdir()] == ["2026-01-02"]


def test_a_release_that_fails_leaves_the_old_one(
    made, penalties, reference, monkeypatch
):
    before = content(made)

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(release, "write_workbook", broken)
    with pytest.raises(OSError, match="disk full"):
        write_release([penalties], [], reference, EDITION, made.parent)
    assert content(made) == before
    assert [path.name for path in made.parent.iterdir()] == ["2026-01-02"]


def test_a_chart_of_an_unknown_table_stops_the_release(penalties, reference, tmp_path):
    unknown = CHART.model_copy(update={"table": "nowhere"})
    with pytest.raises(DeclarationError, match="nowhere"):
        write_release([penalties], [unknown], reference, EDITION, tmp_path)


def test_made_up_data_say_so_in_every_name(made_up, reference, tmp_path):
    made = write_release([made_up], [CHART], reference, EDITION, tmp_path)
    named = [n for n in content(made) if not n.startswith("codelists/")]
    plain = {"README.txt", "manifest.json"}
    assert all("synthetic" in name for name in named if name not in plain)
    assert "SYNTHETIC DATA" in (made / "README.txt").read_text(encoding="utf-8")


def test_a_large_table_tells_what_it_rests_on_by_groups(
    penalties, tmp_path, monkeypatch
):
    monkeypatch.setattr("pipeline.disseminate.release.LARGE", 0)
    write_provenance([penalties], tmp_path)
    cells, records = (
        pd.read_parquet(tmp_path / f"provenance_penalties_{name}.parquet")
        for name in ("cells", "records")
    )
    listed = penalties.provenance
    joined = cells.merge(records, on="leaf_no").assign(table_name="penalties")
    joined = joined[list(listed.columns)].sort_values(list(listed.columns))
    assert_frame_equal(joined.reset_index(drop=True), listed)
    assert len(listed) == len(penalties.frame)
