"""United States: what cities paid over their police.

Totals stand inside the data of one; on the sheets of the other every row is merged.

Both name plaintiffs, officers and lawyers in most rows; those columns are dropped.
"""

import pandas as pd
import pytest

pytestmark = pytest.mark.real

BALTIMORE, INDIANAPOLIS = "us_baltimore_misconduct_cases", "us_indianapolis_settlements"


def amounts(reviewed, source):
    """Return the accepted awards of compensation of a source."""
    found = reviewed(source, "sentences")
    assert found.quarantined.empty
    return found.accepted


def test_printed_totals_of_baltimore_hold(taken):
    controls = taken(BALTIMORE).controls
    assert controls["stated"].astype(float).tolist() == [
        6_439_000,
        484_545.55,
        1_789_600,
        393_152.9,
        8_320_450,
        1_006_000,
    ]
    assert set(controls["state"]) == {"HOLDS"}


def test_no_total_of_baltimore_is_a_case(reviewed, taken):
    assert len(reviewed(BALTIMORE, "complaints").accepted) == 211
    paid = amounts(reviewed, BALTIMORE)["compensation_awarded"]
    assert round(paid.sum(), 2) == 18_432_748.45
    printed = taken(BALTIMORE).controls["stated"].astype(float)
    assert round(printed.sum(), 2) == 18_432_748.45


def test_a_pending_case_has_no_outcome(reviewed):
    decided = amounts(reviewed, BALTIMORE)
    assert len(decided) == 211 - 54
    assert decided["penalty_source"].ne("").all()


def test_what_the_outcome_does_not_tell_stays_unknown(reviewed):
    decided = amounts(reviewed, BALTIMORE)
    assert decided["penalty"].value_counts().to_dict() == {
        "COMP": 80,
        "_Z": 61,
        "_U": 16,
    }


def test_dates_as_text_are_dates(reviewed):
    filed = reviewed(BALTIMORE, "complaints").accepted
    assert filed["received_on_precision"].value_counts().to_dict() == {
        "DAY": 210,
        "UNKNOWN": 1,
    }


def test_cases_of_indianapolis_by_sheet(reviewed):
    cases = amounts(reviewed, INDIANAPOLIS)
    years = (25, 20, 25, 11, 25, 33, 24, 24, 29, 31)
    known = dict(zip(map(str, range(2019, 2009, -1)), years, strict=True))
    assert cases["sheet"].value_counts().to_dict() == known
    paid = cases.groupby("sheet")["compensation_awarded"].sum()
    assert round(paid.sum(), 2) == 14_184_536.04
    assert (paid["2010"], paid["2016"]) == (585_255, 572_500)


def test_impossible_dates_are_refused(reviewed):
    found = reviewed(INDIANAPOLIS, "complaints")
    assert len(found.accepted) == 245
    # An incident of 1976, and one that is later than its complaint.
    assert found.reasons["place"].tolist() == [
        "Indianapolis.xlsx!2017!I7",
        "Indianapolis.xlsx!2012!I12",
    ]


def test_placeholders_of_dates_are_unknown_and_a_year_is_one(reviewed):
    accepted = reviewed(INDIANAPOLIS, "complaints").accepted
    precisions = accepted["event_from_precision"].value_counts()
    assert precisions["YEAR"] == 1
    year = accepted[accepted["event_from_precision"] == "YEAR"]
    assert year["event_from"].tolist() == [pd.Timestamp("2006-01-01")]
    assert (precisions["UNKNOWN"], precisions["DAY"]) == (40, 203)
    assert accepted["event_from_precision"].isna().sum() == 1  # n/a


def test_kinds_of_claim(reviewed):
    accepted = reviewed(INDIANAPOLIS, "complaints").accepted
    told = accepted["allegations"] + ";"
    assert told.str.contains("US_EXCESSIVE_FORCE;").sum() == 51
    assert told.str.contains("US_MOTOR_ACCIDENT;").sum() == 88
