"""England and Wales: deaths during or following police contact since 2004/05.

Three to six tables stand on a sheet, with the title of the page between them; marks are
glued to years, labels and numbers; every table prints its totals twice.
"""

import pytest

pytestmark = pytest.mark.real

SOURCE = "uk_iopc_deaths_2018_19"


@pytest.fixture(scope="module")
def figures(reviewed):
    """Return the accepted figures."""
    found = reviewed(SOURCE)
    assert found.quarantined.empty
    return found.accepted


@pytest.fixture(scope="module")
def custody(figures):
    """Return the deaths in or following custody by financial year."""
    own = figures[(figures["sheet"] == "Custody") & (figures["indicator"] == "DEATH")]
    by_year = own[own["cell"].str.startswith("B") & (own["row"] < 30)]
    return by_year.set_index(by_year["period_start"].dt.year)["value"]


def test_deaths_in_or_following_custody(custody):
    assert (len(custody), custody.sum()) == (15, 292)
    assert (custody[2004], custody[2018]) == (36, 16)


def test_a_financial_year_begins_in_april_however_it_is_written(figures):
    own = figures[figures["sheet"] == "Custody"].set_index("cell")
    for cell in ("B27", "P34"):  # 2018/19 and 18/19
        first, last = own.loc[cell, ["period_start", "period_end"]]
        assert f"{first:%Y-%m-%d} {last:%Y-%m-%d}" == "2018-04-01 2019-03-31"
    assert set(figures["period_type"]) == {"FINANCIAL_YEAR"}


def test_the_forces_add_up_to_each_year(figures, custody):
    own = figures[figures["sheet"] == "Custody_By_Force"]
    by_year = own.groupby(own["period_start"].dt.year)["value"].sum()
    assert own["accused_body"].nunique() == 48
    assert by_year.to_dict() == custody.to_dict()
    of_met = own[own["accused_body"] == "GB_METROPOLITAN"]
    assert of_met["value"].sum() == 50


@pytest.mark.parametrize(
    ("definition", "deaths"),
    [
        ("GB_RTI", 447),
        ("GB_SHOOTING", 40),
        ("GB_CUSTODY_DEATH", 292),
        ("GB_SUICIDE", 816),
        ("GB_OTHER_CONTACT", 968),
    ],
)
@pytest.mark.parametrize("dimension", ["sex", "age_group"])
def test_men_women_and_ages_add_up(figures, definition, deaths, dimension):
    own = figures[figures["definition"].eq(definition) & figures[dimension].ne("_T")]
    assert own["value"].sum() == deaths


def test_the_totals_hold_but_for_three_deaths_of_two_forces(taken):
    controls = taken(SOURCE).controls
    odd = controls[controls["state"] != "HOLDS"]
    assert len(controls) == 800
    told = odd[["sheet", "stated", "computed", "residual", "state"]]
    assert told.values.tolist() == [
        ["Shootings_By_Force", "4", "7", "-3", "EXPLAINED"],
        ["Shootings_By_Force", "40", "43", "-3", "EXPLAINED"],
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "mark"),
    [
        ("Other_contact", "B26", 175, "r"),  # 175~
        ("Other_contact", "B19", 57, "b"),  # in the year 2010/11*
        ("Other_contact", "M64", 83, "b"),  # in the year 15/16" **
        ("Custody", "M62", 0, "b;note"),  # Other^ in 15/16*
        ("Shootings_By_Force", "E19", 3, "note"),  # 3*
        ("Apparent_suicides_By_Force", "P51", 5, "note"),  # 5**
        ("Other_contact_by_force", "N14", 1, "note"),  # 1"
        ("Custody", "M58", 10, "b"),
        ("Custody", "L58", 16, None),
    ],
)
def test_marks_of_numbers_and_labels(figures, sheet, cell, value, mark):
    own = figures[(figures["sheet"] == sheet) & (figures["cell"] == cell)]
    ((found, told),) = own[["value", "obs_mark"]].itertuples(index=False)
    assert found == value
    assert (told == mark) if mark else own["obs_mark"].isna().all()


def test_two_forces_together_are_a_body_of_their_own(figures):
    own = figures[figures["accused_body"] == "GB_WEST_MIDLANDS_WARWICKSHIRE"]
    assert set(own["accused_body_source"]) == {"West Midlands & Warkwickshire"}
    assert own.groupby("indicator")["value"].sum().to_dict() == {
        "DEATH": 1,
        "GB_FATAL_INCIDENT": 1,
    }
