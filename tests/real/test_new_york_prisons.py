"""New York State: disciplinary cases against staff of prisons, with names dropped.

Several codes of misconduct stand in one cell with three kinds of separator, places of
work are misspelt or cut off, and two columns write dates in two ways.
"""

import pandas as pd
import pytest

pytestmark = pytest.mark.real

SOURCE = "us_nys_prison_staff_misconduct"


@pytest.fixture(scope="module")
def cases(reviewed):
    """Return the accepted complaints, with what became of them."""
    complaints = reviewed(SOURCE, "complaints").accepted
    checks = reviewed(SOURCE, "checks").accepted
    return complaints.merge(checks, on="complaint_id", validate="one_to_one")


def test_every_row_is_a_case(cases):
    assert len(cases) == 1_016
    closed = cases["ended_on"].dt.year.value_counts()
    assert closed.to_dict() == {2020: 168, 2021: 696, 2022: 152}


def test_dispositions(cases):
    assert cases["outcome_source"].value_counts().to_dict() == {
        "S": 853,
        "R": 68,
        "A": 46,
        "-": 41,
        "": 6,
        "C": 2,
    }
    in_2021 = cases["ended_on"].dt.year == 2021
    assert (in_2021 & (cases["outcome"] == "US_NY_S")).sum() == 603
    assert (cases["outcome"] == "_U").sum() == 47


def test_several_codes_in_a_cell(cases):
    # One more than 1,782, which counts commas: "NG. SP" are two codes.
    assert cases["allegations"].str.split(";").str.len().sum() == 1_783
    told = cases["allegations"] + ";"
    abuse = cases[told.str.contains("US_NY_IA;")]
    assert abuse["outcome_source"].value_counts().to_dict() == {
        "S": 17,
        "A": 4,
        "R": 3,
        "C": 1,
    }


def test_a_place_of_work_is_a_pseudonym(cases):
    # 71 spellings; "MIDSTATE" and "MID-STATE" are one key, other misprints two.
    assert cases["facility_key"].nunique() == 70
    assert cases["facility_key"].str.fullmatch("[0-9a-f]{24}").all()
    assert set(cases["accused_body"]) == {"US_NY_DOCCS"}
    assert cases[["place_of_act", "place_of_custody"]].isna().all(axis=None)


def test_who_complained_is_not_invented(cases):
    lacking = ["channel", "deprived_of_liberty", "complainant_type", "person_key"]
    assert cases[lacking].isna().all(axis=None)
    assert set(cases["received_on_precision"]) == {"UNKNOWN"}


def test_the_penalty_imposed_by_its_kind(reviewed):
    imposed = reviewed(SOURCE, "sentences").accepted
    assert imposed["penalty"].value_counts().to_dict() == {
        "US_NY_SUSPENSION": 660,
        "FINE": 115,
        "_Z": 100,
        "US_NY_DAYS": 84,
        "DISMISS": 30,
        "US_NY_REPRIMAND": 12,
        "US_NY_LEAVE": 9,
        "US_NY_EVALUATION": 5,
        "_U": 1,
    }
    assert set(imposed["main_or_additional"]) == {"DISCIPLINARY"}
    assert imposed["term_months_low"].isna().all()


def test_the_penalty_asked_for_is_kept_nowhere(reviewed, real):
    file = next((real / "us-nys-prison-staff-misconduct").iterdir())
    asked = pd.read_csv(file)["PENALTY"].mode()[0]
    for record in ("complaints", "checks", "sentences"):
        frame = reviewed(SOURCE, record).accepted
        assert not frame.eq(asked).any(axis=None)


def test_dates_in_both_forms(reviewed, cases):
    assert (cases["ended_on_precision"] == "DAY").all()  # 01-Jul-20
    decided = reviewed(SOURCE, "sentences").accepted  # 7/28/2020
    assert decided["verdict_on_precision"].value_counts().to_dict() == {
        "DAY": 1_011,
        "UNKNOWN": 5,
    }


def test_the_two_rows_with_a_misprint_have_all_else_in_place(cases):
    odd = cases.set_index("row_x").loc[[66, 986]]
    told = odd[["allegations_source", "outcome_source"]]
    assert told.values.tolist() == [["ODD;ODO", "A"], ["IN;COV", "S"]]
    assert odd["facility_key"].notna().all()
