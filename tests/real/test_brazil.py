"""Brazil: custody hearings by month and state, and whether torture was reported.

The hearings began in 2015 and the extract ends in 2023. What stands in other years, or
in none, is refused and counted; nothing is thrown away.
"""

import pandas as pd
import pytest

from pipeline.declarations.codelists import normalise

pytestmark = pytest.mark.real

SOURCE = "br_custody_hearings_torture"
REPORTED, NOT_REPORTED, IGNORED, BLANK = "TORTURE", "BR_NONE", "BR_IGNORED", "_U"


@pytest.fixture(scope="module")
def everything(taken):
    """Return the figures as read, with their number."""
    figures = taken(SOURCE).records["figures"]
    return figures.assign(number=figures["value"].astype("int64"))


@pytest.fixture(scope="module")
def accepted(reviewed):
    """Return the accepted figures."""
    return reviewed(SOURCE).accepted


def of_2019(accepted, indicator="BR_CUSTODY_HEARING"):
    """Return the accepted figures of 2019."""
    is_year = accepted["period_start"].dt.year == 2019
    return accepted[is_year & (accepted["indicator"] == indicator)]


def by_flag(figures):
    """Return flag → sum."""
    return figures.groupby("alleged")["value"].sum().astype(int).to_dict()


@pytest.mark.parametrize(
    ("sheet", "total", "flags"),
    [
        ("hearings", 1_293_291, {"N": 1_203_971, "S": 88_538, "I": 775, "": 7}),
        ("offences", 1_491_464, {"N": 1_377_358, "S": 113_097, "I": 992, "": 17}),
    ],
)
def test_all_hearings_are_read(everything, sheet, total, flags):
    own = everything[everything["sheet"] == sheet]
    assert own["number"].sum() == total
    assert own.groupby("alleged")["number"].sum().to_dict() == flags


def test_accepted_and_refused_are_all(reviewed, everything):
    both = reviewed(SOURCE)
    kept = both.accepted.groupby("sheet")["value"].sum()
    refused = both.quarantined.assign(value=both.quarantined["value"].astype("int64"))
    whole = everything.groupby("sheet")["number"].sum()
    assert (kept + refused.groupby("sheet")["value"].sum()).to_dict() == whole.to_dict()


def test_impossible_years_are_refused_and_counted(reviewed):
    refused = reviewed(SOURCE).quarantined
    hearings = refused[refused["sheet"] == "hearings"]
    assert len(hearings) == 2_446
    assert hearings["value"].astype("int64").sum() == 313_907


def test_each_refused_record_tells_why(reviewed):
    found = reviewed(SOURCE)
    reasons = found.reasons[found.reasons["record_id"].str.contains("!hearings!")]
    of_start = reasons[reasons["field"] == "period_start"]
    assert of_start["rule"].value_counts().to_dict() == {
        "not_a_date": 2_446 - 69,
        "required": 69,
    }
    assert set(found.quarantined["record_id"]) == set(found.reasons["record_id"])


def test_no_other_year_is_accepted(accepted):
    assert accepted["period_start"].dt.year.between(2015, 2023).all()
    assert accepted["period_end"].dt.year.between(2015, 2023).all()


def test_2019(accepted):
    flags = by_flag(of_2019(accepted))
    assert flags[REPORTED] == 12_282
    assert flags[NOT_REPORTED] == 196_354
    assert flags[IGNORED] == 643


def test_2019_in_sao_paulo_and_where_no_state_is_told(accepted):
    hearings = of_2019(accepted)
    sao_paulo = by_flag(hearings[hearings["region"] == "BR-SP"])
    assert (sao_paulo[REPORTED], sao_paulo[NOT_REPORTED]) == (2_072, 58_346)
    assert by_flag(hearings[hearings["region"] == "_U"])[REPORTED] == 2_885


def test_a_blank_state_flag_or_offence_is_unknown_and_no_total(accepted):
    for name in ("region", "alleged"):
        assert "_T" not in set(accepted[name])
        assert set(accepted.loc[accepted[name] == "_U", f"{name}_source"]) == {""}
    by_offence = accepted[accepted["sheet"] == "offences"]
    assert "_T" not in set(by_offence["breakdown"])


def test_every_offence_has_one_code_with_accents_or_without(everything, lists_of):
    words = set(everything["breakdown"].dropna()) - {""}
    offences = lists_of["breakdown"]
    codes = {offences.known(SOURCE)[normalise(word)] for word in words}
    assert len(codes) == len(words) == 618
    assert any(not word.isascii() for word in words)
    parents = offences.column("parent")
    assert {parents[code] for code in codes} == {"BR_OFFENCE"}


def test_the_place_of_a_joined_month_is_told(everything):
    first = everything[everything["sheet"] == "hearings"].iloc[0]
    assert first["columns"].split()[-2:] == ["D:period", "C:period"]
    assert pd.notna(first["period_start"])
