"""India: human-rights violations by police, and complaints against police, by state.

The printed totals of the first stand inside the data: adding up all rows counts every
case twice. The second is a chain of nineteen figures in one wide row.
"""

import pytest

pytestmark = pytest.mark.real

VIOLATIONS, COMPLAINTS = (
    "in_ncrb_hr_violations_by_police",
    "in_ncrb_complaints_against_police",
)
CASES = dict(
    zip(range(2001, 2011), (183, 95, 85, 44, 34, 29, 64, 253, 191, 37), strict=True)
)


@pytest.fixture(scope="module")
def violations(reviewed):
    """Return the accepted figures on violations, with their year."""
    accepted = reviewed(VIOLATIONS).accepted
    return accepted.assign(year=accepted["period_start"].dt.year)


@pytest.fixture(scope="module")
def complaints(reviewed):
    """Return the accepted figures on complaints, with their year."""
    accepted = reviewed(COMPLAINTS).accepted
    return accepted.assign(year=accepted["period_start"].dt.year)


def sums(figures, year, indicators):
    """Return the sum of each indicator in a year."""
    of_year = figures[figures["year"] == year].groupby("indicator")["value"].sum()
    return tuple(int(of_year[name]) for name in indicators)


def test_the_parts_of_each_year_add_up_to_what_is_known(violations):
    cases = violations[violations["indicator"] == "REGISTERED_CASE"]
    assert cases.groupby("year")["value"].sum().to_dict() == CASES


@pytest.mark.parametrize(("year", "known"), [(2008, (59, 3, 1)), (2001, (9, 23, 0))])
def test_torture(violations, year, known):
    torture = violations[violations["allegation"] == "IN_TORTURE"]
    chain = ("REGISTERED_CASE", "PROSECUTED_PERSON", "CONVICTED_PERSON")
    assert sums(torture, year, chain) == known


@pytest.mark.parametrize(
    ("year", "known"), [(2009, (191, 83, 58)), (2010, (37, 14, 4))]
)
def test_charge_sheeted_and_convicted(violations, year, known):
    chain = ("REGISTERED_CASE", "PROSECUTED_PERSON", "CONVICTED_PERSON")
    assert sums(violations, year, chain) == known


def test_every_printed_total_holds(taken):
    controls = taken(VIOLATIONS).controls
    states = controls["state"].value_counts().to_dict()
    # 214 rows of totals by three columns; where NULL stands, no total is printed.
    assert states == {"HOLDS": 600, "NOT_STATED": 42}
    assert len(controls) == 214 * 3


def test_only_uttar_pradesh_in_2004_prints_no_total(taken, violations):
    blocks = violations.groupby(["region", "year"]).ngroups
    assert blocks * 3 == len(taken(VIOLATIONS).controls) + 3
    own = violations[(violations["region"] == "IN-UP") & (violations["year"] == 2004)]
    assert own["value"].tolist() == [0, 0, 0]


def test_null_is_a_number_not_supplied_and_no_zero(violations):
    null = violations[violations["value_as_printed"] == "NULL"]
    assert len(null) == 160 - 42
    assert null["value"].isna().all()
    assert set(null["obs_mark"]) == {"x"}


@pytest.mark.parametrize(
    ("year", "indicator", "known"),
    [
        (2010, "COMPLAINT_RECEIVED", 58_438),
        (2010, "REGISTERED_CASE", 10_470),
        (2010, "COMPLAINT_NOT_CONFIRMED", 31_115),
        (2010, "CONVICTED_PERSON", 53),
        (2001, "COMPLAINT_RECEIVED", 58_661),
        (2001, "CONVICTED_PERSON", 43),
    ],
)
def test_the_chain_of_one_row(complaints, year, indicator, known):
    assert sums(complaints, year, [indicator]) == (known,)


def test_each_row_is_nineteen_figures_of_four_units(complaints):
    assert len(complaints) == 35 * 10 * 19
    assert complaints.groupby(["region", "year"]).size().eq(19).all()
    units = complaints.drop_duplicates("indicator").groupby("unit").size()
    assert units.to_dict() == {"CASE": 3, "CHECK": 3, "COMPLAINT": 2, "PERSON": 10}
