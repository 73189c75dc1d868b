"""England and Wales: use of force by the police, fifteen tables on fifteen sheets.

Header rows are shared by two tables, "of which" rows stand below what they are part
of, and an incident may have several tactics, outcomes and locations.
"""

import pytest

pytestmark = pytest.mark.real

SOURCE = "uk_ho_use_of_force_2017_18"
INCIDENTS = 313_137
SETTINGS = {"Public": 172_682, "Police setting": 55_944, "Medical setting": 14_512}


@pytest.fixture(scope="module")
def figures(reviewed):
    """Return the accepted figures."""
    found = reviewed(SOURCE)
    assert found.quarantined.empty
    return found.accepted


@pytest.fixture(scope="module")
def controls(taken):
    """Return the printed totals beside the sums of their parts."""
    return taken(SOURCE).controls


def of_sheet(frame, sheet):
    """Return what stands on one sheet."""
    return frame[frame["sheet"] == sheet]


def of_all_tactics(figures, sheet):
    """Return the numbers of incidents on a sheet, whatever was done in them."""
    own = of_sheet(figures, sheet)
    return own[own["allegation"] == "_T"]


def test_the_number_of_incidents_stands_above_the_table(figures):
    (value,) = of_all_tactics(figures, "Table_1")["value"]
    assert value == INCIDENTS


@pytest.mark.parametrize(
    ("sheet", "dimension"),
    [
        ("Table_2", "age_group"),
        ("Table_3", "sex"),
        ("Table_4", "breakdown"),
        ("Table_5", "breakdown"),
        ("Table_10", "outcome"),
        ("Table_11", "outcome"),
    ],
)
def test_each_incident_is_of_one_group(figures, sheet, dimension):
    own = of_all_tactics(figures, sheet)
    assert own["value"].sum() == INCIDENTS
    assert "_T" not in set(own[dimension])


def test_outcomes(figures):
    own = of_all_tactics(figures, "Table_8").set_index("outcome")["value"]
    assert (own["GB_ARRESTED"], own["GB_FATALITY"]) == (202_731, 12)


def test_the_custody_block(figures):
    own = of_all_tactics(figures, "Table_9").set_index("facility_type")["value"]
    assert own["GB_CUSTODY_BLOCK"] == 41_134


def test_settings_are_printed_sums_of_their_locations(controls):
    own = of_sheet(controls, "Table_9")
    printed = own[own["cell"].isin(["C6", "J6", "O6"])]
    assert printed["stated"].astype(int).tolist() == list(SETTINGS.values())
    assert set(printed["state"]) == {"HOLDS"}


def test_the_five_top_locations_overlap(figures, controls):
    own = of_all_tactics(figures, "Table_9")["value"].sum()
    assert own == sum(SETTINGS.values()) + 67_349 + 21_461 == 331_948 > INCIDENTS
    totals = of_sheet(controls, "Table_9")
    totals = totals[totals["state"] != "HOLDS"]
    assert totals["state"].value_counts().to_dict() == {"OVERLAPS": 19, "EXPLAINED": 5}
    assert set(totals.loc[totals["state"] == "EXPLAINED", "because"]) == {
        "incidents in which no location was reported"
    }


def test_forces_and_regions_add_up_to_the_country(figures, controls):
    own = of_sheet(figures, "Table_12")
    assert own["value"].sum() == INCIDENTS
    assert (own["accused_body"].nunique(), own["region"].nunique()) == (43, 10)
    printed = of_sheet(controls, "Table_12").set_index("cell")["stated"].astype(int)
    assert printed["C5"] == printed.drop("C5").sum() == INCIDENTS


def test_every_printed_total_is_accounted_for(controls):
    assert len(controls) == 1_762
    assert "DIFFERS" not in set(controls["state"])


def test_the_second_not_stated_is_of_another_tactic(figures):
    own = of_sheet(figures, "Table_1").set_index("allegation")["value"]
    told = own[["GB_HANDCUFF_NS", "GB_BATON_NS", "GB_SPRAY_NS", "GB_AEP_NS"]]
    assert told.tolist() == [34_432, 893, 3_383, 224]


@pytest.mark.parametrize(
    ("sheet", "period", "kind"),
    [
        ("Table_13", ("2017-04-01", "2018-03-31"), "FINANCIAL_YEAR"),
        ("Table_14", ("2017-01-01", "2017-03-31"), "QUARTER"),
        ("Table_15", ("2016-01-01", "2016-12-31"), "CALENDAR_YEAR"),
    ],
)
def test_the_period_is_that_of_the_title(figures, sheet, period, kind):
    own = of_sheet(figures, sheet)
    for name, day in zip(("period_start", "period_end"), period, strict=True):
        assert set(own[name].dt.strftime("%Y-%m-%d")) == {day}
    assert set(own["period_type"]) == {kind}


def test_a_sign_in_a_cell_of_its_own_marks_the_number_left_of_it(figures):
    own = of_sheet(figures, "Table_15").set_index("cell")["obs_mark"]
    assert own["G8"] == "r"  # Durham, drawn
    assert own[["G7", "I8"]].isna().all()
    assert (own == "r").sum() == 15
