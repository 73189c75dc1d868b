"""United States: deaths of prisoners; a table in cp1252 with its totals on top.

For 2001 the printed 2,869 and the sum of 2,860 differ for a reason that a footnote
states; the declaration repeats it, and a difference of any other year would show.
"""

import pytest

pytestmark = pytest.mark.real

SOURCE = "us_bjs_prison_deaths"


@pytest.fixture(scope="module")
def deaths(reviewed):
    """Return the accepted figures, with their year."""
    accepted = reviewed(SOURCE).accepted
    return accepted.assign(year=accepted["period_start"].dt.year)


def test_fifty_states_and_the_federal_system_by_nineteen_years(deaths):
    assert len(deaths) == 51 * 19
    assert deaths["region"].nunique() == 51
    assert deaths.loc[deaths["region"] == "US_FEDERAL", "value"].sum() == 7_125


@pytest.mark.parametrize(
    ("year", "known"), [(2001, 2_860), (2010, 3_233), (2019, 3_853)]
)
def test_the_states_add_up(deaths, year, known):
    of_states = deaths[(deaths["year"] == year) & (deaths["region"] != "US_FEDERAL")]
    assert of_states["value"].sum() == known


def test_the_one_total_that_differs_is_explained(taken):
    controls = taken(SOURCE).controls
    odd = controls[controls["state"] != "HOLDS"]
    assert len(controls) == 19
    assert odd[["cell", "stated", "computed", "residual", "state"]].values.tolist() == [
        ["C13", "2869", "2860", "9", "EXPLAINED"]
    ]
    assert "District of Columbia" in odd["because"].item()


def test_letters_of_footnotes_are_no_part_of_a_name(deaths):
    assert not deaths["region_source"].str.contains("/").any()
    alaska = deaths[(deaths["region"] == "US-AK") & (deaths["year"] == 2019)]
    assert alaska["value"].item() == 3


def test_the_encoding_is_told(taken):
    (remarks,) = taken(SOURCE).cells["remarks"]
    assert "cp1252" in remarks
