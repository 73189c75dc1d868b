"""The notebook runs on the public database and its chart shows the table's numbers.

In here: executing the notebook. Not in here: what the numbers should be.
"""

import json

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.workspace import ENVIRONMENT, REPOSITORY

NOTEBOOK = REPOSITORY / "notebooks" / "reading_the_public_database.ipynb"
SHOWN = """
import json
widths = [bar.get_width() for bars in axes.containers for bar in bars]
drawn = sorted(float(width) for width in widths if width)
print(json.dumps({"drawn": drawn, "total": total, "traces": len(trace)}))
"""
"""Asked of the notebook after its chart, before it closes the database."""


@pytest.fixture(scope="module")
def executed(built):
    """Return the notebook, run on the built workspace, and what its chart shows."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.insert(-1, nbformat.v4.new_code_cell(SHOWN))
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(built.root))
        return client.execute()


def told(notebook):
    """Return what the added cell printed."""
    return json.loads(notebook.cells[-2].outputs[0]["text"])


def test_the_chart_shows_the_numbers_of_the_table(built, executed):
    with duckdb.connect(str(built.public_database), read_only=True) as connection:
        rows = connection.sql(
            "SELECT obs_value FROM out.penalties WHERE time_period = '_T' "
            "AND accused_body = '_T' AND term_band = '_T' AND suspended = '_T' "
            "AND final = '_T' AND charge <> '_T' AND penalty <> '_T'"
        ).fetchall()

    assert told(executed)["drawn"] == sorted(value for (value,) in rows)


def test_the_total_is_the_tables_own(executed):
    assert told(executed)["total"] == 27


def test_the_number_of_the_notebook_has_a_trace(executed):
    assert told(executed)["traces"] > 0


def test_a_picture_was_drawn(executed):
    outputs = [out for cell in executed.cells for out in cell.get("outputs", [])]

    assert any("image/png" in out.get("data", {}) for out in outputs)


def test_no_output_is_committed():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert all(not cell.outputs and cell.execution_count is None for cell in code)
