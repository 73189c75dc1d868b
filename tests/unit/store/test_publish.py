"""Files and folders take the places of older ones: all of them, or none."""

from pathlib import Path

import pytest

from pipeline.store.publish import old_of, take_places
from pipeline.warehouse import wal_of


def written(path: Path, text: str) -> Path:
    """Return a file with a text in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def places(tmp_path: Path) -> dict[Path, Path]:
    """Return a release and a database that are finished → their places."""
    new = {
        written(tmp_path / "next" / "2026" / "a.csv", "new").parent: tmp_path / "2026",
        written(tmp_path / "next" / "b.duckdb", "new"): tmp_path / "b.duckdb",
    }
    written(tmp_path / "2026" / "a.csv", "old")
    written(tmp_path / "2026" / "left.csv", "old")
    written(tmp_path / "b.duckdb", "old")
    return new


def content(places: dict[Path, Path]) -> dict[str, str]:
    """Return what stands in the places and beside them, file by file."""
    root = next(iter(places.values())).parent
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and "next" not in path.parts
    }


NEW = {"2026/a.csv": "new", "b.duckdb": "new"}
OLD = {"2026/a.csv": "old", "2026/left.csv": "old", "b.duckdb": "old"}


def test_all_take_their_places_and_nothing_is_left(places) -> None:
    written(wal_of(places[max(places)]), "the journal of the old file")
    take_places(places)
    assert content(places) == NEW


def test_where_one_cannot_all_older_ones_are_back(places, tmp_path: Path) -> None:
    broken = places | {tmp_path / "next" / "nothing": tmp_path / "c.duckdb"}
    with pytest.raises(OSError, match="nothing"):
        take_places(broken)
    assert content(places) == OLD


def test_where_nothing_stood_before_nothing_stands_after_a_failure(
    places, tmp_path: Path
) -> None:
    (tmp_path / "b.duckdb").unlink()
    broken = places | {tmp_path / "next" / "nothing": tmp_path / "c.duckdb"}
    with pytest.raises(OSError, match="nothing"):
        take_places(broken)
    assert content(places) == {k: v for k, v in OLD.items() if k != "b.duckdb"}


def test_what_a_killed_build_left_aside_is_the_last_that_stood(
    places, tmp_path: Path
) -> None:
    release = tmp_path / "2026"
    release.rename(old_of(release))
    broken = places | {tmp_path / "next" / "nothing": tmp_path / "c.duckdb"}
    with pytest.raises(OSError, match="nothing"):
        take_places(broken)
    assert content(places) == OLD


def test_a_reader_of_the_old_file_goes_on(places) -> None:
    with (places[max(places)]).open(encoding="utf-8") as old:
        take_places(places)
        assert old.read() == "old"
