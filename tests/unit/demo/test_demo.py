"""A made-up workspace: the same each time, whole or not at all, and readable."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.sources import Source, all_sources, read_declaration
from pipeline.demo import declaring, making, mess, offices, truth
from pipeline.demo.complaints import LISTS
from pipeline.demo.declaring import declared, fields_of, meaning
from pipeline.demo.making import shared_out, write_world
from pipeline.demo.shapes import (
    COALITION_COMPLAINTS,
    COURT_DECISIONS,
    COURT_PENALTIES,
    LABELS,
    OMBUDSMAN_COMPLAINTS,
    PROSECUTOR_CHECKS,
    PROSECUTOR_COMPLAINTS,
    PROSECUTOR_STEPS,
)
from pipeline.demo.wording import worded
from pipeline.demo.world import DECLARATIONS, Dice, World, read_world
from pipeline.demo.writing import forms_of, words_of
from pipeline.errors import DeclarationError, Point27Error
from pipeline.store import demo_workspace
from pipeline.store.check import check_files
from pipeline.store.demo_workspace import make_demo
from pipeline.workspace import REPOSITORY, Workspace

SHAPES = (
    COALITION_COMPLAINTS,
    COURT_DECISIONS,
    COURT_PENALTIES,
    OMBUDSMAN_COMPLAINTS,
    PROSECUTOR_CHECKS,
    PROSECUTOR_COMPLAINTS,
    PROSECUTOR_STEPS,
)


def hashes(root: Path) -> dict[str, str]:
    """Return file → SHA-256 of every file below a folder."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a made-up workspace of 150 complaints."""
    root = tmp_path_factory.mktemp("demo") / "w"
    list(make_demo(root, 150, 3))
    return Workspace(root)


def test_the_same_seed_makes_the_same_bytes(demo: Workspace, tmp_path: Path) -> None:
    list(make_demo(tmp_path / "w", 150, 3))
    again = hashes(tmp_path / "w")
    first = hashes(demo.root)
    told = {"README.txt"}  # it names the folder
    assert {k: v for k, v in again.items() if k not in told} == {
        k: v for k, v in first.items() if k not in told
    }


def test_another_seed_makes_other_bytes(demo: Workspace, tmp_path: Path) -> None:
    list(make_demo(tmp_path / "w", 150, 4))
    first, other = hashes(demo.raw), hashes(tmp_path / "w" / "raw")
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first)


def test_there_are_as_many_complaints_as_asked(demo: Workspace) -> None:
    rows = 0
    for name in LISTS:
        path = demo.root / "truth" / f"{name}_complaints.csv"
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        rows += sum(not line.endswith(",duplicate") for line in lines)
    assert rows == 150


def test_every_source_is_synthetic_public_and_called_demo(demo: Workspace) -> None:
    own = [s for name, s in all_sources(demo).items() if name.startswith("demo_")]
    assert len(own) == 5
    assert all(s.synthetic and s.sensitivity == "public" for s in own)
    assert all(s.title.startswith("SYNTHETIC") for s in own)


def test_readme_says_that_nothing_is_real(demo: Workspace) -> None:
    told = (demo.root / "README.txt").read_text(encoding="utf-8")
    assert "SYNTHETIC" in told
    assert "NOTHING IN IT IS REAL" in told


def test_what_is_written_is_understood_but_for_its_bad_rows(demo: Workspace) -> None:
    rules = {
        line.rpartition(",")[2]
        for path in (demo.root / "truth").glob("demo_*.csv")
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
    }
    for folder in sorted(demo.raw.iterdir()):
        for problem in check_files(demo, [*folder.glob("*/*")], folder.name):
            assert "code list" not in problem.what
            assert "column" not in problem.what
    assert "" in rules


def test_a_long_export_is_written_as_texts_that_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offices, "MOST_IN_WORKBOOKS", 100)
    monkeypatch.setattr(declaring, "MOST_IN_WORKBOOKS", 100)
    monkeypatch.setattr(offices, "ONE_BOOK", 10)
    monkeypatch.setattr(truth, "MOST_IN_CSV", 100)
    list(make_demo(tmp_path / "w", 200, 5))
    workspace = Workspace(tmp_path / "w")
    folder = workspace.raw / "demo_prosecutor" / offices.NEWEST
    assert [path.name for path in sorted(folder.iterdir())] == [
        *("dela_001.csv", "proverki_001.csv", "zhaloby_001.csv"),
    ]
    assert len([*workspace.raw.glob("demo_coalition/*/reestr_20*.xlsx")]) > 10
    assert len([*workspace.root.glob("truth/*.parquet")]) == 9
    for folder in sorted(workspace.raw.iterdir()):
        for problem in check_files(workspace, [*folder.glob("*/*")], folder.name):
            assert "code list" not in problem.what
            assert "column" not in problem.what


@pytest.mark.parametrize("count", [99, 5_000_001, 0, -1])
def test_too_few_or_too_many_complaints_are_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(Point27Error, match=r"100 to 5,000,000"):
        list(make_demo(tmp_path / "w", count, 27))
    assert not (tmp_path / "w").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Point27Error, match="not empty"):
        list(make_demo(tmp_path, 100, 27))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_in_the_clone_is_refused() -> None:
    with pytest.raises(Point27Error, match="inside the clone"):
        list(make_demo(REPOSITORY / "some_demo", 100, 27))
    assert not (REPOSITORY / "some_demo").exists()


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "disk full")])
def test_what_is_stopped_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def half(folder: Path, complaints: int, seed: int) -> None:
        write_world(folder, complaints, seed)
        raise fault

    monkeypatch.setattr(demo_workspace, "write_world", half)
    with pytest.raises(type(fault)):
        list(make_demo(tmp_path / "w", 100, 27))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("source", sorted(declared(2000)))
def test_every_word_and_its_look_alikes_are_read_as_their_code(
    demo: Workspace, source: str
) -> None:
    told, lists = all_sources(demo)[source], read_codelists(demo)
    looked_at = 0
    for name, field in fields_of(told).items():
        for code in words_of(source).get(name, {}):
            for form in [
                form for forms in forms_of(source, name, code) for form in forms
            ]:
                assert meaning(form, field, lists[name], told) == code, form
                looked_at += 1
    assert looked_at > 20 or source == "demo_population"


def test_shapes_and_declarations_name_the_same_columns() -> None:
    for shape in SHAPES:
        source = read_declaration(declared(2000)[shape.source], Source)
        tables = [
            sheet
            for file in source.files
            for sheet in file.sheets
            if getattr(sheet, "record", "") == shape.register
        ]
        assert {**tables[0].columns} == {
            column.header: column.field for column in shape.columns if column.field
        }


def test_labels_of_shapes_are_fields_of_persons_and_places() -> None:
    fields = {c.field for shape in SHAPES for c in shape.columns if c.kind == "label"}
    assert fields == {*LABELS, "prosecution_id"}


def test_a_key_that_the_world_does_not_know_is_refused(tmp_path: Path) -> None:
    text = (DECLARATIONS / "world.yml").read_text(encoding="utf-8")
    path = tmp_path / "world.yml"
    path.write_text(text + "wether: 1\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="wether"):
        read_declaration(path, World)


@given(
    st.dictionaries(st.integers(), st.floats(0.01, 100), min_size=1, max_size=20),
    st.integers(0, 10_000),
)
def test_what_is_shared_out_is_all_there_is(
    shares: dict[int, float], total: int
) -> None:
    parts = shared_out(shares, total)
    weight = sum(shares.values())
    assert sum(parts.values()) == total
    for key, part in parts.items():
        assert abs(part - shares[key] / weight * total) < 1.001


@given(
    st.integers(0, 1000),
    st.dictionaries(st.sampled_from("ABCDEF"), st.floats(0, 1), min_size=1),
)
def test_of_several_things_each_stands_once_in_order(
    seed: int, chances: dict[str, float]
) -> None:
    for cell in Dice(seed).of_some(chances, 30):
        parts = cell.split(";")
        assert parts == sorted({*parts})
        assert {*parts} <= {*chances}


def test_each_fault_comes_with_its_rule() -> None:
    days = np.array(["2020-03-01"] * 400, dtype="datetime64[D]")
    forms = np.full(400, "DAY", dtype=object)
    columns = {"a": np.arange(400)}
    for name in ("first", "last"):
        mess.retell(columns, name, days, forms)
    faults = (
        mess.Fault("not_a_number", "a", "x"),
        mess.Fault("first_after_last", "first", later="last"),
        mess.Fault("duplicate", twice=True),
    )
    told = mess.spoil(columns, faults, 1.0, Dice(1))
    late = told["rule"] == "first_after_last"
    assert (told["first"][late] > told["last"][late]).all()
    assert (told["bad_text"][told["rule"] == "not_a_number"] == "x").all()
    assert (told["rule"] == "duplicate").sum() == len(told["a"]) - 400
    assert {*told["rule"]} == {"not_a_number", "first_after_last", "duplicate", ""}


def test_the_wording_is_that_of_the_day_of_the_act() -> None:
    acts = np.array(
        ["2014-12-31", "2015-01-01", "2023-03-16", "2023-03-17"], dtype="datetime64[D]"
    )
    charges = np.full(4, "CC14-146-1;CC14-362-1", dtype=object)
    told = worded(charges, acts, np.ones(4, dtype=bool), read_world())
    assert [*told] == [
        "CC14-146-1;CC14-362-1",
        "CC14-146-1-W2015;CC14-362-1",
        "CC14-146-1-W2015;CC14-362-1",
        "CC14-146-1-W2023;CC14-362-1",
    ]
    unknown = worded(charges, acts, np.zeros(4, dtype=bool), read_world())
    assert {*unknown} == {"CC14-146-1;CC14-362-1"}


def test_bounds_are_those_that_the_command_tells() -> None:
    assert (making.LEAST, making.MOST) == (100, 5_000_000)
