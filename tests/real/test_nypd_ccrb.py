"""New York: complaints against the police, three tables made from a printed report.

Years and measures are paired in the columns, cells are padded, totals stand in rows and
columns, and after one total comes a row that counts some of the rows above again.
"""

import pytest

pytestmark = pytest.mark.real

SOURCE = "us_nypd_ccrb_2013_tables"
FORCE, ENCOUNTER, PRECINCT = "ccrb-2.csv", "ccrb-17a.csv", "ccrb-13a-1.csv"


@pytest.fixture(scope="module")
def figures(reviewed):
    """Return the accepted figures, with their year."""
    accepted = reviewed(SOURCE).accepted
    return accepted.assign(year=accepted["period_start"].dt.year)


@pytest.fixture(scope="module")
def controls(taken):
    """Return the printed totals."""
    return taken(SOURCE).controls


@pytest.mark.parametrize(
    ("file", "unit", "known"),
    [(FORCE, "ALLEGATION", 5_303), (ENCOUNTER, "COMPLAINT", 5_410)],
)
def test_the_rows_of_2013_add_up(figures, file, unit, known):
    own = figures[(figures["file"] == file) & (figures["year"] == 2013)]
    assert own.loc[own["unit"] == unit, "value"].sum() == known


def test_chokeholds(figures):
    own = figures[(figures["allegation"] == "US_CHOKEHOLD") & (figures["year"] == 2013)]
    assert dict(zip(own["unit"], own["value"], strict=True)) == {
        "ALLEGATION": 233,
        "PERCENT": 4.4,
    }


def test_seventeen_types_of_force(figures):
    own = figures[figures["file"] == FORCE]
    assert own.groupby(["year", "unit"]).size().eq(17).all()


def test_counts_add_up_exactly_and_percentages_but_for_rounding(controls):
    totals = controls[controls["kind"] == "TOTAL"]
    is_share = totals["stated"].str.contains(".", regex=False)
    assert set(totals.loc[~is_share, "state"]) == {"HOLDS"}
    assert set(totals.loc[is_share, "state"]) == {"HOLDS", "EXPLAINED"}
    assert totals.loc[is_share, "residual"].astype(float).abs().max() < 0.35


def test_the_row_after_the_total_is_no_data(controls, figures):
    after = controls[controls["kind"] == "OF_WHICH"]
    assert after["stated"].tolist() == ["71", "79", "58", "61", "55"]
    assert set(after["state"]) == {"HOLDS"}
    assert not figures["breakdown_source"].str.contains("racial").any()


def test_the_total_of_totals_is_the_sum_of_ten_precincts(controls, figures):
    own = figures[figures["file"] == PRECINCT]
    assert own["breakdown"].nunique() == 10
    assert own["value"].sum() == 3_121
    corner = controls[(controls["file"] == PRECINCT) & (controls["cell"] == "G12")]
    assert corner[["stated", "computed", "state"]].values.tolist() == [
        ["3121", "3121", "HOLDS"]
    ]
