"""What holds for every real source: all of it is read, and every cell has a place."""

import pytest

from pipeline.declarations.sources import read_sources
from pipeline.workspace import REPOSITORY

pytestmark = pytest.mark.real

FOLDER = REPOSITORY.parent / "shared" / "data" / "real"
FOLDERS = sorted(path.name for path in FOLDER.glob("*") if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS or ["none"])
def test_every_cell_and_record_is_accounted_for(
    folder, real_workspace, taken, reviewed
):
    source_id = folder.replace("-", "_")
    sources = read_sources(real_workspace)
    if source_id not in sources:
        pytest.skip(f"{folder} is not declared yet")
    intake = taken(source_id)
    cells = intake.cells
    assert set(cells["file"]) == {p.name for p in (FOLDER / folder).iterdir()}
    assert (cells["cells_non_data"] >= 0).all()
    in_records = sum(int(records["cells"].sum()) for records in intake.records.values())
    assert cells["cells_read"].sum() == cells["cells_non_data"].sum() + in_records
    for name, records in intake.records.items():
        found = reviewed(source_id, name)
        assert len(found.accepted) + len(found.quarantined) == len(records) > 0
    assert "DIFFERS" not in set(intake.controls["state"])
